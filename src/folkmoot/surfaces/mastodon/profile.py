"""/api/v1/profile, /api/v1/accounts/update_credentials: one's own profile and its changes."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from folkmoot.domain.accounts.actions import change_profile
from folkmoot.domain.accounts.model import Account, ProfileChanges, ProfileInvalid, check_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.media.actions import erase_files
from folkmoot.domain.media.jobs import store_avatar, store_header
from folkmoot.domain.posts.model import QuotePolicy
from folkmoot.kit.db import Tx
from folkmoot.kit.text import normalise_language
from folkmoot.surfaces.mastodon.entities.credential_account import CredentialAccount, present_self
from folkmoot.surfaces.mastodon.entities.profile import Profile, present_profile
from folkmoot.surfaces.mastodon.entities.status import VISIBILITIES
from folkmoot.surfaces.mastodon.operations import (
    Call,
    Router,
    Upload,
    one_of,
)
from folkmoot.surfaces.mastodon.pictures import read_picture

router = Router("profile")

_VISIBILITIES = {name: int(visibility) for visibility, name in VISIBILITIES.items()}
_PICTURES = ("avatar", "avatar_static", "header", "header_static")


class FieldParams(msgspec.Struct):
    """A row of a profile."""

    name: str = ""
    value: str = ""


class ProfileParams(msgspec.Struct, kw_only=True):
    """What to change of one's profile; what is absent stays. Pictures are files, or data URLs."""

    display_name: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    avatar: Upload | str | None = None
    avatar_description: str | UnsetType | None = UNSET
    header: Upload | str | None = None
    header_description: str | UnsetType | None = UNSET
    locked: bool | UnsetType | None = UNSET
    bot: bool | UnsetType | None = UNSET
    discoverable: bool | UnsetType | None = UNSET
    indexable: bool | UnsetType | None = UNSET
    hide_collections: bool | UnsetType | None = UNSET
    show_media: bool | UnsetType | None = UNSET
    show_media_replies: bool | UnsetType | None = UNSET
    show_featured: bool | UnsetType | None = UNSET
    attribution_domains: list[str] | UnsetType | None = UNSET
    fields_attributes: list[FieldParams] | UnsetType | None = UNSET

    @property
    def changes(self) -> ProfileChanges:
        """What was given, pictures aside; null stands for what is empty."""
        given: dict[str, Any] = {}
        for name in ("display_name", "note", "avatar_description", "header_description"):
            given[name] = "" if (value := getattr(self, name)) is None else value
        for name in ("locked", "bot", "discoverable", "indexable", "hide_collections"):
            given[name] = False if (value := getattr(self, name)) is None else value
        for name in ("show_media", "show_media_replies", "show_featured"):
            given[name] = False if (value := getattr(self, name)) is None else value
        if self.attribution_domains is not UNSET:
            given["attribution_domains"] = tuple(self.attribution_domains or ())
        if self.fields_attributes is not UNSET:
            fields = self.fields_attributes or ()
            given["fields"] = tuple((field.name, field.value) for field in fields)
        return ProfileChanges(**given)


class SourceParams(msgspec.Struct):
    """How one's statuses start out."""

    privacy: Annotated[str, one_of(_VISIBILITIES)] | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: Annotated[str, one_of(QuotePolicy)] | None = None


class CredentialParams(ProfileParams, kw_only=True):
    """What to change of one's profile and preferences."""

    source: SourceParams | None = None


@router.get("/api/v1/profile", scope="profile read:accounts", returns=Profile)
def show(call: Call) -> Profile:
    """One's own profile."""
    return present_profile(call.app, call.tx, call.me.account_id)


@router.operation("PATCH", "/api/v1/profile", scope="write:accounts", returns=Profile)
async def change(call: Call, params: ProfileParams) -> Profile:
    """Changes one's profile."""
    await _change(call, params, {})
    return await call.app.db.read(_present_profile, call)


@router.operation(
    "PATCH",
    "/api/v1/accounts/update_credentials",
    scope="write:accounts",
    returns=CredentialAccount,
)
async def update_credentials(call: Call, params: CredentialParams) -> CredentialAccount:
    """Changes one's profile and how one's statuses start out."""
    await _change(call, params, _preferences(params.source or SourceParams()))
    return await call.app.db.read(_present_self, call)


@router.delete("/api/v1/profile/avatar", scope="write:accounts", returns=CredentialAccount)
def remove_avatar(call: Call) -> CredentialAccount:
    """Removes one's avatar."""
    changes = ProfileChanges(avatar="", avatar_static="", avatar_description="")
    _save(call.tx, call.me.account_id, changes, {})
    return present_self(call.app, call.tx, call.me.account_id)


@router.delete("/api/v1/profile/header", scope="write:accounts", returns=CredentialAccount)
def remove_header(call: Call) -> CredentialAccount:
    """Removes one's header."""
    changes = ProfileChanges(header="", header_static="", header_description="")
    _save(call.tx, call.me.account_id, changes, {})
    return present_self(call.app, call.tx, call.me.account_id)


def _present_profile(tx: Tx, call: Call) -> Profile:
    return present_profile(call.app, tx, call.me.account_id)


def _present_self(tx: Tx, call: Call) -> CredentialAccount:
    return present_self(call.app, tx, call.me.account_id)


async def _change(call: Call, params: ProfileParams, preferences: dict[str, Any]) -> None:
    """Nothing is stored unless everything may be: the texts are looked at before the pictures."""
    changes = check_profile(call.app.settings.limits, params.changes)
    pictures: dict[str, str] = {}
    me, context = call.me.account_id, call.app.context
    if (avatar := await read_picture(call, params.avatar)) is not None:
        stored = await store_avatar(context, me, avatar)
        pictures |= {"avatar": stored.key, "avatar_static": stored.static_key}
        pictures["avatar_pdq"] = stored.pdq
    if (header := await read_picture(call, params.header)) is not None:
        stored = await store_header(context, me, header)
        pictures |= {"header": stored.key, "header_static": stored.static_key}
        pictures["header_pdq"] = stored.pdq
    changes = msgspec.structs.replace(changes, **pictures)
    await call.app.db.write(_save, me, changes, preferences)


def _save(tx: Tx, account_id: int, changes: ProfileChanges, preferences: dict[str, Any]) -> None:
    account = get_account(tx, account_id)
    changed = change_profile(tx, account, changes)
    erase_files(tx, _replaced(account, changed))
    if preferences:
        save_user(tx, get_user(tx, account_id), **preferences)


def _replaced(before: Account, after: Account) -> set[str]:
    """The files of pictures that are shown no longer."""
    return {getattr(before, name) for name in _PICTURES} - {
        getattr(after, name) for name in _PICTURES
    }


def _preferences(source: SourceParams) -> dict[str, Any]:
    """The columns of the user that `source` changes; ProfileInvalid."""
    found: dict[str, Any] = {}
    if source.privacy is not None:
        if source.privacy not in _VISIBILITIES:
            raise ProfileInvalid("Privacy is not included in the list")
        found["default_visibility"] = _VISIBILITIES[source.privacy]
    if source.sensitive is not None:
        found["default_sensitive"] = source.sensitive
    if source.language is not None:
        language = normalise_language(source.language)
        if source.language and language is None:
            raise ProfileInvalid("Language is not one we know")
        found["default_language"] = language or ""
    if source.quote_policy is not None:
        if source.quote_policy not in set(QuotePolicy):
            raise ProfileInvalid("Quote policy is not included in the list")
        found["default_quote_policy"] = source.quote_policy
    return found
