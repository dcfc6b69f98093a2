"""What this room does when an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.auth import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets the user of an account."""
    actions.forget_user(tx, fact.account_id)
