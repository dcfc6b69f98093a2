"""Writes of prints."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.deeds.model import Deed, print_of
from folkmoot.domain.deeds.tables import prints
from folkmoot.domain.posts.model import PostId
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Id, Tx, command, insert_all, param
from folkmoot.kit.ids import first_at

_INSERT = insert_all(prints, or_ignore=True)
_FORGET_POST = command(sa.delete(prints).where(prints.c.post_id == param("post_id")))
_FORGET_ACCOUNT = command(sa.delete(prints).where(prints.c.author_id == param("author_id")))
_FORGET_OLD = command(sa.delete(prints).where(prints.c.post_id < param("before_id", Id)))


def keep_print(tx: Tx, deed: Deed, *, post_id: PostId, author_id: AccountId) -> None:
    """Keeps by what a post's words are known again, for a day."""
    mark = print_of(deed.body)
    if mark is not None:
        tx.run(_INSERT, post_id=post_id, author_id=author_id, print=mark)


def forget_post(tx: Tx, post_id: PostId) -> None:
    tx.run(_FORGET_POST, post_id=post_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    tx.run(_FORGET_ACCOUNT, author_id=account_id)


def forget_old_prints(tx: Tx) -> None:
    """Forgets the prints of posts that are more than a day old."""
    tx.run(_FORGET_OLD, before_id=first_at(tx.now - DAY))
