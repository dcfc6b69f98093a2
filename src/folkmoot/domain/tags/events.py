"""Facts about tags."""

import msgspec

from folkmoot.domain.accounts.model import AccountId


class TagFollowed(msgspec.Struct, frozen=True):
    """A member wants the public posts with a tag in their home."""

    account_id: AccountId
    tag_id: int


class TagUnfollowed(msgspec.Struct, frozen=True):
    """A member wants them no longer."""

    account_id: AccountId
    tag_id: int
