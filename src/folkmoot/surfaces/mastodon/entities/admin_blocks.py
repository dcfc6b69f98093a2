"""Admin::IpBlock, Admin::EmailDomainBlock, Admin::CanonicalEmailBlock."""

import msgspec

from folkmoot.domain.registration.model import Block, Severity
from folkmoot.kit.clock import iso

SEVERITIES = {
    "sign_up_requires_approval": Severity.APPROVAL,
    "sign_up_block": Severity.REFUSAL,
}
_NAMES = {severity: name for name, severity in SEVERITIES.items()}


class AdminIpBlock(msgspec.Struct):
    """A network from which nobody signs up for a time, or not without the team's approval."""

    id: str
    ip: str
    severity: str
    comment: str
    created_at: str
    expires_at: str


class AdminEmailDomainBlock(msgspec.Struct):
    """A provider with whose addresses nobody signs up. Tries are not counted: `history` is
    empty."""

    id: str
    domain: str
    created_at: str
    history: list[dict[str, str]]


class AdminCanonicalEmailBlock(msgspec.Struct):
    """An address with which nobody signs up, known by its hash alone."""

    id: str
    canonical_email_hash: str


def build_ip_block(block: Block) -> AdminIpBlock:
    return AdminIpBlock(
        id=str(block.id),
        ip=block.what,
        severity=_NAMES[Severity(block.severity)],
        comment=block.comment,
        created_at=iso(block.created_at),
        expires_at=iso(block.expires_at or 0),
    )


def build_domain_block(block: Block) -> AdminEmailDomainBlock:
    return AdminEmailDomainBlock(str(block.id), block.what, iso(block.created_at), [])


def build_email_block(block: Block) -> AdminCanonicalEmailBlock:
    return AdminCanonicalEmailBlock(str(block.id), block.what)
