"""Users (the private half of a local account), roles and what a role may do."""

from enum import StrEnum

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Forbidden


class Role(StrEnum):
    """What a member may do beside posting; each role holds the permissions of those before it."""

    MEMBER = "member"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"


class AccountNotConfirmed(Forbidden):
    """Your login is missing a confirmed e-mail address"""


class AccountNotApproved(Forbidden):
    """Your login is currently pending approval"""


class AccountDisabled(Forbidden):
    """Your login is currently disabled"""


class User(msgspec.Struct):
    """A row of users, in the table's order."""

    account_id: AccountId
    email: str
    email_key: str
    password_hash: str
    role: str
    locale: str
    created_at: int
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    reason: str
    default_visibility: int
    default_sensitive: bool
    default_language: str
    default_quote_policy: str
    expand_media: str
    expand_spoilers: bool
    last_active_at: int | None
