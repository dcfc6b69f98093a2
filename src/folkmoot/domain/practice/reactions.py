"""What is forgotten when posts and accounts go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.practice import actions
from folkmoot.kit.db import Tx


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
