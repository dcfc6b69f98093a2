"""What this room forgets when an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.leaving import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
