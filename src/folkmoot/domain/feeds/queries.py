"""Reads of feeds, and the conditions by which posts come into them."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.feeds.model import Fresh, Overlong, Placed, Stretch, split_feeds
from folkmoot.domain.feeds.tables import feed_entries, feed_places, fresh_posts
from folkmoot.domain.lists.tables import list_members, lists
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.relationships.tables import follows
from folkmoot.kit.db import Id, Page, Tx, paged_values, param, rows, values, within

_one: Any = sa.literal_column("1")

_FEED = paged_values(
    sa.select(feed_entries.c.post_id).where(
        feed_entries.c.feed_id == param("feed_id"),
        ~is_hidden(feed_entries.c.author_id),
        ~is_hidden(feed_entries.c.origin_author_id),
    ),
    feed_entries.c.post_id,
    PostId,
)

_FRESH_FEED = paged_values(
    sa.select(fresh_posts.c.post_id)
    .distinct()
    .where(
        sa.exists(
            sa.select(_one).where(
                feed_places.c.post_id == fresh_posts.c.post_id,
                feed_places.c.feed_id == param("feed_id", Id),
            )
        ),
        ~is_hidden(fresh_posts.c.author_id),
        ~is_hidden(fresh_posts.c.origin_author_id),
    ),
    fresh_posts.c.post_id,
    PostId,
)


def list_feed(tx: Tx, feed_id: int, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of a home or list feed, without whom the viewer has hidden since."""
    asked = {"feed_id": feed_id, "viewer_id": viewer_id, "now": tx.now}
    found = tx.page(_FEED, page, **asked)
    if not (fresh := tx.page(_FRESH_FEED, page, **asked)):
        return found
    both = sorted({*found, *fresh}, reverse=True)
    return both[: page.limit] if page.min_id is None else both[-page.limit :]


_FRESH = rows(
    sa.select(fresh_posts.c.id, fresh_posts.c.post_id)
    .order_by(fresh_posts.c.post_id, fresh_posts.c.id)
    .limit(param("limit", sa.Integer())),
    Fresh,
)
_FEEDS_WITH = rows(
    sa.select(feed_places.c.feed_id, sa.func.count())
    .where(within(feed_places.c.post_id, "post_ids"))
    .group_by(feed_places.c.feed_id)
    .order_by(feed_places.c.feed_id),
    Stretch,
)


def list_fresh(tx: Tx, limit: int) -> list[Fresh]:
    """Which posts are fresh, the oldest first."""
    return tx.all(_FRESH, limit=limit)


def list_stretches(tx: Tx, post_ids: list[int]) -> list[Stretch]:
    """The feeds that posts are in, in stretches of about as many places."""
    return split_feeds(tx.all(_FEEDS_WITH, post_ids=post_ids))


_FEEDS = values(
    sa.select(feed_entries.c.feed_id)
    .distinct()
    .where(feed_entries.c.feed_id > param("after_id", Id))
    .order_by(feed_entries.c.feed_id)
    .limit(param("limit", sa.Integer())),
    int,
)
_FIRST_TO_GO = rows(
    sa.select(feed_entries.c.feed_id, feed_entries.c.post_id)
    .where(feed_entries.c.feed_id == param("feed_id", Id))
    .order_by(feed_entries.c.post_id.desc())
    .limit(_one)
    .offset(param("offset", sa.Integer())),
    Overlong,
)


def list_feeds(tx: Tx, after_id: int, limit: int) -> list[int]:
    """The next feeds that hold anything."""
    return tx.all(_FEEDS, after_id=after_id, limit=limit)


def list_overlong(tx: Tx, feed_ids: list[int], keep: int) -> list[Overlong]:
    """Those of the feeds that hold more posts than are kept, with the newest that may go."""
    found = (tx.first(_FIRST_TO_GO, feed_id=feed_id, offset=keep) for feed_id in feed_ids)
    return [one for one in found if one is not None]


_PLACED = rows(
    sa.select(feed_places.c.feed_id, feed_places.c.post_id).where(
        within(feed_places.c.feed_id, "feed_ids"), within(feed_places.c.post_id, "post_ids")
    ),
    Placed,
)


def list_placed(tx: Tx, post_ids: list[int], feed_ids: list[int]) -> list[Placed]:
    """Which of the posts are in which of the feeds."""
    if not post_ids or not feed_ids:
        return []
    return tx.all(_PLACED, post_ids=post_ids, feed_ids=feed_ids)


def literal_text(literal: str) -> Any:
    """SQL: a text constant, written with its quotes."""
    return sa.literal_column(literal, sa.Text)


def speaks_one_of(languages: Any, language: Any) -> Any:
    """SQL: whether a post's language is among those a follow asks for, each empty for any."""
    return sa.or_(
        languages == literal_text("''"),
        language == literal_text("''"),
        languages.like(literal_text("'% '").concat(language).concat(literal_text("' %'"))),
    )


def reads_answers_to(reader_id: Any, parent_id: Any) -> Any:
    """SQL: whether a reader is somebody, or follows them."""
    other = follows.alias("other")
    return sa.or_(
        reader_id == parent_id,
        sa.exists(
            sa.select(_one).where(
                other.c.follower_id == reader_id, other.c.followed_id == parent_id
            )
        ),
    )


def seen_lately(feed_id: Any, correlated: Any) -> Any:
    """SQL: whether a feed's newest entries, or the fresh posts in it, hold what is boosted, boosted
    or not."""
    recent = (
        sa.select(feed_entries.c.origin_id)
        .where(feed_entries.c.feed_id == feed_id)
        .order_by(feed_entries.c.post_id.desc())
        .limit(sa.literal_column("40"))
        .correlate(correlated)
        .subquery("recent")
    )
    fresh = (
        sa.select(_one)
        .select_from(fresh_posts.join(feed_places, feed_places.c.post_id == fresh_posts.c.post_id))
        .where(fresh_posts.c.origin_id == param("origin_id", Id), feed_places.c.feed_id == feed_id)
        .correlate(correlated)
    )
    return sa.or_(
        sa.exists(sa.select(_one).where(recent.c.origin_id == param("origin_id", Id))),
        sa.exists(fresh),
    )


def shows_answers_to(parent_id: Any) -> Any:
    """SQL: whether a list shows answers to somebody."""
    fellow = list_members.alias("fellow")
    return sa.or_(
        parent_id == lists.c.account_id,
        sa.and_(
            lists.c.replies_policy == literal_text("'followed'"),
            reads_answers_to(lists.c.account_id, parent_id),
        ),
        sa.and_(
            lists.c.replies_policy == literal_text("'list'"),
            sa.exists(
                sa.select(_one).where(
                    fellow.c.list_id == lists.c.id, fellow.c.account_id == parent_id
                )
            ),
        ),
    )


_FEEDS_OF = values(
    sa.select(feed_places.c.feed_id).where(feed_places.c.post_id == param("post_id")), int
)


def list_feeds_of(tx: Tx, post_id: int) -> list[int]:
    """Every feed that a post stands in."""
    return tx.all(_FEEDS_OF, post_id=post_id)
