"""Reads of invitations and blocks, whether a sign-up could succeed, and who signed up."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name, is_named, parse_name
from folkmoot.domain.accounts.tables import RESTRICTED, accounts
from folkmoot.domain.auth.model import EmailInvalid, parse_email
from folkmoot.domain.auth.queries import find_user_by_email, list_team
from folkmoot.domain.auth.tables import IS_DISABLED, IS_INVITED, IS_PENDING, users
from folkmoot.domain.registration.model import (
    ADDRESS_BLOCKED,
    EMAIL_BLOCKED,
    NAME_TAKEN,
    Block,
    BlockKind,
    BlockNotFound,
    Fault,
    Form,
    Invitation,
    InvitationInvalid,
    InvitationNeeded,
    Members,
    NetworkRefused,
    Severity,
    SignUpsClosed,
    Wanted,
    canonical_hash,
    networks_of,
)
from folkmoot.domain.registration.tables import STANDS, invitations, sign_up_blocks
from folkmoot.kit.clock import spoken
from folkmoot.kit.db import Page, Tx, paged, paged_values, param, rows, values, within

_BY_CODE = rows(sa.select(invitations).where(invitations.c.code == param("code")), Invitation)
_BY_ID = rows(sa.select(invitations).where(invitations.c.id == param("id")), Invitation)
_BY_IDS = rows(sa.select(invitations).where(within(invitations.c.id, "ids")), Invitation)
_OF_ACCOUNT = paged(
    sa.select(invitations).where(invitations.c.account_id == param("account_id")),
    invitations.c.id,
    Invitation,
)
_ALL = paged(sa.select(invitations), invitations.c.id, Invitation)

_b = sign_up_blocks.c
_BLOCKS = paged(sa.select(sign_up_blocks).where(_b.kind == param("kind"), STANDS), _b.id, Block)
_BLOCK = rows(
    sa.select(sign_up_blocks).where(_b.id == param("id"), _b.kind == param("kind"), STANDS), Block
)
_STANDING = rows(
    sa.select(sign_up_blocks).where(_b.kind == param("kind"), within(_b.what, "whats"), STANDS),
    Block,
)


class _Named(msgspec.Struct):
    id: AccountId
    display_name: str


_LAST = "\U0010ffff"
_AT_MOST: Any = sa.literal_column("500")
_local = accounts.c.domain == sa.literal_column("''")
_BY_BEGINNING = values(
    sa.select(accounts.c.id)
    .where(accounts.c.username_key >= param("low"), accounts.c.username_key < param("high"), _local)
    .order_by(accounts.c.username_key)
    .limit(_AT_MOST),
    AccountId,
)
_BY_WORD = rows(
    sa.select(accounts.c.id, accounts.c.display_name).where(is_named(accounts.c.id), _local),
    _Named,
)
_INVITED = values(
    sa.select(users.c.account_id)
    .select_from(users.join(invitations, invitations.c.id == users.c.invitation_id))
    .where(invitations.c.account_id == param("account_id"), IS_INVITED)
    .limit(_AT_MOST),
    AccountId,
)
_open = (users.c.confirmed_at.is_not(None), users.c.approved_at.is_not(None))
_MEANT: dict[Members, tuple[Any, ...]] = {
    Members.ANY: (),
    Members.ACTIVE: (*_open, users.c.disabled_at.is_(None), accounts.c.suspended_at.is_(None)),
    Members.PENDING: (IS_PENDING,),
    Members.DISABLED: (IS_DISABLED,),
    Members.LIMITED: (RESTRICTED["limited"],),
    Members.SUSPENDED: (RESTRICTED["suspended"],),
    Members.SCREENED: (RESTRICTED["screened"],),
}
_of_users = sa.select(users.c.account_id).select_from(
    users.join(accounts, accounts.c.id == users.c.account_id)
)
_MEMBERS = {
    (members, among): paged_values(
        _of_users.where(*meant, *((within(users.c.account_id, "ids"),) if among else ())),
        # The few whom a decision restricts are found on their own side.
        accounts.c.id
        if members in (Members.LIMITED, Members.SUSPENDED, Members.SCREENED)
        else users.c.account_id,
        AccountId,
    )
    for members, meant in _MEANT.items()
    for among in (False, True)
}


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
    """What of a form somebody else has already, or is blocked."""
    faults = []
    if find_account_by_name(tx, form.username):
        faults.append(NAME_TAKEN)
    try:
        email = parse_email(form.email)
    except EmailInvalid:
        return faults
    if find_user_by_email(tx, email.key) is not None:
        faults.append(Fault("email", "ERR_TAKEN", "has already been taken"))
    elif _find_standing(tx, BlockKind.EMAIL_DOMAIN, _domains_above(email.domain)):
        faults.append(EMAIL_BLOCKED)
    elif find_email_block(tx, canonical_hash(form.email)):
        faults.append(ADDRESS_BLOCKED)
    return faults


def _domains_above(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


def _find_standing(tx: Tx, kind: BlockKind, whats: list[str]) -> list[Block]:
    """The blocks in force of any of these."""
    found = tx.all(_STANDING, kind=kind, whats=whats)
    return [one for one in found if one.expires_at is None or one.expires_at > tx.now]


def find_email_block(tx: Tx, hashed: str) -> Block | None:
    """The block of an address by its hash."""
    found = _find_standing(tx, BlockKind.EMAIL, [hashed])
    return found[0] if found else None


def check_network(tx: Tx, address: str) -> bool:
    """Whether a sign-up from an address has to wait for the team because of its network;
    NetworkRefused where none is taken.
    """
    found = _find_standing(tx, BlockKind.NETWORK, networks_of(address))
    for block in found:
        if block.severity == Severity.REFUSAL:
            raise NetworkRefused(until=spoken(block.expires_at or 0))
    return bool(found)


def list_blocks(tx: Tx, kind: BlockKind, page: Page) -> list[Block]:
    """A page of the blocks of a kind that nobody has lifted, also those whose time is over."""
    return tx.page(_BLOCKS, page, kind=kind)


def get_block(tx: Tx, kind: BlockKind, block_id: int) -> Block:
    """The block of an id that nobody has lifted; BlockNotFound."""
    found = tx.first(_BLOCK, kind=kind, id=block_id)
    if found is None:
        raise BlockNotFound
    return found


def find_block_of(tx: Tx, kind: BlockKind, what: str) -> Block | None:
    """The block of this that nobody has lifted, though its time may be over."""
    found = tx.all(_STANDING, kind=kind, whats=[what])
    return found[0] if found else None


def map_inviters(tx: Tx, invitation_ids: list[int]) -> dict[int, AccountId]:
    """Whose invitations these are."""
    found = tx.all(_BY_IDS, ids=invitation_ids) if invitation_ids else []
    return {one.id: one.account_id for one in found}


def list_member_ids(tx: Tx, wanted: Wanted, page: Page) -> list[AccountId]:
    """A page of the members whom the team looks for, newest first."""
    ids = _named(tx, wanted)
    if ids is None:
        return tx.page(_MEMBERS[wanted.members, False], page)
    return tx.page(_MEMBERS[wanted.members, True], page, ids=sorted(ids)) if ids else []


def _named(tx: Tx, wanted: Wanted) -> set[AccountId] | None:
    """Whom all the conditions together name; None where there are none."""
    found: list[set[AccountId]] = []
    if wanted.email:
        found.append(_owners(tx, wanted.email))
    if wanted.roles:
        found.append({one.account_id for one in list_team(tx) if one.role in wanted.roles})
    if wanted.invited_by:
        found.append(set(tx.all(_INVITED, account_id=wanted.invited_by)))
    if wanted.username:
        low = wanted.username.lower().removeprefix("@")
        found.append(set(tx.all(_BY_BEGINNING, low=low, high=low + _LAST)))
    if wanted.display_name:
        text = wanted.display_name.casefold()
        query = parse_name(text, own_domain=tx.settings.domain)
        low, high = query.ranges[0] if query.ranges else (text, text)
        names = tx.all(_BY_WORD, low0=low, high0=high)
        found.append({one.id for one in names if text in one.display_name.casefold()})
    return set.intersection(*found) if found else None


def _owners(tx: Tx, email: str) -> set[AccountId]:
    try:
        user = find_user_by_email(tx, parse_email(email).key)
    except EmailInvalid:
        return set()
    return {user.account_id} if user else set()


def look_over(tx: Tx, form: Form) -> list[Fault]:
    """Before the password is hashed: whether this way in is open, and what is taken."""
    check_way_in(tx, form.invitation)
    return find_taken(tx, form)
