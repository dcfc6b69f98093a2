"""Facts about sessions."""

import msgspec

from folkmoot.domain.accounts.model import AccountId


class SignedOutEverywhere(msgspec.Struct, frozen=True):
    """A member ended all that is open: browsers, and with them applications."""

    account_id: AccountId
