"""posts and mentions."""

from typing import Any

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

posts = table(
    "posts",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("spoiler_text", sa.Text, nullable=False),
    sa.Column("visibility", sa.SmallInteger, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("in_reply_to_id", Id),
    # Whom an answer answers: 0 for somebody who is gone or was never here.
    sa.Column("in_reply_to_account_id", Id),
    sa.Column("thread_id", Id, nullable=False),
    sa.Column("boost_of_id", Id),
    sa.Column("quote_of_id", Id),
    sa.Column("quote_state", sa.Text, nullable=False),
    sa.Column("quote_policy", sa.Text, nullable=False),
    sa.Column("app_id", Id),
    sa.Column("mentions", sa.Text, nullable=False),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("media_count", sa.SmallInteger, nullable=False),
    sa.Column("poll_id", Id),
    sa.Column("card_id", Id),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("uri", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("edited_at", Moment),
    sa.Column("pinned_at", Moment),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("replies_count", sa.Integer, nullable=False),
    sa.Column("boosts_count", sa.Integer, nullable=False),
    sa.Column("favourites_count", sa.Integer, nullable=False),
    sa.Column("quotes_count", sa.Integer, nullable=False),
    sa.Column("local", sa.Boolean, nullable=False),  # written here, not on another server
    sa.Column("meant_for", sa.SmallInteger, nullable=False),
    sa.Column("screened", sa.Boolean, nullable=False),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("announced", sa.Boolean, nullable=False),
)

# What public pages hold: public originals and answers to oneself. An answer stays one when what
# it answered is deleted, so it is told by whom it answers. Conditions of partial indexes
# are written as text: a query must repeat them word for word to be served by the index.
IS_PUBLIC_PAGE = sa.text(
    "posts.visibility = 0 AND posts.boost_of_id IS NULL AND "
    "(posts.in_reply_to_account_id IS NULL OR posts.in_reply_to_account_id = posts.author_id)"
)
IS_TOP_LEVEL = sa.text(
    "(posts.boost_of_id IS NOT NULL OR posts.in_reply_to_account_id IS NULL "
    "OR posts.in_reply_to_account_id = posts.author_id)"
)
IS_LOCAL = sa.text("posts.local")
IS_REMOTE = sa.text("NOT posts.local")
HAS_MEDIA = sa.text("posts.media_count > 0")
IS_BOOST = sa.text("posts.boost_of_id IS NOT NULL")
IS_ORIGINAL = sa.text("posts.boost_of_id IS NULL")
IS_DIRECT = sa.text("posts.visibility = 3")
IS_PINNED = sa.text("posts.pinned_at IS NOT NULL")
IS_QUOTE = sa.text("posts.quote_of_id IS NOT NULL")
IS_ANSWER = sa.text("posts.in_reply_to_account_id IS NOT NULL")
IS_REPLY = sa.text("posts.in_reply_to_id IS NOT NULL")


def _index(name: str, *columns: sa.Column[int], where: Any, unique: bool = False) -> None:
    conditions = where if isinstance(where, tuple) else (where,)
    bare = sa.text(" AND ".join(c.text for c in conditions).replace("posts.", ""))
    sa.Index(name, *columns, sqlite_where=bare, postgresql_where=bare, unique=unique)


_c = posts.c
sa.Index("posts_author", _c.author_id, _c.id)
_index("posts_author_original", _c.author_id, _c.id, where=IS_ORIGINAL)
_index("posts_author_top_level", _c.author_id, _c.id, where=IS_TOP_LEVEL)
_index("posts_author_media", _c.author_id, _c.id, where=HAS_MEDIA)
_index("posts_author_pinned", _c.author_id, _c.id, where=IS_PINNED)
_index("posts_author_direct", _c.author_id, _c.id, where=IS_DIRECT)
_index("posts_public", _c.id, where=IS_PUBLIC_PAGE)
_index("posts_public_local", _c.id, where=(IS_PUBLIC_PAGE, IS_LOCAL))
_index("posts_public_remote", _c.id, where=(IS_PUBLIC_PAGE, IS_REMOTE))
_index("posts_public_media", _c.id, where=(IS_PUBLIC_PAGE, HAS_MEDIA))
_index("posts_public_local_media", _c.id, where=(IS_PUBLIC_PAGE, IS_LOCAL, HAS_MEDIA))
_index("posts_public_remote_media", _c.id, where=(IS_PUBLIC_PAGE, IS_REMOTE, HAS_MEDIA))
_index("posts_reply", _c.in_reply_to_id, _c.id, where=IS_REPLY)
_index("posts_answered", _c.in_reply_to_account_id, _c.id, where=IS_ANSWER)
_index("posts_boost", _c.author_id, _c.boost_of_id, where=IS_BOOST, unique=True)
_index("posts_boosts", _c.boost_of_id, _c.id, where=IS_BOOST)
_index("posts_quote", _c.quote_of_id, _c.id, where=IS_QUOTE)

mentions = table(
    "mentions",
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("silent", sa.Boolean, nullable=False),
    sa.Index("mentions_account", "account_id", "post_id"),
)
