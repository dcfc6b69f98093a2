"""What is forgotten of an account that goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.instance.actions import forget_account as forget_in_instance
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    forget_in_instance(tx, fact.account_id)
