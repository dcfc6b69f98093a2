"""Reads of relationships, and the conditions that other rooms' queries join in."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.relationships.tables import follows, hides
from folkmoot.kit.db import Id, Moment, param

FOREVER = (1 << 62) - 1


def is_hidden(author_id: Any) -> Any:
    """SQL: whether the author in a column is hidden from parameter `viewer_id` at `now`."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            hides.c.viewer_id == param("viewer_id", Id),
            hides.c.author_id == author_id,
            hides.c.until > param("now", Moment),
        )
    )


def is_blocked(author_id: Any) -> Any:
    """SQL: whether a block stands, either way, between the author and `viewer_id`."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            hides.c.viewer_id == param("viewer_id", Id),
            hides.c.author_id == author_id,
            hides.c.blocked == sa.true(),
        )
    )


def is_followed(author_id: Any) -> Any:
    """SQL: whether parameter `viewer_id` follows the author in a column."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            follows.c.follower_id == param("viewer_id", Id), follows.c.followed_id == author_id
        )
    )
