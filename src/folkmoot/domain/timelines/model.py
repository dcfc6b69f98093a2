"""Feeds and markers as values."""

from enum import StrEnum

import msgspec

from folkmoot.domain.posts.model import Post, PostId
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
