"""What this room forgets when an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.policy import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets which versions the account accepted."""
    actions.forget_acceptances(tx, fact.account_id)
