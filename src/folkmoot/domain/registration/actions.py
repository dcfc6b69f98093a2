"""Signs people up, decides on those who wait, makes invitations and the first owner."""

import secrets

import sqlalchemy as sa

from folkmoot.domain.accounts.actions import create_account, remove_account
from folkmoot.domain.accounts.model import Account, AccountId, UsernameTaken
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import approve_user, ask_confirmation, create_user, send_notice
from folkmoot.domain.auth.model import Permission, Role, User, may, require
from folkmoot.domain.auth.queries import get_user, list_abandoned, list_team
from folkmoot.domain.policy.actions import accept_in_force
from folkmoot.domain.registration import queries
from folkmoot.domain.registration.model import (
    MAX_MEMBER_USES,
    MAX_NOTE,
    MAX_TEAM_USES,
    NAME_TAKEN,
    Form,
    Invitation,
    InvitationId,
    InvitationInvalid,
    InvitationNotFound,
    NothingToDecide,
    SignUpInvalid,
    UsesInvalid,
    check_reason,
)
from folkmoot.domain.registration.tables import invitations
from folkmoot.domain.sessions.actions import record
from folkmoot.domain.sessions.model import Method, Visit
from folkmoot.kit import clock
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(invitations)
# The condition keeps two who come at once from using up one place together.
_USE = command(
    sa.update(invitations)
    .where(
        invitations.c.id == param("invitation_id"),
        invitations.c.uses < invitations.c.max_uses,
        invitations.c.expires_at > param("now"),
    )
    .values(uses=invitations.c.uses + sa.literal_column("1"))
)
_REVOKE = command(
    sa.update(invitations)
    .where(invitations.c.id == param("invitation_id"))
    .values(expires_at=param("now"))
)
_FORGET = command(sa.delete(invitations).where(invitations.c.account_id == param("account_id")))
_SWEEP_BATCH = 100


def sign_up(tx: Tx, form: Form, password_hash: str, *, visit: Visit) -> User:
    """A new account and its user, who still has to confirm and be approved where that is asked.

    The form went through `check_form` and the password was hashed outside. Raises SignUpInvalid
    for what is taken, SignUpsClosed, InvitationNeeded, InvitationInvalid.
    """
    invitation = queries.check_way_in(tx, form.invitation)
    faults = queries.find_taken(tx, form)
    if faults:
        raise SignUpInvalid(faults)
    if invitation and not tx.run(_USE, invitation_id=invitation.id, now=tx.now):
        raise InvitationInvalid
    settings = tx.settings
    testing = settings.testing.enabled
    confirmed = testing or not settings.registration.confirm_email
    approved = testing or invitation is not None or settings.registration.mode != "approval"
    try:
        account = create_account(tx, form.username, base_url=settings.server.base_url, pending=True)
    except UsernameTaken as taken:  # by somebody who came at the same moment
        raise SignUpInvalid([NAME_TAKEN]) from taken
    user = create_user(
        tx,
        account.id,
        email=form.email,
        password_hash=password_hash,
        locale=form.locale[:10] or "en",
        confirmed_at=tx.now if confirmed else None,
        approved_at=tx.now if approved else None,
        app_id=form.app_id,
        invitation_id=invitation.id if invitation else None,
        reason=form.reason.strip(),
    )
    accept_in_force(tx, account.id)
    record(tx, account.id, Method.SIGN_UP, visit, succeeded=True)
    if not confirmed:
        ask_confirmation(tx, user)
    elif not approved:
        tell_team(tx, user)
    return user


def create_owner(
    tx: Tx, username: str, *, email: str, password_hash: str, display_name: str = ""
) -> tuple[Account, User]:
    """The owner an instance begins with, confirmed; the role takes effect with a second factor.

    UsernameInvalid, UsernameTaken, EmailInvalid, EmailTaken.
    """
    return create_member(
        tx,
        username,
        email=email,
        password_hash=password_hash,
        role=Role.OWNER,
        display_name=display_name,
    )


