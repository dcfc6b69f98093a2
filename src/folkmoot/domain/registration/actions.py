"""Signs people up, decides on those who wait, makes invitations and the first owner."""

import secrets

import msgspec
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
    BLOCK_AT_MOST,
    BLOCK_LASTS,
    MAX_COMMENT,
    MAX_MEMBER_USES,
    MAX_NOTE,
    MAX_TEAM_USES,
    NAME_TAKEN,
    AlreadyBlocked,
    Block,
    BlockId,
    BlockInvalid,
    BlockKind,
    Form,
    Invitation,
    InvitationId,
    InvitationInvalid,
    InvitationNotFound,
    NothingToDecide,
    Severity,
    SignUpInvalid,
    UsesInvalid,
    check_reason,
)
from folkmoot.domain.registration.tables import invitations, sign_up_blocks
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
_INSERT_BLOCK = insert_all(sign_up_blocks, or_ignore=True)
_CHANGING = ("what", "severity", "comment", "expires_at", "created_by")
_CHANGE_BLOCK = command(
    sa.update(sign_up_blocks)
    .where(sign_up_blocks.c.id == param("block_id"))
    .values({name: param(f"new_{name}") for name in _CHANGING})
)
_END_BLOCK = command(
    sa.update(sign_up_blocks)
    .where(sign_up_blocks.c.id == param("block_id"))
    .values(ended_at=param("now"), ended_by=param("by_id"))
)
_FORGET_WHO = tuple(
    command(
        sa.update(sign_up_blocks)
        .where(sign_up_blocks.c[column] == param("account_id"))
        .values({column: sa.null()})
    )
    for column in ("created_by", "ended_by")
)


def sign_up(tx: Tx, form: Form, password_hash: str, *, visit: Visit) -> User:
    """A new account and its user, who still has to confirm and be approved where that is asked.

    The form went through `check_form` and the password was hashed outside. Raises SignUpInvalid
    for what is taken or blocked, SignUpsClosed, InvitationNeeded, InvitationInvalid,
    NetworkRefused.
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
    waits = queries.check_network(tx, visit.address) or (
        invitation is None and settings.registration.mode == "approval"
    )
    approved = testing or not waits
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


def block(
    tx: Tx,
    by_id: AccountId,
    kind: BlockKind,
    what: str,
    *,
    severity: Severity = Severity.REFUSAL,
    comment: str = "",
    lasts: int | None = None,
) -> Block:
    """Lets nobody sign up any more with an address, at a provider or from a network. Who is a
    member stays one. AlreadyBlocked, BlockInvalid, PermissionMissing.
    """
    require(get_user(tx, by_id), Permission.MANAGE_BLOCKS)
    before = queries.find_block_of(tx, kind, what)
    if before is not None:
        if before.expires_at is None or before.expires_at > tx.now:
            raise AlreadyBlocked
        _end(tx, before, None)
    made = Block(
        id=BlockId(new_id()),
        kind=kind,
        what=what,
        severity=severity,
        comment=_check_comment(comment),
        created_at=tx.now,
        created_by=by_id,
        expires_at=_check_end(tx, lasts) if kind is BlockKind.NETWORK else None,
        ended_at=None,
        ended_by=None,
    )
    if not tx.insert(_INSERT_BLOCK, made):  # by somebody else at the same moment
        raise AlreadyBlocked
    return made


def change_block(
    tx: Tx,
    by_id: AccountId,
    block_id: int,
    *,
    what: str | None = None,
    severity: Severity | None = None,
    comment: str | None = None,
    lasts: int | None = None,
) -> Block:
    """Changes the block of a network as far as something is given; what it was before stays on
    record. BlockNotFound and what `block` refuses.
    """
    require(get_user(tx, by_id), Permission.MANAGE_BLOCKS)
    before = queries.get_block(tx, BlockKind.NETWORK, block_id)
    other = None if what is None else queries.find_block_of(tx, BlockKind.NETWORK, what)
    if other is not None and other.id != before.id:
        raise AlreadyBlocked
    record = BlockId(new_id())
    ended = msgspec.structs.replace(before, id=record, ended_at=tx.now, ended_by=by_id)
    tx.insert(_INSERT_BLOCK, ended)
    after = msgspec.structs.replace(
        before,
        what=before.what if what is None else what,
        severity=before.severity if severity is None else severity,
        comment=before.comment if comment is None else _check_comment(comment),
        expires_at=before.expires_at if lasts is None else _check_end(tx, lasts),
        created_by=by_id,
    )
    changes = msgspec.structs.asdict(after)
    tx.run(_CHANGE_BLOCK, block_id=after.id, **{f"new_{n}": changes[n] for n in _CHANGING})
    return after


def unblock(tx: Tx, by_id: AccountId, kind: BlockKind, block_id: int) -> Block:
    """Lifts a block; the record of it stays. BlockNotFound, PermissionMissing."""
    require(get_user(tx, by_id), Permission.MANAGE_BLOCKS)
    found = queries.get_block(tx, kind, block_id)
    _end(tx, found, by_id)
    return found


def _end(tx: Tx, block: Block, by_id: AccountId | None) -> None:
    tx.run(_END_BLOCK, block_id=block.id, now=tx.now, by_id=by_id)


def _check_comment(comment: str) -> str:
    if len(comment) > MAX_COMMENT:
        raise BlockInvalid(f"Comment is too long (maximum is {MAX_COMMENT} characters)")
    return comment.strip()


def _check_end(tx: Tx, lasts: int | None) -> int:
    lasts = BLOCK_LASTS if lasts is None else lasts
    if not 0 < lasts <= BLOCK_AT_MOST:
        days = BLOCK_AT_MOST // clock.DAY
        raise BlockInvalid(f"Expires in must be more than 0 seconds and at most {days} days")
    return tx.now + lasts


def forget_team_member(tx: Tx, account_id: AccountId) -> None:
    """Forgets who blocked and who lifted, of somebody who is gone."""
    for statement in _FORGET_WHO:
        tx.run(statement, account_id=account_id)


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
