"""Scheduled posts as values, and when one may be scheduled for."""

from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import Draft
from folkmoot.kit import clock
from folkmoot.kit.errors import Forbidden, Invalid, NotFound

ScheduledId = NewType("ScheduledId", int)

NOT_BEFORE = 5 * clock.MINUTE


class ScheduledNotFound(NotFound):
    """Record not found"""


class TooSoon(Invalid):
    """Scheduled at The scheduled date must be at least five minutes in the future"""


class TooManyScheduled(Invalid):
    """You have exceeded the limit of {most} scheduled posts"""


class TooManyThatDay(Invalid):
    """You have exceeded the limit of {most} scheduled posts for that day"""


class AuthorGone(Forbidden):
    """The account can no longer publish"""


class Scheduled(msgspec.Struct):
    """A row of scheduled_posts, in the table's order."""

    id: ScheduledId
    account_id: AccountId
    draft: str
    publish_at: int
    created_at: int
    failed_at: int | None
    error: str


def decode_draft(scheduled: Scheduled) -> Draft:
    return msgspec.json.decode(scheduled.draft, type=Draft)
