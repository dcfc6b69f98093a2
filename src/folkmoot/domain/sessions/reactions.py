"""What this room does when a password changes, a user is disabled, an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.auth.events import PasswordChanged, UserDisabled
from folkmoot.domain.sessions import actions
from folkmoot.kit.db import Tx


def end_other_sessions(tx: Tx, fact: PasswordChanged) -> None:
    """Signs out the browsers that got in by the old password."""
    actions.end_other_sessions(tx, fact.account_id, fact.keep_session_id)


def end_sessions(tx: Tx, fact: UserDisabled) -> None:
    """Signs out the browsers of somebody who may not come in."""
    actions.end_other_sessions(tx, fact.account_id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets the sessions and sign-ins of an account."""
    actions.forget_sessions(tx, fact.account_id)
