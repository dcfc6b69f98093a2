"""CredentialAccount: one's own account, with what only oneself sees."""

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.model import AccountId, decode_fields
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Permission, Role, User, permissions_of, role_in_effect
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.relationships.queries import count_requests
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, Field, build_account
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES

# The bits of Mastodon's roles that clients know; what has no bit of theirs is not sent.
_BITS = {
    Permission.SEE_AUDIT_LOG: 1 << 2,
    Permission.SEE_DASHBOARD: 1 << 3,
    Permission.REVIEW_REPORTS: 1 << 4,
    Permission.MANAGE_SETTINGS: 1 << 6,
    Permission.MANAGE_BLOCKS: 1 << 7,
    Permission.MANAGE_TRENDS: 1 << 8,
    Permission.MANAGE_ACCOUNTS: 1 << 10,
    Permission.MANAGE_INVITATIONS: 1 << 11,
    Permission.MANAGE_RULES: 1 << 12,
    Permission.MANAGE_ANNOUNCEMENTS: 1 << 13,
    Permission.MANAGE_EMOJI: 1 << 14,
    Permission.INVITE: 1 << 16,
    Permission.MANAGE_ROLES: 1 << 17,
}
_NAMES = {
    Role.MEMBER: "",
    Role.REVIEWER: "Reviewer",
    Role.ADMINISTRATOR: "Administrator",
    Role.OWNER: "Owner",
}
_IDS = {Role.MEMBER: "-99", Role.REVIEWER: "1", Role.ADMINISTRATOR: "2", Role.OWNER: "3"}


class Source(msgspec.Struct, kw_only=True):
    """One's profile as it was typed, and how one's statuses start out."""

    note: str
    fields: list[Field]
    privacy: str
    sensitive: bool
    language: str | None
    quote_policy: str
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str]


class CredentialRole(msgspec.Struct):
    """The role in effect; `permissions` is the sum of bits as a text."""

    id: str
    name: str
    color: str
    permissions: str
    highlighted: bool


class CredentialAccount(Account, kw_only=True):
    """One's own account."""

    source: Source
    role: CredentialRole


def present_self(app: App, tx: Tx, account_id: AccountId) -> CredentialAccount:
    """A member's own account."""
    account = get_account(tx, account_id)
    user = get_user(tx, account_id)
    shared = msgspec.structs.asdict(build_account(app, account))
    return CredentialAccount(
        **shared, source=_build_source(tx, account, user), role=build_role(user)
    )


def build_role(user: User) -> CredentialRole:
    """The entity of the role that a user has in effect."""
    role = role_in_effect(Role(user.role), user.second_factor_at)
    bits = sum(_BITS.get(permission, 0) for permission in permissions_of(role))
    return CredentialRole(
        id=_IDS[role],
        name=_NAMES[role],
        color="",
        permissions=str(bits),
        highlighted=role is not Role.MEMBER,
    )


def _build_source(tx: Tx, account: DomainAccount, user: User) -> Source:
    return Source(
        note=account.note,
        fields=[
            Field(f.name, f.value, iso(f.verified_at) if f.verified_at else None)
            for f in decode_fields(account)
        ],
        privacy=VISIBILITIES[Visibility(user.default_visibility)],
        sensitive=user.default_sensitive,
        language=user.default_language or None,
        quote_policy=user.default_quote_policy,
        follow_requests_count=count_requests(tx, account.id),
        hide_collections=account.hide_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        attribution_domains=msgspec.json.decode(account.attribution_domains, type=list[str]),
    )
