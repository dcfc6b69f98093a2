"""CredentialAccount: one's own account, with what only oneself sees."""

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.model import AccountId, decode_fields
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import User
from folkmoot.domain.auth.queries import get_user, list_roles
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.relationships.queries import count_requests
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, Field, build_account
from folkmoot.surfaces.mastodon.entities.role import CredentialRole, build_own_role
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES


class Source(msgspec.Struct, kw_only=True):
    """One's profile as it was typed, and how one's statuses start out."""

    note: str
    fields: list[Field]
    privacy: str
    sensitive: bool
    language: str
    quote_policy: str
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str]


class CredentialAccount(Account, kw_only=True):
    """One's own account."""

    source: Source
    role: CredentialRole


def present_self(app: App, tx: Tx, account_id: AccountId) -> CredentialAccount:
    """A member's own account."""
    account = get_account(tx, account_id)
    user = get_user(tx, account_id)
    role = list_roles(tx, [account_id]).get(account_id)
    shared = msgspec.structs.asdict(build_account(app, account, role=role))
    return CredentialAccount(
        **shared, source=_build_source(tx, account, user), role=build_own_role(user)
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
        language=user.default_language,
        quote_policy=user.default_quote_policy,
        follow_requests_count=count_requests(tx, account.id),
        hide_collections=account.hide_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        attribution_domains=msgspec.json.decode(account.attribution_domains, type=list[str]),
    )
