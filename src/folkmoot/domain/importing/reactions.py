"""What this room forgets when posts and accounts go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.importing import actions
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.kit.db import Tx


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    if fact.post.boost_of_id is None:
        actions.forget_post(tx, fact.post.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    while actions.forget_some(tx, fact.account_id):
        pass
