"""Accounts and profiles as values, and the rules for names and profiles."""

import re
from typing import NewType
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from folkmoot.kit.clock import MINUTE, spoken
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Limits, Settings
from folkmoot.kit.text import count_graphemes, parse_post, post_length, sole_url

AccountId = NewType("AccountId", int)

USERNAME = re.compile(r"[A-Za-z0-9_]+")
MAX_USERNAME = 30
MAX_ATTRIBUTION_DOMAINS = 10
# How far apart posts lie of somebody whom a decision slows down.
SLOW_GAP = 10 * MINUTE
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}(?::\d{1,5})?")


class AccountNotFound(NotFound):
    """Record not found"""


class UsernameTaken(Invalid):
    """Username has already been taken"""


class UsernameInvalid(Invalid):
    """Username must contain only letters, numbers and underscores"""


class ProfileInvalid(Invalid):
    """Validation failed"""


class AliasUnknown(Invalid):
    """There is no account of that address"""


class MoveRefused(Forbidden):
    """The other account must name this one as its alias first"""


class PostingPaused(Forbidden):
    """You cannot post until {until}: a decision pauses it. See your notifications for why"""


class PostingSlowed(Forbidden):
    """A decision slows you down: you can post again at {at}. See your notifications for why"""


class ContactLimited(Forbidden):
    """A decision lets you address only people who follow you. See your notifications for why"""


class Restraint(msgspec.Struct, frozen=True, kw_only=True):
    """What all decisions in force do to an account together; the fields are those of Account."""

    limited_at: int | None = None
    suspended_at: int | None = None
    screened_at: int | None = None
    contact_limited_at: int | None = None
    paused_until: int | None = None
    slowed_until: int | None = None


class Field(msgspec.Struct, frozen=True):
    """A row of a profile: `verified_at` is when its page was seen to link back (rel=me)."""

    name: str
    value: str
    html: str
    verified_at: int | None = None


class Account(msgspec.Struct):
    """A row of accounts, in the table's order. `domain` is empty for local accounts.

    What decisions do to it: `limited_at`, out of public pages; `suspended_at`, not there for
    anybody; `screened_at`, media of new posts behind a screen; `contact_limited_at`, addresses
    followers alone; `paused_until`, posts nothing until then; `slowed_until`, posts once in
    SLOW_GAP until then. `avatar_pdq` and `header_pdq` are hashes by which its pictures are known
    again, empty where they cannot be.
    """

    id: AccountId
    username: str
    username_key: str
    domain: str
    display_name: str
    note: str
    note_html: str
    fields: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    bot: bool
    group: bool
    locked: bool
    discoverable: bool
    indexable: bool
    hide_collections: bool
    memorial: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: str
    aliases: str
    url: str
    uri: str
    created_at: int
    rev: int
    posts_count: int
    followers_count: int
    following_count: int
    last_post_at: int | None
    limited_at: int | None
    suspended_at: int | None
    screened_at: int | None
    contact_limited_at: int | None
    paused_until: int | None
    slowed_until: int | None
    moved_to_id: AccountId | None
    pending: bool
    avatar_pdq: str
    header_pdq: str

    @property
    def acct(self) -> str:
        """`user` for local accounts, `user@domain` for remote ones."""
        return f"{self.username}@{self.domain}" if self.domain else self.username

    @property
    def is_local(self) -> bool:
        return not self.domain


def check_posting(account: Account, now: int) -> None:
    """PostingPaused while a decision keeps the account from posting."""
    if account.paused_until is not None and now < account.paused_until:
        raise PostingPaused(until=spoken(account.paused_until))


def check_pace(account: Account, now: int) -> None:
    """PostingSlowed when a decision slows the account down and it has posted a moment ago."""
    if account.slowed_until is None or account.last_post_at is None:
        return
    until = min(account.slowed_until, account.last_post_at + SLOW_GAP)
    if now < until:
        raise PostingSlowed(at=spoken(until + MINUTE - 1))


def decode_fields(account: Account) -> list[Field]:
    return msgspec.json.decode(account.fields, type=list[Field])


def decode_list(text: str) -> list[str]:
    """The texts in a column that holds a list of them."""
    return msgspec.json.decode(text, type=list[str])


