"""Feeds as values."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from folkmoot.domain.posts.model import Post, PostId, Visibility


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


class Overlong(msgspec.Struct):
    """A feed with more posts than are kept: `post_id` and those below may go."""

    feed_id: int
    post_id: PostId


class Fresh(msgspec.Struct, frozen=True):
    """A mark on a post that has places which are not among the entries yet."""

    id: int
    post_id: int


class Stretch(msgspec.Struct, frozen=True):
    """Feeds up to `upto_id`, above the stretch before, with so many places."""

    upto_id: int
    places: int


_AT_ONCE = 8_000


def split_feeds(feeds: Sequence[Stretch]) -> list[Stretch]:
    """Feeds, in the order of their ids, as stretches of about `_AT_ONCE` places."""
    made: list[Stretch] = []
    for feed in feeds:
        if made and made[-1].places < _AT_ONCE:
            made[-1] = Stretch(feed.upto_id, made[-1].places + feed.places)
        else:
            made.append(feed)
    return made


class Placed(msgspec.Struct, frozen=True):
    """A post in a feed."""

    feed_id: int
    post_id: PostId


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
