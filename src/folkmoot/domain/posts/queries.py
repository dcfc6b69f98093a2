"""Reads of posts, and the one place that decides who may see a post."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.posts.model import Post, PostId, PostNotFound
from folkmoot.domain.posts.tables import mentions, posts
from folkmoot.domain.relationships.queries import is_blocked, is_followed
from folkmoot.kit.db import Id, Tx, param, rows, values, within


def visible_to(post: Any = posts) -> Any:
    """SQL: whether parameter `viewer_id` (0 for a visitor) may read a post (I4).

    Public and unlisted posts: everyone but those in a block, either way, with the author.
    Followers-only: the author's followers. Those and direct ones: also whom they mention.
    """
    mentioned = sa.exists(
        sa.select(sa.literal_column("1")).where(
            mentions.c.post_id == post.c.id, mentions.c.account_id == param("viewer_id", Id)
        )
    )
    listed = post.c.visibility <= sa.literal_column("1")
    followers = sa.and_(post.c.visibility == sa.literal_column("2"), is_followed(post.c.author_id))
    return sa.or_(
        post.c.author_id == param("viewer_id", Id),
        sa.and_(sa.or_(listed, followers, mentioned), ~is_blocked(post.c.author_id)),
    )


_BY_ID = rows(sa.select(posts).where(posts.c.id == param("id")), Post)
_BY_IDS = rows(sa.select(posts).where(within(posts.c.id, "ids")), Post)
_VISIBLE = rows(sa.select(posts).where(posts.c.id == param("id"), visible_to()), Post)
_MENTIONED_IDS = values(
    sa.select(mentions.c.account_id).where(mentions.c.post_id == param("post_id")), int
)
_BOOST_BY = rows(
    sa.select(posts).where(
        posts.c.boost_of_id == param("post_id"), posts.c.author_id == param("author_id")
    ),
    Post,
)


def get_post(tx: Tx, post_id: int) -> Post:
    """The post of an id, whoever may see it; PostNotFound when there is none."""
    found = tx.first(_BY_ID, id=post_id)
    if found is None:
        raise PostNotFound
    return found


def get_visible_post(tx: Tx, post_id: int, *, viewer_id: int) -> Post:
    """The post of an id if the viewer (0: a visitor) may read it; PostNotFound otherwise.

    Of a boost, the boosted post's visibility counts as well.
    """
    found = tx.first(_VISIBLE, id=post_id, viewer_id=viewer_id)
    if found is None:
        raise PostNotFound
    if found.boost_of_id is not None:
        get_visible_post(tx, found.boost_of_id, viewer_id=viewer_id)
    return found


def get_original(tx: Tx, post_id: int, *, viewer_id: int) -> Post:
    """What `post_id` means to someone acting on it: the post itself, or what it boosts."""
    found = get_visible_post(tx, post_id, viewer_id=viewer_id)
    return found if found.boost_of_id is None else get_post(tx, found.boost_of_id)


def list_posts(tx: Tx, ids: list[PostId]) -> dict[PostId, Post]:
    """The posts that exist among these ids, whoever may see them."""
    return {p.id: p for p in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_mentioned_ids(tx: Tx, post_id: PostId) -> list[int]:
    """Whom a post mentions."""
    return tx.all(_MENTIONED_IDS, post_id=post_id)


def find_boost(tx: Tx, author_id: int, post_id: int) -> Post | None:
    """An account's boost of a post."""
    return tx.first(_BOOST_BY, author_id=author_id, post_id=post_id)


_BOOSTS = rows(sa.select(posts).where(posts.c.boost_of_id == param("post_id")), Post)


def list_boosts(tx: Tx, post_id: PostId) -> list[Post]:
    """Every boost of a post."""
    return tx.all(_BOOSTS, post_id=post_id)
