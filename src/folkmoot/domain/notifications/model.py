"""Notifications as values, and the rules of who is told what."""

from enum import StrEnum

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.kit import clock
from folkmoot.kit.errors import NotFound
from folkmoot.kit.ids import time_of

SAMPLE = 8
# A group takes up what follows within half a day of its first hour.
GROUP_HOURS = 12
UNGROUPED = "ungrouped"


class Kind(StrEnum):
    """What happened."""

    MENTION = "mention"
    POST = "post"
    BOOST = "boost"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FAVOURITE = "favourite"
    POLL = "poll"
    EDIT = "edit"
    QUOTE = "quote"
    QUOTED_EDIT = "quoted_edit"
    SIGN_UP = "sign_up"
    REPORT = "report"
    SEVERANCE = "severance"
    WARNING = "warning"
    COLLECTED = "collected"
    COLLECTION_EDIT = "collection_edit"


GROUPED = frozenset({Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW, Kind.SIGN_UP})
# What a stranger can do to somebody: a policy may hold it back.
_FILTERED = frozenset(
    {
        *(Kind.MENTION, Kind.BOOST, Kind.FOLLOW, Kind.FOLLOW_REQUEST, Kind.FAVOURITE),
        *(Kind.QUOTE, Kind.COLLECTED, Kind.COLLECTION_EDIT),
    }
)
_ALSO_FROM_ONESELF = frozenset({Kind.POLL, Kind.SEVERANCE, Kind.WARNING})


class NotificationNotFound(NotFound):
    """Record not found"""


class RequestNotFound(NotFound):
    """Record not found"""


class Notification(msgspec.Struct):
    """A row of notifications, in the table's order.

    `from_id` is who did it; `post_id` the post shown with it; `subject_id` a report, decision or
    collection; `detail` what else there is to say, as JSON of the kind's struct. `filtered` is 1
    while the member's policy holds it back.
    """

    id: int
    account_id: AccountId
    from_id: AccountId
    kind: Kind
    post_id: PostId | None
    subject_id: int | None
    detail: str
    group_key: str
    filtered: int

    @property
    def created_at(self) -> int:
        return time_of(self.id)


class Listed(Notification):
    """A notification on a page, with the revision of the account that it comes from."""

    from_rev: int


class Group(msgspec.Struct):
    """A row of notification_groups, in the table's order; `sample` lists accounts, last first."""

    account_id: AccountId
    group_key: str
    kind: Kind
    post_id: PostId | None
    latest_id: int
    oldest_id: int
    count: int
    sample: str
    filtered: int

    @property
    def sample_ids(self) -> list[AccountId]:
        return [AccountId(int(text)) for text in self.sample.split()]


class Request(msgspec.Struct):
    """A row of notification_requests: somebody whose notifications are held back."""

    account_id: AccountId
    from_id: AccountId
    id: int
    last_post_id: PostId | None
    count: int
    created_at: int
    updated_at: int


class Summary(msgspec.Struct):
    """How much is held back: from how many accounts, how many notifications."""

    requests: int
    notifications: int


class Severance(msgspec.Struct, frozen=True):
    """The detail of Kind.SEVERANCE: follows that ended because of a block.

    `cause` is domain_block, user_domain_block or account_suspension; `target` a domain or name.
    """

    cause: str
    target: str
    followers: int
    following: int


class Warned(msgspec.Struct, frozen=True):
    """The detail of Kind.WARNING: what was done to the member's account or posts, and why."""

    action: str
    text: str
    post_ids: tuple[int, ...] = ()


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell members of: one happening, for any number of recipients."""

    kind: Kind
    sender: Account
    post: Post | None = None
    subject_id: int | None = None
    detail: str = ""


def tells_oneself(kind: Kind) -> bool:
    """Whether a member is told of this also when they did it themselves."""
    return kind in _ALSO_FROM_ONESELF


def may_be_held_back(kind: Kind) -> bool:
    """Whether a policy about strangers applies to this."""
    return kind in _FILTERED


def group_prefix(kind: Kind, post_id: int | None) -> str:
    """What the keys of a kind's groups begin with, about one post where there is one."""
    return f"{kind}-{post_id}" if post_id else str(kind)


def recent_keys(prefix: str, now: int) -> list[str]:
    """The keys of groups that still take up what happens now, newest first."""
    hour = now // clock.HOUR
    return [f"{prefix}-{hour - back}" for back in range(GROUP_HOURS)]


def add_to_sample(sample: str, account_id: int) -> str:
    """The sample with an account put in front, each account once."""
    first = str(account_id)
    others = [text for text in sample.split() if text != first]
    return " ".join([first, *others][:SAMPLE])
