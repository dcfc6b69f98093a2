"""Account: built once for each revision of an account, kept as encoded JSON."""

from collections.abc import Iterable
from typing import Any

import msgspec

from folkmoot.domain.accounts.model import Account as DomainAccount
from folkmoot.domain.accounts.model import AccountId, decode_fields
from folkmoot.domain.accounts.queries import list_accounts, list_revisions
from folkmoot.domain.auth.model import Role as DomainRole
from folkmoot.domain.auth.queries import list_roles
from folkmoot.kit.clock import day_start, iso, iso_day
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.role import Role, build_roles

_encode = msgspec.json.Encoder().encode


class Field(msgspec.Struct):
    """A row of a profile; `verified_at` when its page links back."""

    name: str
    value: str
    verified_at: str | None = None


class FeatureApproval(msgspec.Struct):
    """Who may put an account into a collection, and whether the reader is expected to."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class Account(msgspec.Struct, kw_only=True):
    """A profile as others see it."""

    id: str
    username: str
    acct: str
    url: str
    uri: str
    display_name: str
    note: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    locked: bool
    bot: bool
    group: bool
    discoverable: bool
    indexable: bool
    noindex: bool
    hide_collections: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    created_at: str
    last_status_at: str | None
    statuses_count: int
    followers_count: int
    following_count: int
    fields: list[Field]
    emojis: list[CustomEmoji]
    roles: list[Role]
    memorial: bool
    feature_approval: FeatureApproval
    moved: "Account | None" = None
    suspended: bool = False
    limited: bool = False


_OPEN = FeatureApproval(["public"], [], "automatic")
_CLOSED = FeatureApproval([], [], "denied")


def build_account(
    app: App,
    account: DomainAccount,
    *,
    role: DomainRole | None = None,
    moved: msgspec.Raw | None = None,
) -> Account:
    """The entity of an account and the role it has in effect; of a suspended one, only its name."""
    if account.suspended_at is not None:
        account, role = _without_profile(account), None
    avatar = app.avatar_url(account.id, account.avatar)
    header = app.header_url(account.id, account.header)
    return Account(
        id=str(account.id),
        username=account.username,
        acct=account.acct,
        url=account.url,
        uri=account.uri,
        display_name=account.display_name,
        note=account.note_html,
        avatar=avatar,
        avatar_static=app.media_url(account.avatar_static) or avatar,
        avatar_description=account.avatar_description,
        header=header,
        header_static=app.media_url(account.header_static) or header,
        header_description=account.header_description,
        locked=account.locked,
        bot=account.bot,
        group=account.group,
        discoverable=account.discoverable,
        indexable=account.indexable,
        noindex=not account.indexable,
        hide_collections=account.hide_collections,
        show_media=account.show_media,
        show_media_replies=account.show_media_replies,
        show_featured=account.show_featured,
        created_at=iso(day_start(account.created_at)),
        last_status_at=iso_day(account.last_post_at) if account.last_post_at else None,
        statuses_count=account.posts_count,
        followers_count=account.followers_count,
        following_count=account.following_count,
        fields=[
            Field(f.name, f.html, iso(f.verified_at) if f.verified_at else None)
            for f in decode_fields(account)
        ],
        emojis=emojis_in(app, account.display_name, account.note, account.fields),
        roles=build_roles(role),
        memorial=account.memorial,
        feature_approval=_OPEN if account.discoverable else _CLOSED,
        moved=None if moved is None else encoded(moved),
        suspended=account.suspended_at is not None,
        limited=account.limited_at is not None,
    )


def _without_profile(account: DomainAccount) -> DomainAccount:
    return msgspec.structs.replace(
        account,
        display_name="",
        note="",
        note_html="",
        fields="[]",
        avatar="",
        avatar_static="",
        avatar_description="",
        header="",
        header_static="",
        header_description="",
        posts_count=0,
        followers_count=0,
        following_count=0,
        last_post_at=None,
        discoverable=False,
    )


def present_account(app: App, tx: Tx, account: DomainAccount) -> msgspec.Raw:
    """The encoded entity of an account that was just read."""
    return msgspec.Raw(encoded_accounts(app, tx, {account.id: account.rev})[account.id])


def present_accounts(app: App, tx: Tx, ids: Iterable[int]) -> dict[AccountId, msgspec.Raw]:
    """The encoded entities of those accounts that exist, in the order of the ids."""
    revisions = list_revisions(tx, [AccountId(i) for i in dict.fromkeys(ids)])
    made = encoded_accounts(app, tx, revisions)
    return {i: msgspec.Raw(made[i]) for i in revisions}


def present_account_list(app: App, tx: Tx, ids: Iterable[int]) -> bytes:
    """A list of accounts in the order of the ids, encoded."""
    return b"[" + b",".join(bytes(a) for a in present_accounts(app, tx, ids).values()) + b"]"


def encoded_accounts(app: App, tx: Tx, revisions: dict[Any, int]) -> dict[Any, bytes]:
    """The encoded entities for known revisions: reads only accounts that changed since."""
    found: dict[Any, bytes] = {}
    stale: list[Any] = []
    for account_id, rev in revisions.items():
        kept = app.built.get(("account", account_id))
        if kept is not None and kept[0] == rev:
            found[account_id] = kept[1]
        else:
            stale.append(account_id)
    if stale:
        found |= _encode_anew(app, tx, stale)
    return found


def _encode_anew(app: App, tx: Tx, ids: list[AccountId]) -> dict[AccountId, bytes]:
    accounts = list_accounts(tx, ids)
    targets = {a.moved_to_id for a in accounts.values() if a.moved_to_id is not None}
    roles = list_roles(tx, [*accounts, *targets])
    moved: dict[AccountId, bytes] = {}
    for target in list_accounts(tx, sorted(targets)).values():
        # Of a chain, the next link.
        moved[target.id] = _encode(build_account(app, target, role=roles.get(target.id)))
    made: dict[AccountId, bytes] = {}
    for account in accounts.values():
        target_json = None if account.moved_to_id is None else moved.get(account.moved_to_id)
        entity = build_account(
            app,
            account,
            role=roles.get(account.id),
            moved=None if target_json is None else msgspec.Raw(target_json),
        )
        made[account.id] = _encode(entity)
        app.built.put(("account", account.id), (account.rev, made[account.id]))
    return made
