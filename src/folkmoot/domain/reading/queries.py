"""Posts as one viewer meets them. Every page of posts passes here."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.interactions.tables import bookmarks, favourites, thread_mutes
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import visible_to
from folkmoot.domain.posts.tables import posts
from folkmoot.domain.reading.model import Stamp
from folkmoot.kit.db import Id, Tx, param, rows, within

_viewer = param("viewer_id", Id)
_one: Any = sa.literal_column("1")
_own_boost = posts.alias("own_boost")
_own_boost_is = sa.text("own_boost.boost_of_id IS NOT NULL")


def _has(table: sa.Table, column: sa.Column[int], post_column: sa.Column[int]) -> sa.Label[bool]:
    return sa.exists(
        sa.select(_one).where(table.c.account_id == _viewer, column == post_column)
    ).label(table.name)


_COLUMNS = (
    posts.c.id,
    posts.c.rev,
    posts.c.author_id,
    accounts.c.rev,
    posts.c.boost_of_id,
    posts.c.quote_of_id,
    posts.c.poll_id,
    posts.c.visibility,
    posts.c.replies_count,
    posts.c.boosts_count,
    posts.c.favourites_count,
    posts.c.quotes_count,
    sa.and_(posts.c.pinned_at.is_not(None), posts.c.author_id == _viewer),
)
_FROM = posts.join(accounts, accounts.c.id == posts.c.author_id)

_STAMPS = rows(
    sa.select(
        *_COLUMNS,
        _has(favourites, favourites.c.post_id, posts.c.id),
        sa.exists(
            sa.select(_one).where(
                _own_boost.c.boost_of_id == posts.c.id,
                _own_boost.c.author_id == _viewer,
                _own_boost_is,
            )
        ),
        _has(bookmarks, bookmarks.c.post_id, posts.c.id),
        _has(thread_mutes, thread_mutes.c.thread_id, posts.c.thread_id),
    )
    .select_from(_FROM)
    .where(within(posts.c.id, "ids"), visible_to(), accounts.c.suspended_at.is_(None)),
    Stamp,
)

# A visitor has no flags and no relations: what is listed is what there is to see.
_VISITOR_STAMPS = rows(
    sa.select(*_COLUMNS[:-1], *(sa.false() for _ in range(5)))
    .select_from(_FROM)
    .where(
        within(posts.c.id, "ids"),
        posts.c.visibility <= _one,
        accounts.c.suspended_at.is_(None),
    ),
    Stamp,
)


def list_stamps(tx: Tx, viewer_id: int, ids: Iterable[int]) -> dict[PostId, Stamp]:
    """Those of the posts that the viewer (0: a visitor) may read, each stamped.

    What boosts boost and quotes quote is stamped too, so that a page is complete in one call.
    """
    found: dict[PostId, Stamp] = {}
    wanted = list(dict.fromkeys(ids))
    for _ in range(3):  # the page, what it boosts, what those quote
        if not wanted:
            break
        for stamp in _list(tx, viewer_id, wanted):
            found[stamp.id] = stamp
        wanted = [
            inner
            for stamp in found.values()
            for inner in (stamp.boost_of_id, stamp.quote_of_id)
            if inner is not None and inner not in found and inner not in wanted
        ]
    return found


def _list(tx: Tx, viewer_id: int, ids: list[int]) -> list[Stamp]:
    if viewer_id == 0:
        return tx.all(_VISITOR_STAMPS, ids=ids)
    return tx.all(_STAMPS, ids=ids, viewer_id=viewer_id)
