"""What keeps an account hidden while it is on its way out, and what is forgotten when it goes."""

from folkmoot.domain.accounts import actions as accounts
from folkmoot.domain.accounts.events import AccountDeleted, AccountRestrained
from folkmoot.domain.leaving import actions, queries
from folkmoot.kit.db import Tx


def stay_hidden(tx: Tx, fact: AccountRestrained) -> None:
    """Decisions about an account that leaves, and their ends, do not bring it back into view."""
    asked = queries.find_deletion(tx, fact.account_id)
    if asked is not None:
        accounts.hide_account(tx, fact.account_id, at=asked.asked_at)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
