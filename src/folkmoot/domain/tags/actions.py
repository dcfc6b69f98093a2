"""Writes of tags."""

import sqlalchemy as sa

from folkmoot.domain.tags.queries import list_tag_ids
from folkmoot.domain.tags.tables import post_tags, tags
from folkmoot.kit.db import Moment, Tx, command, insert_all, param, within
from folkmoot.kit.ids import new_id

_INSERT = insert_all(tags, or_ignore=True)
_USED = command(
    sa.update(tags).where(within(tags.c.id, "ids")).values(last_used_at=param("at", Moment))
)
_INSERT_POST_TAG = insert_all(post_tags, or_ignore=True)
_UNTAG = command(sa.delete(post_tags).where(post_tags.c.post_id == param("post_id")))


def tag_post(
    tx: Tx, post_id: int, *, names: list[tuple[str, str]], author_id: int, listed: bool
) -> list[int]:
    """Puts tags, each a normalised name and its spelling, on a post; returns their ids."""
    ids = ensure_tags(tx, names)
    tx.run(_USED, ids=ids, at=tx.now)
    tx.many(
        _INSERT_POST_TAG,
        [
            {"tag_id": tag_id, "post_id": post_id, "author_id": author_id, "listed": listed}
            for tag_id in ids
        ],
    )
    return ids


def ensure_tags(tx: Tx, names: list[tuple[str, str]]) -> list[int]:
    """The ids of tags, made where they are new."""
    known = list_tag_ids(tx, [name for name, _ in names])
    new = [(name, shown) for name, shown in names if name not in known]
    if new:
        tx.many(
            _INSERT,
            [
                {
                    "id": new_id(),
                    "name": name,
                    "display_name": shown,
                    "created_at": tx.now,
                    "last_used_at": None,
                }
                for name, shown in new
            ],
        )
        known = list_tag_ids(tx, [name for name, _ in names])
    return [known[name] for name, _ in names]


def untag_post(tx: Tx, post_id: int) -> None:
    """Takes every tag off a post."""
    tx.run(_UNTAG, post_id=post_id)
