"""Facts about accounts."""

import msgspec

from folkmoot.domain.accounts.model import AccountId


class AccountCreated(msgspec.Struct, frozen=True):
    """An account exists from now on."""

    account_id: AccountId


class ProfileChanged(msgspec.Struct, frozen=True):
    """What an account shows of itself changed."""

    account_id: AccountId


class AccountUnlocked(msgspec.Struct, frozen=True):
    """An account lets everybody follow it from now on."""

    account_id: AccountId


class AccountMoved(msgspec.Struct, frozen=True):
    """An account names another as the one to follow instead."""

    account_id: AccountId
    target_id: AccountId


class AccountDeleted(msgspec.Struct, frozen=True):
    """An account goes, and each room forgets what it holds of it (I8)."""

    account_id: AccountId
