"""Facts about posts. Each carries the whole post, so that a reaction needs no read."""

import msgspec

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.posts.model import Post


class PostWritten(msgspec.Struct, frozen=True):
    """A post, not a boost, is written and nobody has heard of it. Who reacts may restrain it; while
    it is withheld, its PostPublished waits.
    """

    post: Post
    author: Account


class HeldPostEdited(msgspec.Struct, frozen=True):
    """A post of which nobody has heard yet, since it is held, has a new text, media or poll."""

    post: Post
    author: Account


class PostPublished(msgspec.Struct, frozen=True):
    """A post, not a boost, appeared."""

    post: Post
    author: Account
    mentioned_ids: tuple[int, ...]


class PostImported(msgspec.Struct, frozen=True):
    """A post from elsewhere stands on its author's profile, at its old date. Nobody is told."""

    post: Post
    author: Account


class PostQuoted(msgspec.Struct, frozen=True):
    """A post shows another; announced after its PostPublished."""

    post: Post
    quoted: Post
    author: Account


class PostBoosted(msgspec.Struct, frozen=True):
    """A boost appeared of an original."""

    boost: Post
    original: Post
    booster: Account


class PostEdited(msgspec.Struct, frozen=True):
    """A post has a new text, media or poll. Of those it mentions now, `added_ids` are new."""

    post: Post
    author: Account
    mentioned_ids: tuple[int, ...]
    added_ids: tuple[int, ...] = ()


class PostDeleted(msgspec.Struct, frozen=True):
    """A post or boost goes, and each room forgets what it holds of it (I8)."""

    post: Post


class PostRestrained(msgspec.Struct, frozen=True):
    """What decisions do to a published post is another from now on; `before` it was this."""

    post: Post
    before: Post


class PostTouched(msgspec.Struct, frozen=True):
    """Something shown with a post changed (a poll's votes, a card, a quote): who presents it
    looks anew.
    """

    post: Post