def create_member(
    tx: Tx,
    username: str,
    *,
    email: str,
    password_hash: str,
    role: Role = Role.MEMBER,
    display_name: str = "",
) -> tuple[Account, User]:
    """A member made by the operator, confirmed and approved, whatever the way in is."""
    base_url = tx.settings.server.base_url
    account = create_account(tx, username, base_url=base_url, display_name=display_name)
    user = create_user(
        tx,
        account.id,
        email=email,
        password_hash=password_hash,
        role=role.value,
    )
    accept_in_force(tx, account.id)
    return account, user


def tell_team(tx: Tx, user: User) -> None:
    """Writes to those who decide on sign-ups that somebody waits."""
    name = get_account(tx, user.account_id).username
    letter = "sign_up_waits" if user.reason else "sign_up_waits_silently"
    for one in list_team(tx):
        if may(one, Permission.DECIDE_SIGN_UPS):
            send_notice(tx, one, letter, username=name, reason=user.reason)


def approve_sign_up(tx: Tx, by: User | None, account_id: int) -> User:
    """Lets somebody in; by None the operator at the command line. NothingToDecide."""
    user = _waiting(tx, by, account_id)
    user = approve_user(tx, user)
    send_notice(tx, user, "approved")
    return user


def reject_sign_up(tx: Tx, by: User | None, account_id: int, reason: str) -> None:
    """Turns somebody away, who is told why, and removes the account. NothingToDecide,
    ReasonNeeded, ReasonTooLong.
    """
    user = _waiting(tx, by, account_id)
    send_notice(tx, user, "not_approved", reason=check_reason(reason))
    remove_account(tx, user.account_id)


def _waiting(tx: Tx, by: User | None, account_id: int) -> User:
    if by is not None:
        require(by, Permission.DECIDE_SIGN_UPS)
    user = get_user(tx, account_id)
    if user.approved_at is not None:
        raise NothingToDecide
    return user


def make_invitation(tx: Tx, by: User, *, max_uses: int = 1, note: str = "") -> Invitation:
    """An invitation that can be passed on; UsesInvalid. Whoever comes by it needs no approval."""
    require(by, Permission.INVITE)
    most = MAX_TEAM_USES if may(by, Permission.MANAGE_INVITATIONS) else MAX_MEMBER_USES
    if not 1 <= max_uses <= most:
        raise UsesInvalid(most=most, field="uses")
    days = tx.settings.registration.invitation_days
    invitation = Invitation(
        id=InvitationId(new_id()),
        account_id=by.account_id,
        code=secrets.token_urlsafe(12),
        note=note.strip()[:MAX_NOTE],
        max_uses=max_uses,
        uses=0,
        created_at=tx.now,
        expires_at=tx.now + days * clock.DAY,
    )
    tx.insert(_INSERT, invitation)
    return invitation


def revoke_invitation(tx: Tx, by: User, invitation_id: int) -> None:
    """Ends one's own invitation, or anybody's by who manages them. InvitationNotFound."""
    found = queries.find_by_id(tx, invitation_id)
    if found is None:
        raise InvitationNotFound
    if found.account_id != by.account_id and not may(by, Permission.MANAGE_INVITATIONS):
        raise InvitationNotFound
    tx.run(_REVOKE, invitation_id=found.id, now=tx.now)


def forget_invitations(tx: Tx, account_id: AccountId) -> None:
    """Removes the invitations of an account."""
    tx.run(_FORGET, account_id=account_id)


def sweep_unconfirmed(tx: Tx) -> int:
    """Removes a batch of sign-ups that were never confirmed; returns how many there were."""
    before = tx.now - tx.settings.retention.unconfirmed_days * clock.DAY
    abandoned = list_abandoned(tx, before=before, limit=_SWEEP_BATCH)
    for account_id in abandoned:
        remove_account(tx, account_id)
    return len(abandoned)
