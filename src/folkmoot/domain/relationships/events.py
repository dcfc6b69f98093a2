"""Facts about relationships."""

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.relationships.model import Follow


class AccountFollowed(msgspec.Struct, frozen=True):
    """A follow began, at once or because a request was accepted."""

    follow: Follow
    follower: Account
    followed: Account


class FollowChanged(msgspec.Struct, frozen=True):
    """The follower chose anew what to receive."""

    follow: Follow


class HomeChanged(msgspec.Struct, frozen=True):
    """Whether a followed account's posts go to the follower's home was settled anew."""

    follow: Follow


class AccountUnfollowed(msgspec.Struct, frozen=True):
    """A follow ended, whoever ended it."""

    follower_id: AccountId
    followed_id: AccountId


class FollowRequested(msgspec.Struct, frozen=True):
    """Somebody asks a locked account to be let in."""

    request: Follow
    follower: Account
    followed: Account


class FollowRequestEnded(msgspec.Struct, frozen=True):
    """A request is gone: accepted, rejected or taken back."""

    follower_id: AccountId
    followed_id: AccountId
    accepted: bool
