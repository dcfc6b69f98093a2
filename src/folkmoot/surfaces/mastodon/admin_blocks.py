"""/api/v1/admin/…_blocks: from what nobody signs up. Members who are here already stay."""

from typing import Annotated, Any

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.registration import actions, queries
from folkmoot.domain.registration.model import (
    Block,
    BlockInvalid,
    BlockKind,
    Severity,
    canonical_hash,
    check_domain,
    check_hash,
    check_network,
)
from folkmoot.kit.clock import SECOND
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.mastodon.entities.admin_blocks import (
    SEVERITIES,
    AdminCanonicalEmailBlock,
    AdminEmailDomainBlock,
    AdminIpBlock,
    build_domain_block,
    build_email_block,
    build_ip_block,
)
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
    one_of,
)

router = Router("admin blocks")

MANAGE = Permission.MANAGE_BLOCKS
DOMAINS = "/api/v1/admin/email_domain_blocks"
EMAILS = "/api/v1/admin/canonical_email_blocks"
NETWORKS = "/api/v1/admin/ip_blocks"


class NobodyShutOut(Invalid):
    """A network is blocked for sign-ups alone: no_access would shut out members who did nothing"""


class SeverityInvalid(Invalid):
    """Severity must be sign_up_requires_approval or sign_up_block"""


class EmailDomainParams(msgspec.Struct):
    """A domain of e-mail addresses; those below it are blocked with it."""

    domain: Annotated[str, NEEDED] = ""


class TriedEmailParams(msgspec.Struct):
    """An e-mail address."""

    email: Annotated[str, NEEDED] = ""


class BlockedEmailParams(msgspec.Struct):
    """An e-mail address, or its hash alone: SHA-256 of the address in lower case, without dots and
    what follows a plus before the @."""

    email: str = ""
    canonical_email_hash: str = ""


class IpBlockParams(msgspec.Struct):
    """A network for a time in seconds, 90 days unless said otherwise, a year at most."""

    ip: Annotated[str, NEEDED] = ""
    severity: Annotated[str, NEEDED, one_of(SEVERITIES)] = ""
    comment: str = ""
    expires_in: int | None = None


class IpBlockChange(msgspec.Struct):
    """What is to be different from now on."""

    ip: str | None = None
    severity: Annotated[str | None, one_of(SEVERITIES)] = None
    comment: str | None = None
    expires_in: int | None = None


def _listed(call: Call, params: PageParams, kind: BlockKind) -> tuple[list[Block], Any]:
    page = params.page(100, 200)
    found = queries.list_blocks(call.tx, kind, page)
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    return found, headers


def _unblock(call: Call, kind: BlockKind) -> dict[str, Any]:
    actions.unblock(call.tx, call.me.account_id, kind, call.id())
    return {}


@router.get(
    DOMAINS,
    scope="admin:read:email_domain_blocks",
    permission=MANAGE,
    returns=list[AdminEmailDomainBlock],
)
def list_domains(call: Call, params: PageParams) -> Answer:
    """The e-mail domains with which nobody signs up, newest first."""
    found, headers = _listed(call, params, BlockKind.EMAIL_DOMAIN)
    return Answer([build_domain_block(one) for one in found], headers=headers)


@router.get(
    f"{DOMAINS}/{{id}}",
    scope="admin:read:email_domain_blocks",
    permission=MANAGE,
    returns=AdminEmailDomainBlock,
)
def get_domain(call: Call) -> AdminEmailDomainBlock:
    """One of them."""
    return build_domain_block(queries.get_block(call.tx, BlockKind.EMAIL_DOMAIN, call.id()))


@router.post(
    DOMAINS,
    scope="admin:write:email_domain_blocks",
    permission=MANAGE,
    returns=AdminEmailDomainBlock,
)
def block_domain(call: Call, params: EmailDomainParams) -> AdminEmailDomainBlock:
    """Lets nobody sign up any more with an address at a domain, or one below it."""
    domain = check_domain(params.domain)
    made = actions.block(call.tx, call.me.account_id, BlockKind.EMAIL_DOMAIN, domain)
    return build_domain_block(made)


@router.delete(
    f"{DOMAINS}/{{id}}",
    scope="admin:write:email_domain_blocks",
    permission=MANAGE,
    returns=dict[str, Any],
)
def unblock_domain(call: Call) -> dict[str, Any]:
    """Lifts one of them."""
    return _unblock(call, BlockKind.EMAIL_DOMAIN)


