"""Forgets prints with what they are of."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.deeds import actions
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
