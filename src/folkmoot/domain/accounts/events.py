"""Facts about accounts."""

import msgspec

from folkmoot.domain.accounts.model import AccountId, Restraint


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


class AccountRestrained(msgspec.Struct, frozen=True):
    """What decisions do to an account is another from now on."""

    account_id: AccountId
    restraint: Restraint


class AccountDeleted(msgspec.Struct, frozen=True):
    """An account goes, and each room forgets what it holds of it (I8)."""

    account_id: AccountId
