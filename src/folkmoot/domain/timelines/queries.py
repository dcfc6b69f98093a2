"""Pages of post ids: the skeletons of timelines."""

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.queries import visible_to
from folkmoot.domain.posts.tables import HAS_MEDIA, IS_PUBLIC_PAGE, posts
from folkmoot.domain.relationships.queries import is_hidden
from folkmoot.domain.timelines.tables import feed_entries
from folkmoot.kit.db import Page, Paged, Tx, paged_values, param

_FEED = paged_values(
    sa.select(feed_entries.c.post_id).where(
        feed_entries.c.feed_id == param("feed_id"),
        ~is_hidden(feed_entries.c.author_id),
        ~is_hidden(feed_entries.c.origin_author_id),
    ),
    feed_entries.c.post_id,
    PostId,
)
_not_limited = sa.exists(
    sa.select(sa.literal_column("1")).where(
        accounts.c.id == posts.c.author_id,
        accounts.c.limited_at.is_(None),
        accounts.c.suspended_at.is_(None),
    )
)
_public = sa.select(posts.c.id).where(IS_PUBLIC_PAGE, _not_limited)
_PUBLIC: dict[tuple[bool, bool], Paged[PostId]] = {
    (False, False): paged_values(_public, posts.c.id, PostId),
    (True, False): paged_values(_public.where(~is_hidden(posts.c.author_id)), posts.c.id, PostId),
    (False, True): paged_values(_public.where(HAS_MEDIA), posts.c.id, PostId),
    (True, True): paged_values(
        _public.where(~is_hidden(posts.c.author_id), HAS_MEDIA), posts.c.id, PostId
    ),
}
_ACCOUNT = paged_values(
    sa.select(posts.c.id).where(posts.c.author_id == param("author_id"), visible_to()),
    posts.c.id,
    PostId,
)


def list_feed(tx: Tx, feed_id: int, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of a home or list feed, without whom the viewer has hidden since."""
    return tx.page(_FEED, page, feed_id=feed_id, viewer_id=viewer_id, now=tx.now)


def list_public(tx: Tx, page: Page, *, viewer_id: int, only_media: bool = False) -> list[PostId]:
    """A page of all public posts and answers to oneself."""
    query = _PUBLIC[viewer_id != 0, only_media]
    return tx.page(query, page, viewer_id=viewer_id, now=tx.now)


def list_account_posts(tx: Tx, author_id: int, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of an account's posts that the viewer may read."""
    return tx.page(_ACCOUNT, page, author_id=author_id, viewer_id=viewer_id)
