"""Custom emoji, announcements and weeks of use as values."""

import re
from typing import NewType

import msgspec
import regex

from folkmoot.kit.errors import Conflict, Invalid, NotFound

EmojiId = NewType("EmojiId", int)
AnnouncementId = NewType("AnnouncementId", int)

MAX_ANNOUNCEMENT_CHARS = 10_000
MAX_REACTIONS = 8
_MAX_EMOJI_CHARS = 20

# One pictogram with its variants and joined parts, a flag, or a keycap (UTS 51).
_UNICODE_EMOJI = regex.compile(
    r"[\p{Extended_Pictographic}\p{Emoji_Presentation}][\p{Emoji_Component}\p{Emoji}]*"
    r"|\p{Regional_Indicator}{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
)
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")


class EmojiNotFound(NotFound):
    """There is no such emoji"""


class EmojiExists(Conflict):
    """There is an emoji of this name already"""


class ShortcodeInvalid(Invalid):
    """A shortcode has two to 64 letters, digits and underscores"""


class AnnouncementNotFound(NotFound):
    """Record not found"""


class AnnouncementInvalid(Invalid):
    """An announcement needs a text of at most 10,000 characters, and an end after its start"""


class UnknownReaction(Invalid):
    """Validation failed: Name is not a recognized emoji"""


class TooManyReactions(Invalid):
    """Validation failed: Limit of different reactions reached"""


class Emoji(msgspec.Struct, frozen=True):
    """A row of custom_emojis, in the table's order."""

    id: EmojiId
    shortcode: str
    category: str
    file: str
    static_file: str
    in_picker: bool
    created_at: int


class Announcement(msgspec.Struct, frozen=True):
    """A row of announcements, in the table's order; `starts_at` and `ends_at` are those of what
    is announced, and it is shown until then.
    """

    id: AnnouncementId
    text: str
    starts_at: int | None
    ends_at: int | None
    all_day: bool
    published_at: int
    updated_at: int


class Reaction(msgspec.Struct, frozen=True):
    """How often members reacted by one emoji, and whether the reader did."""

    announcement_id: AnnouncementId
    name: str
    count: int
    mine: bool


class DatabaseFacts(msgspec.Struct, frozen=True):
    """Which database it is; its size in bytes."""

    name: str
    version: str
    size: int


class UsageWeek(msgspec.Struct, frozen=True):
    """A row of usage_weeks, in the table's order."""

    starts_at: int
    posts: int
    active: int
    sign_ups: int


def check_shortcode(shortcode: str) -> str:
    """The shortcode itself; ShortcodeInvalid when it is none."""
    if not _SHORTCODE.fullmatch(shortcode):
        raise ShortcodeInvalid
    return shortcode


def is_unicode_emoji(text: str) -> bool:
    return len(text) <= _MAX_EMOJI_CHARS and _UNICODE_EMOJI.fullmatch(text) is not None
