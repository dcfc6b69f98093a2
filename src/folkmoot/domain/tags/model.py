"""Tags as values, and what may be one."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.clock import DAY
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.kit.text import is_tag, normalise_tag

HISTORY_DAYS = 7


class TagInvalid(Invalid):
    """Tag is invalid"""


class FeaturedTagNotFound(NotFound):
    """Record not found"""


class TooManyFeaturedTags(Invalid):
    """You may feature at most {limit} hashtags"""


class Tag(msgspec.Struct):
    """A tag: `name` is how it is compared, `display_name` how it is written."""

    id: int
    name: str
    display_name: str


class ListedTag(msgspec.Struct):
    """A tag in a list that is ordered by `row_id`."""

    row_id: int
    id: int
    name: str
    display_name: str


class TagDay(msgspec.Struct):
    """How much a tag was used on a day: in how many public posts, by how many accounts."""

    tag_id: int
    day: int
    uses: int
    accounts: int


class TagMark(msgspec.Struct):
    """Whether one follows a tag, and features it."""

    tag_id: int
    following: bool
    featuring: bool


class FeaturedTag(msgspec.Struct):
    """A tag on a profile; `last_post_id` tells when it was last used."""

    id: int
    account_id: AccountId
    tag_id: int
    name: str
    display_name: str
    posts_count: int
    last_post_id: int | None


def check_name(name: str) -> tuple[str, str]:
    """The normalised name and the spelling of a tag, with or without `#`; TagInvalid."""
    shown = name.strip().removeprefix("#").removeprefix("＃")
    if not is_tag(shown):
        raise TagInvalid
    return normalise_tag(shown), shown


def list_days(now: int) -> list[int]:
    """The days a history tells of, today first."""
    today = now - now % DAY
    return [today - DAY * back for back in range(HISTORY_DAYS)]
