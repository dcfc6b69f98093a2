"""favourites, bookmarks, muted threads."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

favourites = table(
    "favourites",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("favourites_account", "account_id", "id"),
    sa.Index("favourites_post", "post_id", "id"),
)

bookmarks = table(
    "bookmarks",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("bookmarks_account", "account_id", "id"),
    sa.Index("bookmarks_post", "post_id"),
)

thread_mutes = table(
    "thread_mutes",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("thread_id", Id, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("thread_mutes_thread", "thread_id"),
)
