"""Writes of feeds: each placing is one statement, however many followers there are."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.posts.model import Post
from folkmoot.domain.posts.tables import posts
from folkmoot.domain.relationships.model import Follow
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


def _speaks_one_of(languages: Any, language: Any) -> Any:
    """SQL: whether a post's language is among those a follow asks for, each empty for any."""
    return sa.or_(
        languages == _text("''"),
        language == _text("''"),
        languages.like(_text("'% '").concat(language).concat(_text("' %'"))),
    )


_speaks = _speaks_one_of(follows.c.languages, param("language", sa.Text))
_to_followers = _entry(follows.c.follower_id).where(
    follows.c.followed_id == param("author_id", Id), follows.c.in_home == sa.true(), _speaks
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


_RECENT = 40
_post = (
    sa.select(posts)
    .where(
        posts.c.author_id == param("author_id", Id), posts.c.visibility <= sa.literal_column("2")
    )
    .order_by(posts.c.id.desc())
    .limit(param("limit", sa.Integer()))
    .subquery("post")
)
_original = posts.alias("original")
_mine = feed_entries.alias("mine")
_already = sa.exists(
    sa.select(sa.literal_column("1")).where(
        _mine.c.feed_id == param("feed_id", Id), _mine.c.origin_id == _post.c.boost_of_id
    )
)
_answers_somebody_followed = sa.exists(
    sa.select(sa.literal_column("1")).where(
        follows.c.follower_id == param("follower_id", Id),
        follows.c.followed_id == _post.c.in_reply_to_account_id,
    )
)
_FILL = command(
    postgresql.insert(feed_entries)
    .from_select(
        _ENTRY,
        sa.select(
            param("feed_id", Id),
            _post.c.id,
            _post.c.author_id,
            sa.func.coalesce(_post.c.boost_of_id, _post.c.id),
            sa.func.coalesce(_original.c.author_id, _post.c.author_id),
        )
        .select_from(_post.outerjoin(_original, _original.c.id == _post.c.boost_of_id))
        .where(
            sa.or_(
                _post.c.boost_of_id.is_(None),
                sa.and_(param("show_boosts", sa.Boolean) == sa.true(), ~_already),
            ),
            sa.or_(
                _post.c.in_reply_to_account_id.is_(None),
                _post.c.in_reply_to_account_id == _post.c.author_id,
                _post.c.in_reply_to_account_id == param("follower_id", Id),
                _answers_somebody_followed,
            ),
            _speaks_one_of(
                param("languages", sa.Text),
                sa.func.coalesce(_original.c.language, _post.c.language),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
_CLEAR_AUTHOR = command(
    sa.delete(feed_entries).where(
        feed_entries.c.feed_id == param("feed_id"), feed_entries.c.author_id == param("author_id")
    )
)
_CLEAR_ORIGIN = command(
    sa.delete(feed_entries).where(
        feed_entries.c.feed_id == param("feed_id"),
        feed_entries.c.origin_author_id == param("author_id"),
    )
)


def fill_from(tx: Tx, follow: Follow) -> None:
    """Puts the latest posts of somebody newly followed into the follower's home."""
    tx.run(
        _FILL,
        feed_id=follow.follower_id,
        follower_id=follow.follower_id,
        author_id=follow.followed_id,
        show_boosts=follow.show_boosts,
        languages=follow.languages,
        limit=_RECENT,
    )


def clear_author(tx: Tx, feed_id: int, author_id: int) -> None:
    """Takes an account's posts and boosts out of a feed."""
    tx.run(_CLEAR_AUTHOR, feed_id=feed_id, author_id=author_id)


def clear_everything_of(tx: Tx, feed_id: int, author_id: int) -> None:
    """Takes an account's posts out of a feed, also those that others boosted."""
    clear_author(tx, feed_id, author_id)
    tx.run(_CLEAR_ORIGIN, feed_id=feed_id, author_id=author_id)
