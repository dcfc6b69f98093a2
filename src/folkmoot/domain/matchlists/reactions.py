"""Forgets who made a change when they leave."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.matchlists import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
