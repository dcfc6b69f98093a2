"""Posts as values, and what makes a draft valid."""

from enum import IntEnum, StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Forbidden, Invalid, NotFound

PostId = NewType("PostId", int)


class Visibility(IntEnum):
    """Who may read a post; the larger, the fewer."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3


class QuotePolicy(StrEnum):
    """Who may quote a post beside its author."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class QuoteState(StrEnum):
    """Whether the quoted author agreed; only an accepted quote shows what it quotes."""

    NONE = ""
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class PostNotFound(NotFound):
    """Record not found"""


class PostInvalid(Invalid):
    """Validation failed"""


class NotYourPost(Forbidden):
    """This action is not allowed"""


class Mentioned(msgspec.Struct, frozen=True):
    """A mentioned account as the post keeps it, to be presented without a look-up."""

    id: AccountId
    username: str
    acct: str
    url: str


class Post(msgspec.Struct):
    """A row of posts, in the table's order. A boost has `boost_of_id` and no text of its own."""

    id: PostId
    author_id: AccountId
    text: str
    html: str
    spoiler_text: str
    visibility: int
    language: str
    sensitive: bool
    in_reply_to_id: PostId | None
    in_reply_to_account_id: AccountId | None
    thread_id: PostId
    boost_of_id: PostId | None
    quote_of_id: PostId | None
    quote_state: str
    quote_policy: str
    app_id: int | None
    mentions: str
    tags: str
    media_count: int
    poll_id: int | None
    card_id: int | None
    url: str
    uri: str
    created_at: int
    edited_at: int | None
    pinned_at: int | None
    rev: int
    replies_count: int
    boosts_count: int
    favourites_count: int
    quotes_count: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member wants to publish."""

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    in_reply_to_id: PostId | None = None
    quote_of_id: PostId | None = None
    quote_policy: QuotePolicy = QuotePolicy.PUBLIC
    media_ids: tuple[int, ...] = ()
    app_id: int | None = None


def decode_mentions(post: Post) -> list[Mentioned]:
    return msgspec.json.decode(post.mentions, type=list[Mentioned])


def decode_tags(post: Post) -> list[str]:
    return msgspec.json.decode(post.tags, type=list[str])
