"""Lists as values, and what may not be."""

from enum import StrEnum

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Invalid, NotFound

MAX_TITLE = 256


class ListNotFound(NotFound):
    """Record not found"""


class ListInvalid(Invalid):
    """Validation failed"""


class NotFollowedForList(NotFound):
    """You must be following an account to put it on a list"""


class AlreadyListed(Invalid):
    """Account has already been taken"""


class TooManyLists(Invalid):
    """You may have at most {limit} lists"""


class RepliesPolicy(StrEnum):
    """Which answers to others a list shows: to anybody followed, to the list's own, or none."""

    FOLLOWED = "followed"
    LIST = "list"
    NONE = "none"


class MemberList(msgspec.Struct):
    """A row of lists, in the table's order. The posts of an exclusive list stay out of home."""

    id: int
    account_id: AccountId
    title: str
    replies_policy: str
    exclusive: bool
    created_at: int


def check_title(title: str) -> str:
    """The title without space around it; ListInvalid when it is empty or too long."""
    title = title.strip()
    if not title:
        raise ListInvalid("Title can't be blank")
    if len(title) > MAX_TITLE:
        raise ListInvalid(f"Title is too long (maximum is {MAX_TITLE} characters)")
    return title


def check_policy(policy: str) -> RepliesPolicy:
    """The policy of that name; ListInvalid when there is none."""
    if policy not in set(RepliesPolicy):
        raise ListInvalid(f"'{policy[:40]}' is not a valid replies_policy")
    return RepliesPolicy(policy)
