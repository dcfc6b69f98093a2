"""Writes of feeds: each placing is one statement, however many followers there are."""

import sqlalchemy as sa

from folkmoot.domain.posts.model import Post
from folkmoot.domain.relationships.tables import follows
from folkmoot.domain.timelines.tables import feed_entries
from folkmoot.kit.db import Id, Tx, command, insert_all, param

_INSERT = insert_all(feed_entries, or_ignore=True)
_ENTRY = ("feed_id", "post_id", "author_id", "origin_id", "origin_author_id")


def _entry(feed_id: sa.Column[int]) -> sa.Select[tuple[int, ...]]:
    return sa.select(
        feed_id,
        param("post_id", Id),
        param("author_id", Id),
        param("origin_id", Id),
        param("origin_author_id", Id),
    )


def _text(literal: str) -> sa.ColumnClause[str]:
    return sa.literal_column(literal, sa.Text)


_speaks = sa.or_(
    follows.c.languages == sa.literal_column("''"),
    param("language", sa.Text) == sa.literal_column("''"),
    follows.c.languages.like(
        _text("'% '").concat(param("language", sa.Text)).concat(_text("' %'"))
    ),
)
_to_followers = _entry(follows.c.follower_id).where(
    follows.c.followed_id == param("author_id", Id), _speaks
)
_other = follows.alias("other")
# An answer reaches those followers of its author who also follow whom it answers.
_follows_parent = sa.or_(
    follows.c.follower_id == param("parent_author_id", Id),
    sa.exists(
        sa.select(sa.literal_column("1")).where(
            _other.c.follower_id == follows.c.follower_id,
            _other.c.followed_id == param("parent_author_id", Id),
        )
    ),
)
_recent = (
    sa.select(feed_entries.c.origin_id)
    .where(feed_entries.c.feed_id == follows.c.follower_id)
    .order_by(feed_entries.c.post_id.desc())
    .limit(sa.literal_column("40"))
    .correlate(follows)
    .subquery("recent")
)
_seen_lately = sa.exists(
    sa.select(sa.literal_column("1")).where(_recent.c.origin_id == param("origin_id", Id))
)


def _place(select: sa.Select[tuple[int, ...]]) -> sa.Insert:
    return sa.insert(feed_entries).from_select(_ENTRY, select)


_PLACE_POST = command(_place(_to_followers))
_PLACE_REPLY = command(_place(_to_followers.where(_follows_parent)))
_PLACE_BOOST = command(
    _place(_to_followers.where(follows.c.show_boosts == sa.true(), ~_seen_lately))
)


def place_post(tx: Tx, post: Post, *, original: Post | None = None) -> None:
    """Puts a post, or a boost of `original`, into the feeds of its author and their followers."""
    origin = original or post
    entry = {
        "post_id": post.id,
        "author_id": post.author_id,
        "origin_id": origin.id,
        "origin_author_id": origin.author_id,
    }
    tx.run(_INSERT, feed_id=post.author_id, **entry)
    if original is not None:
        tx.run(_PLACE_BOOST, **entry, language=original.language)
    elif post.in_reply_to_account_id in (None, post.author_id):
        tx.run(_PLACE_POST, **entry, language=post.language)
    else:
        parent = post.in_reply_to_account_id
        tx.run(_PLACE_REPLY, **entry, language=post.language, parent_author_id=parent)
