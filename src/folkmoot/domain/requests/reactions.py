"""What is forgotten when accounts go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.requests import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
