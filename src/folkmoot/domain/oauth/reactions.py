"""What this room does when a member's doors are closed, or an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted, AccountRestrained
from folkmoot.domain.auth.events import PasswordChanged, UserDisabled
from folkmoot.domain.oauth import actions
from folkmoot.domain.sessions.events import SignedOutEverywhere
from folkmoot.kit.db import Tx


def end_tokens_of_old_password(tx: Tx, fact: PasswordChanged) -> None:
    """Whoever reset a password may have been robbed of it: applications go as well."""
    if fact.everything:
        actions.revoke_everything(tx, fact.account_id)


def end_tokens(tx: Tx, fact: SignedOutEverywhere | AccountDeleted) -> None:
    """Ends every application's tokens."""
    actions.revoke_everything(tx, fact.account_id)


def cut_streams_of_suspended(tx: Tx, fact: AccountRestrained) -> None:
    if fact.restraint.suspended_at is not None:
        tx.signal("tokens", fact.account_id)


def cut_streams(tx: Tx, fact: UserDisabled) -> None:
    """Tokens stay for the day the user is let in again, but what they opened is cut."""
    tx.signal("tokens", fact.account_id)
