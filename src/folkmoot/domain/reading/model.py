"""What one viewer's eye on a post holds."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.posts.model import PostId


class Stamp(msgspec.Struct):
    """A post as a viewer meets it: which revision of it and its author to show, the counts, and
    the viewer's own flags. What does not depend on the viewer can be kept by revision.
    """

    id: PostId
    rev: int
    author_id: AccountId
    author_rev: int
    boost_of_id: PostId | None
    quote_of_id: PostId | None
    quote_state: str
    quote_policy: str
    poll_id: int | None
    visibility: int
    replies_count: int
    boosts_count: int
    favourites_count: int
    quotes_count: int
    pinned: bool
    favourited: bool
    boosted: bool
    bookmarked: bool
    thread_muted: bool
    may_quote: bool


class Mark(msgspec.Struct, frozen=True):
    """A viewer who has a favourite, bookmark or boost of a post, or has muted its thread."""

    viewer_id: AccountId
    post_id: PostId


class Aside(msgspec.Struct):
    """A post whose author the viewer has muted or blocked, or is blocked by."""

    post_id: PostId
    blocking: bool
    blocked: bool


class Above(msgspec.Struct):
    """A step up a thread; not `shown` when the viewer does not want to see its author."""

    id: PostId
    shown: bool


class Below(msgspec.Struct):
    """A step down a thread; `to_self` when its author answers themselves."""

    id: PostId
    in_reply_to_id: PostId
    to_self: bool
    shown: bool


def order_thread(steps: Sequence[Below], root: PostId) -> list[Below]:
    """The steps below `root`, each followed by what answers it, oldest first."""
    answers: defaultdict[PostId, list[Below]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.id, reverse=True):
        answers[step.in_reply_to_id].append(step)
    ordered: list[Below] = []
    waiting = answers.pop(root, [])
    while waiting:
        step = waiting.pop()
        ordered.append(step)
        waiting += answers.pop(step.id, [])
    return ordered
