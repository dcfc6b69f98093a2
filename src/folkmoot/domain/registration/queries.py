"""Reads of invitations, and whether a sign-up could succeed."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.model import EmailInvalid, parse_email
from folkmoot.domain.auth.queries import find_user_by_email
from folkmoot.domain.registration.model import (
    NAME_TAKEN,
    Fault,
    Form,
    Invitation,
    InvitationInvalid,
    InvitationNeeded,
    SignUpsClosed,
)
from folkmoot.domain.registration.tables import invitations
from folkmoot.kit.db import Page, Tx, paged, param, rows

_BY_CODE = rows(sa.select(invitations).where(invitations.c.code == param("code")), Invitation)
_BY_ID = rows(sa.select(invitations).where(invitations.c.id == param("id")), Invitation)
_OF_ACCOUNT = paged(
    sa.select(invitations).where(invitations.c.account_id == param("account_id")),
    invitations.c.id,
    Invitation,
)
_ALL = paged(sa.select(invitations), invitations.c.id, Invitation)


def find_invitation(tx: Tx, code: str) -> Invitation | None:
    """The invitation of a code while somebody can sign up with it."""
    found = tx.first(_BY_CODE, code=code.strip())
    return found if found is not None and found.is_good(tx.now) else None


def find_by_id(tx: Tx, invitation_id: int) -> Invitation | None:
    """The invitation of an id, also one that ran out."""
    return tx.first(_BY_ID, id=invitation_id)


def list_invitations(tx: Tx, account_id: AccountId, page: Page) -> list[Invitation]:
    """A member's invitations, newest first, with those that ran out."""
    return tx.page(_OF_ACCOUNT, page, account_id=account_id)


def list_all_invitations(tx: Tx, page: Page) -> list[Invitation]:
    """Everybody's invitations, newest first."""
    return tx.page(_ALL, page)


def check_way_in(tx: Tx, invitation: str) -> Invitation | None:
    """The invitation of a sign-up, if any; SignUpsClosed, InvitationNeeded, InvitationInvalid."""
    mode = tx.settings.registration.mode
    if mode == "closed":
        raise SignUpsClosed
    if not invitation:
        if mode == "invitation":
            raise InvitationNeeded
        return None
    found = find_invitation(tx, invitation)
    if found is None:
        raise InvitationInvalid
    return found


def find_taken(tx: Tx, form: Form) -> list[Fault]:
    """What of a form somebody else has already."""
    faults = []
    if find_account_by_name(tx, form.username):
        faults.append(NAME_TAKEN)
    try:
        taken = find_user_by_email(tx, parse_email(form.email).key)
    except EmailInvalid:
        taken = None
    if taken is not None:
        faults.append(Fault("email", "ERR_TAKEN", "has already been taken"))
    return faults


def look_over(tx: Tx, form: Form) -> list[Fault]:
    """Before the password is hashed: whether this way in is open, and what is taken."""
    check_way_in(tx, form.invitation)
    return find_taken(tx, form)
