"""What interactions do when a post or an account goes."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.interactions.actions import forget_some
from folkmoot.domain.interactions.tables import bookmarks, favourites, thread_mutes
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx, command, param

_FORGET_POST = [
    command(sa.delete(kept).where(kept.c.post_id == param("post_id")))
    for kept in (favourites, bookmarks)
]
_FORGET_THREAD = command(sa.delete(thread_mutes).where(thread_mutes.c.thread_id == param("id")))


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    if fact.post.boost_of_id is not None:
        return
    for statement in _FORGET_POST:
        tx.run(statement, post_id=fact.post.id)
    # The thread's name stays with the answers, so who muted it does not hear of them either.
    if not fact.post.replies_count:
        tx.run(_FORGET_THREAD, id=fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    while forget_some(tx, fact.account_id):
        pass
