"""Blocks and mutes as values, and what may not be."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Forbidden, Invalid

FOREVER = (1 << 62) - 1


class NotWithYourself(Forbidden):
    """This cannot be done with your own account"""


class DomainInvalid(Invalid):
    """Domain is not a valid domain name"""


class Row(msgspec.Struct):
    """An entry of a list of relationships: `id` orders the list, `account_id` is who is listed."""

    id: int
    account_id: AccountId


class MuteRow(msgspec.Struct):
    """A muted account."""

    id: int
    account_id: AccountId
    expires_at: int | None


class BlockedDomain(msgspec.Struct):
    """A domain that an account blocks; `id` orders the list."""

    id: int
    domain: str


class Muting(msgspec.Struct):
    """Who mutes whom."""

    id: int
    account_id: AccountId
    target_id: AccountId
