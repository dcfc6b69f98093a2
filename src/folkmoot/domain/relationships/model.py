"""Relationships as values, and what may not be."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Forbidden, Invalid, NotFound

MAX_COMMENT = 2_000


class FollowNotAllowed(Forbidden):
    """This action is not allowed"""


class TooManyFollows(Invalid):
    """You cannot follow more than {limit} people"""


class CommentTooLong(Invalid):
    """Comment is too long (maximum is {limit} characters)"""


class NotFollowed(Invalid):
    """You must be already following the person you want to endorse"""


class RequestNotFound(NotFound):
    """Record not found"""


class FollowOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to receive of a followed account; None leaves a choice as it is, or at its default.

    `languages` empty means all.
    """

    show_boosts: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


class Follow(msgspec.Struct):
    """A follow, or a request for one. `in_home` is false while an exclusive list has the posts."""

    id: int
    follower_id: AccountId
    followed_id: AccountId
    show_boosts: bool
    notify: bool
    languages: str
    in_home: bool = True


class Tie(msgspec.Struct):
    """How one account stands to another, seen from the first."""

    target_id: AccountId
    follow_id: int | None
    show_boosts: bool
    notify: bool
    languages: str
    request_id: int | None
    requested_boosts: bool
    requested_notify: bool
    requested_languages: str
    mute_id: int | None
    hides_notifications: bool
    mute_expires_at: int | None
    comment: str
    followed_by: bool
    requested_by: bool
    blocking: bool
    blocked_by: bool
    domain_blocking: bool
    endorsed: bool


def pack_languages(languages: tuple[str, ...]) -> str:
    """Languages as one text in which ` en ` can be looked for; empty for all."""
    return f" {' '.join(sorted(set(languages)))} " if languages else ""