def encode_list(items: tuple[str, ...]) -> str:
    """A list of texts as a column holds it."""
    return msgspec.json.encode(items).decode()


VERIFY = "accounts.verify_pages"


class PagesToVerify(msgspec.Struct, frozen=True):
    """The payload of the job that looks whether pages link back to a profile."""

    account_id: AccountId
    tries: int = 0


def claims_page(settings: Settings, field: Field) -> bool:
    """Whether a field claims a page of somebody else's server that is not verified yet. Pages of
    our own would confirm whatever they are told."""
    url = sole_url(field.value)
    if field.verified_at is not None or url is None:
        return False
    return urlsplit(url).netloc.lower() != settings.domain.lower()


def check_username(username: str) -> str:
    """The name itself when it may be a local username; UsernameInvalid otherwise."""
    if len(username) > MAX_USERNAME or not USERNAME.fullmatch(username):
        raise UsernameInvalid(field="username")
    return username


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a profile; what is not set stays. Fields are names and values."""

    display_name: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    fields: tuple[tuple[str, str], ...] | UnsetType = UNSET
    avatar: str | UnsetType = UNSET
    avatar_static: str | UnsetType = UNSET
    avatar_description: str | UnsetType = UNSET
    avatar_pdq: str | UnsetType = UNSET
    header: str | UnsetType = UNSET
    header_static: str | UnsetType = UNSET
    header_description: str | UnsetType = UNSET
    header_pdq: str | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    bot: bool | UnsetType = UNSET
    discoverable: bool | UnsetType = UNSET
    indexable: bool | UnsetType = UNSET
    hide_collections: bool | UnsetType = UNSET
    show_media: bool | UnsetType = UNSET
    show_media_replies: bool | UnsetType = UNSET
    show_featured: bool | UnsetType = UNSET
    attribution_domains: tuple[str, ...] | UnsetType = UNSET


def check_profile(limits: Limits, changes: ProfileChanges) -> ProfileChanges:
    """The changes tidied up; ProfileInvalid says what is too long or not allowed."""
    tidy: dict[str, object] = {}
    if changes.display_name is not UNSET:
        tidy["display_name"] = name = " ".join(changes.display_name.split())
        _check_length("Display name", count_graphemes(name), limits.display_name_chars)
    if changes.note is not UNSET:
        tidy["note"] = note = changes.note.strip().replace("\r\n", "\n")
        _check_length("Note", post_length(parse_post(note)), limits.bio_chars)
    if changes.fields is not UNSET:
        tidy["fields"] = _check_fields(limits, changes.fields)
    if changes.attribution_domains is not UNSET:
        tidy["attribution_domains"] = _check_domains(changes.attribution_domains)
    for what in ("avatar", "header"):
        description = getattr(changes, f"{what}_description")
        if description is not UNSET:
            _check_length(f"{what.title()} description", len(description), limits.alt_chars)
            tidy[f"{what}_description"] = description.strip()
    return msgspec.structs.replace(changes, **tidy)


def _check_length(what: str, length: int, most: int) -> None:
    if length > most:
        raise ProfileInvalid(f"{what} is too long (maximum is {most} characters)")


def _check_fields(
    limits: Limits, fields: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    stripped = ((name.strip(), " ".join(value.split())) for name, value in fields)
    kept = tuple((name, value) for name, value in stripped if name or value)
    if len(kept) > limits.profile_fields:
        raise ProfileInvalid(f"Fields are too many (maximum is {limits.profile_fields})")
    for name, value in kept:
        if not name:
            raise ProfileInvalid("Fields must all have a name")
        _check_length("The name of a field", count_graphemes(name), limits.profile_field_chars)
        _check_length("The value of a field", count_graphemes(value), limits.profile_field_chars)
    return kept


def _check_domains(domains: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(d for each in domains if (d := each.strip().lower())))
    if len(kept) > MAX_ATTRIBUTION_DOMAINS:
        most = MAX_ATTRIBUTION_DOMAINS
        raise ProfileInvalid(f"Attribution domains are too many (maximum is {most})")
    for domain in kept:
        if not DOMAIN.fullmatch(domain):
            raise ProfileInvalid(f"{domain[:60]} in attribution domains is no domain")
    return kept
