"""Feeds and markers as values."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from folkmoot.domain.posts.model import Post, PostId, Visibility
from folkmoot.kit.errors import Conflict, Invalid


class MarkerInvalid(Invalid):
    """A marker needs the id of what was read last"""


class MarkerConflict(Conflict):
    """Conflict during update, please try again"""


class Entry(msgspec.Struct, frozen=True):
    """What a feed keeps of a post: enough to leave out hidden authors without reading it."""

    post_id: int
    author_id: int
    origin_id: int
    origin_author_id: int


def entry_of(post: Post, original: Post | None = None) -> Entry:
    """The entry of a post, or of a boost of `original`."""
    origin = original or post
    return Entry(post.id, post.author_id, origin.id, origin.author_id)


class Source(StrEnum):
    """Where a post's feeds come from, in the order they are filled."""

    FOLLOWERS = "followers"
    LISTS = "lists"
    TAGS = "tags"


class Marker(msgspec.Struct):
    """How far somebody has read a timeline; `version` counts the changes."""

    account_id: int
    timeline: str
    last_read_id: int
    version: int
    updated_at: int


class Overlong(msgspec.Struct):
    """A feed with more posts than are kept: those below `post_id` may go."""

    feed_id: int
    post_id: PostId


TIMELINES = ("home", "notifications")


class Placed(msgspec.Struct, frozen=True):
    """A post in a feed."""

    feed_id: int
    post_id: PostId


class Broadcast(msgspec.Struct, frozen=True):
    """A post that tag pages show and, when `on_page`, the public pages too."""

    id: PostId
    local: bool
    with_media: bool
    on_page: bool


_NAMED_FEEDS = 500


class Loss(msgspec.Struct, frozen=True):
    """Where a deleted post was to be read: in which feeds, None for too many to name, and whether
    on public pages."""

    feeds: frozenset[int] | None
    public: bool


def describe_loss(visibility: int, feeds: Sequence[int]) -> str:
    """A Loss as the detail of a signal."""
    named = " ".join(map(str, feeds)) if len(feeds) <= _NAMED_FEEDS else "*"
    return f"{visibility} {named}"


def read_loss(detail: str) -> Loss:
    """The Loss that `describe_loss` wrote."""
    visibility, *feeds = detail.split()
    named = None if feeds == ["*"] else frozenset(map(int, feeds))
    return Loss(named, visibility == str(int(Visibility.PUBLIC)))
