"""Facts about users."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Role


class EmailConfirmed(msgspec.Struct, frozen=True):
    """Somebody who signed up proved that the address is theirs."""

    account_id: AccountId


class MemberAdmitted(msgspec.Struct, frozen=True):
    """Somebody is confirmed and approved: a member from now on."""

    account_id: AccountId


class PasswordChanged(msgspec.Struct, frozen=True):
    """There is a new password: browsers but `keep_session_id` are signed out; with `everything`,
    whoever got in by the old one must go, applications too.
    """

    account_id: AccountId
    everything: bool
    keep_session_id: int


class UserDisabled(msgspec.Struct, frozen=True):
    """A user may not sign in any more."""

    account_id: AccountId


class RoleChanged(msgspec.Struct, frozen=True):
    """A user has another role."""

    account_id: AccountId
    role: Role
