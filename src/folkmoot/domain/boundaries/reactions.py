"""What blocks and mutes do when accounts come and go."""

from folkmoot.domain.accounts.events import AccountCreated, AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.boundaries import actions
from folkmoot.kit.db import Tx


def hide_newcomer(tx: Tx, fact: AccountCreated) -> None:
    actions.hide_newcomer(tx, get_account(tx, fact.account_id))


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
