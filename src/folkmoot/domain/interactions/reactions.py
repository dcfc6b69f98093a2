"""What interactions do when a post goes."""

import sqlalchemy as sa

from folkmoot.domain.interactions.tables import bookmarks, favourites, thread_mutes
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx, command, param

_FORGET = [
    command(sa.delete(kept).where(kept.c.post_id == param("post_id")))
    for kept in (favourites, bookmarks)
]
_FORGET_THREAD = command(sa.delete(thread_mutes).where(thread_mutes.c.thread_id == param("id")))


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    for statement in _FORGET:
        tx.run(statement, post_id=fact.post.id)
    tx.run(_FORGET_THREAD, id=fact.post.id)
