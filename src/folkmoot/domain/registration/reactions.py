"""What this room does when an address is confirmed, an account goes."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.auth.events import EmailConfirmed
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.registration import actions
from folkmoot.kit.db import Tx


def tell_team(tx: Tx, fact: EmailConfirmed) -> None:
    """Only who can be reached is worth the team's time."""
    user = get_user(tx, fact.account_id)
    if user.approved_at is None:
        actions.tell_team(tx, user)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    """Forgets the invitations of an account, and what it blocked."""
    actions.forget_invitations(tx, fact.account_id)
    actions.forget_team_member(tx, fact.account_id)