@router.get(
    EMAILS,
    scope="admin:read:canonical_email_blocks",
    permission=MANAGE,
    returns=list[AdminCanonicalEmailBlock],
)
def list_emails(call: Call, params: PageParams) -> Answer:
    """The addresses with which nobody signs up, as hashes, newest first."""
    found, headers = _listed(call, params, BlockKind.EMAIL)
    return Answer([build_email_block(one) for one in found], headers=headers)


@router.get(
    f"{EMAILS}/{{id}}",
    scope="admin:read:canonical_email_blocks",
    permission=MANAGE,
    returns=AdminCanonicalEmailBlock,
)
def get_email(call: Call) -> AdminCanonicalEmailBlock:
    """One of them."""
    return build_email_block(queries.get_block(call.tx, BlockKind.EMAIL, call.id()))


@router.post(
    f"{EMAILS}/test",
    scope="admin:read:canonical_email_blocks",
    permission=MANAGE,
    returns=list[AdminCanonicalEmailBlock],
    writes=False,
)
def try_email(call: Call, params: TriedEmailParams) -> list[AdminCanonicalEmailBlock]:
    """The blocks that an address meets, however it is spelt."""
    found = queries.find_email_block(call.tx, canonical_hash(params.email))
    return [build_email_block(found)] if found else []


@router.post(
    EMAILS,
    scope="admin:write:canonical_email_blocks",
    permission=MANAGE,
    returns=AdminCanonicalEmailBlock,
)
def block_email(call: Call, params: BlockedEmailParams) -> AdminCanonicalEmailBlock:
    """Lets nobody sign up any more with an address, however it is spelt."""
    if not params.email and not params.canonical_email_hash:
        raise BlockInvalid("Email can't be blank: send it, or its canonical_email_hash")
    if params.email:
        hashed = canonical_hash(params.email)
    else:
        hashed = check_hash(params.canonical_email_hash)
    return build_email_block(actions.block(call.tx, call.me.account_id, BlockKind.EMAIL, hashed))


@router.delete(
    f"{EMAILS}/{{id}}",
    scope="admin:write:canonical_email_blocks",
    permission=MANAGE,
    returns=dict[str, Any],
)
def unblock_email(call: Call) -> dict[str, Any]:
    """Lifts one of them."""
    return _unblock(call, BlockKind.EMAIL)


@router.get(NETWORKS, scope="admin:read:ip_blocks", permission=MANAGE, returns=list[AdminIpBlock])
def list_networks(call: Call, params: PageParams) -> Answer:
    """The networks from which nobody signs up, newest first; also those whose time is over."""
    found, headers = _listed(call, params, BlockKind.NETWORK)
    return Answer([build_ip_block(one) for one in found], headers=headers)


@router.get(
    f"{NETWORKS}/{{id}}", scope="admin:read:ip_blocks", permission=MANAGE, returns=AdminIpBlock
)
def get_network(call: Call) -> AdminIpBlock:
    """One of them."""
    return build_ip_block(queries.get_block(call.tx, BlockKind.NETWORK, call.id()))


@router.post(NETWORKS, scope="admin:write:ip_blocks", permission=MANAGE, returns=AdminIpBlock)
def block_network(call: Call, params: IpBlockParams) -> AdminIpBlock:
    """Takes no sign-ups from a network for a time, or only with the team's approval."""
    made = actions.block(
        call.tx,
        call.me.account_id,
        BlockKind.NETWORK,
        check_network(params.ip),
        severity=_severity(params.severity),
        comment=params.comment,
        lasts=_lasts(params.expires_in),
    )
    return build_ip_block(made)


@router.put(
    f"{NETWORKS}/{{id}}", scope="admin:write:ip_blocks", permission=MANAGE, returns=AdminIpBlock
)
def change_network(call: Call, params: IpBlockChange) -> AdminIpBlock:
    """Changes what is given. What it was before stays on record."""
    made = actions.change_block(
        call.tx,
        call.me.account_id,
        call.id(),
        what=None if params.ip is None else check_network(params.ip),
        severity=None if params.severity is None else _severity(params.severity),
        comment=params.comment,
        lasts=_lasts(params.expires_in),
    )
    return build_ip_block(made)


@router.delete(
    f"{NETWORKS}/{{id}}", scope="admin:write:ip_blocks", permission=MANAGE, returns=dict[str, Any]
)
def unblock_network(call: Call) -> dict[str, Any]:
    """Lifts one of them."""
    return _unblock(call, BlockKind.NETWORK)


def _severity(name: str) -> Severity:
    if name == "no_access":
        raise NobodyShutOut(field="severity")
    if name not in SEVERITIES:
        raise SeverityInvalid(field="severity")
    return SEVERITIES[name]


def _lasts(expires_in: int | None) -> int | None:
    return None if expires_in is None else expires_in * SECOND
