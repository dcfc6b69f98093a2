"""What the log forgets: leaves stay, what they commit to goes with the account it is about."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.transparency import actions
from folkmoot.kit.db import Tx


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
