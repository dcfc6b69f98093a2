"""Facts about blocks and mutes."""

import msgspec

from folkmoot.domain.accounts.model import AccountId


class AccountBlocked(msgspec.Struct, frozen=True):
    """A block stands from now on; follows between the two have ended."""

    account_id: AccountId
    target_id: AccountId


class AccountUnblocked(msgspec.Struct, frozen=True):
    """A block was lifted."""

    account_id: AccountId
    target_id: AccountId


class AccountMuted(msgspec.Struct, frozen=True):
    """Somebody is muted, or muted otherwise than before."""

    account_id: AccountId
    target_id: AccountId
    hide_notifications: bool


class AccountUnmuted(msgspec.Struct, frozen=True):
    """A mute was lifted or has run out."""

    account_id: AccountId
    target_id: AccountId


class DomainBlocked(msgspec.Struct, frozen=True):
    """A member wants nothing of a domain."""

    account_id: AccountId
    domain: str
