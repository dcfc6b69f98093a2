"""What one viewer's eye on a post holds."""

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
