"""What lists do when follows end and accounts go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.lists import actions
from folkmoot.domain.lists.queries import list_lists_with
from folkmoot.domain.relationships.events import AccountUnfollowed
from folkmoot.kit.db import Tx


def drop_unfollowed(tx: Tx, fact: AccountUnfollowed) -> None:
    for found in list_lists_with(tx, fact.follower_id, fact.followed_id):
        actions.remove_members(tx, found, [fact.followed_id])


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
