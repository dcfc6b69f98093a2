"""Role, as everybody sees it on a profile and as oneself sees one's own."""

import msgspec

from folkmoot.domain.auth import model
from folkmoot.domain.auth.model import Permission, User, permissions_of, role_in_effect
from folkmoot.domain.collections.model import MAX_COLLECTIONS

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
    model.Role.MEMBER: "",
    model.Role.REVIEWER: "Reviewer",
    model.Role.ADMINISTRATOR: "Administrator",
    model.Role.OWNER: "Owner",
}
ROLE_IDS = {
    model.Role.MEMBER: "-99",
    model.Role.REVIEWER: "1",
    model.Role.ADMINISTRATOR: "2",
    model.Role.OWNER: "3",
}


class Role(msgspec.Struct):
    """A role shown on a profile."""

    id: str
    name: str
    color: str


class CredentialRole(Role):
    """The role in effect; `permissions` is the sum of bits as a text,
    `collection_limit` how many collections one may have.
    """

    permissions: str
    highlighted: bool
    collection_limit: int


def build_roles(role: model.Role | None) -> list[Role]:
    """What a profile shows of a role in effect; ordinary members show none."""
    if role is None or role is model.Role.MEMBER:
        return []
    return [Role(ROLE_IDS[role], _NAMES[role], "")]


def build_own_role(user: User) -> CredentialRole:
    """The entity of the role that a user has in effect."""
    role = role_in_effect(model.Role(user.role), user.second_factor_at)
    bits = sum(_BITS.get(permission, 0) for permission in permissions_of(role))
    return CredentialRole(
        id=ROLE_IDS[role],
        name=_NAMES[role],
        color="",
        permissions=str(bits),
        highlighted=role is not model.Role.MEMBER,
        collection_limit=MAX_COLLECTIONS,
    )
