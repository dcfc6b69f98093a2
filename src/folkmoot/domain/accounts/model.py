"""Accounts and profiles as values, and the rules for names."""

import re
from typing import NewType

import msgspec

from folkmoot.kit.errors import Invalid, NotFound

AccountId = NewType("AccountId", int)

USERNAME = re.compile(r"[A-Za-z0-9_]+")
MAX_USERNAME = 30
MAX_DISPLAY_NAME = 30
MAX_NOTE = 500
MAX_FIELDS = 4
MAX_FIELD = 255


class AccountNotFound(NotFound):
    """Record not found"""


class UsernameTaken(Invalid):
    """Username has already been taken"""


class UsernameInvalid(Invalid):
    """Username must contain only letters, numbers and underscores"""


class ProfileInvalid(Invalid):
    """The profile has a value that is not allowed"""


class Field(msgspec.Struct, frozen=True):
    """A row of a profile: `verified_at` is when its page was seen to link back (rel=me)."""

    name: str
    value: str
    html: str
    verified_at: int | None = None


class Account(msgspec.Struct):
    """A row of accounts, in the table's order. `domain` is empty for local accounts."""

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
    moved_to_id: AccountId | None
    pending: bool

    @property
    def acct(self) -> str:
        """`user` for local accounts, `user@domain` for remote ones."""
        return f"{self.username}@{self.domain}" if self.domain else self.username

    @property
    def is_local(self) -> bool:
        return not self.domain


def decode_fields(account: Account) -> list[Field]:
    return msgspec.json.decode(account.fields, type=list[Field])


def check_username(username: str) -> str:
    """The name itself when it may be a local username; UsernameInvalid otherwise."""
    if len(username) > MAX_USERNAME or not USERNAME.fullmatch(username):
        raise UsernameInvalid(field="username")
    return username
