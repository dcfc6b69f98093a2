"""Follows, follow requests, notes on others, endorsements."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

follows = table(
    "follows",
    sa.Column("follower_id", Id, primary_key=True),
    sa.Column("followed_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("show_boosts", sa.Boolean, nullable=False),
    sa.Column("notify", sa.Boolean, nullable=False),
    sa.Column("languages", sa.Text, nullable=False),  # "" for all, else " en zh "
    sa.Column("in_home", sa.Boolean, nullable=False),  # not when an exclusive list takes the posts
    # With all that decides whether a post is delivered: its followers are read from here alone.
    sa.Index(
        "follows_followed",
        *("followed_id", "id", "follower_id", "in_home", "show_boosts", "languages"),
    ),
    sa.Index("follows_follower", "follower_id", "id"),
)

# The few followers who want to be told of each post; a query must repeat the condition.
WANTS_POSTS = sa.text("follows.notify")
sa.Index(
    "follows_notify",
    follows.c.followed_id,
    sqlite_where=sa.text("notify"),
    postgresql_where=sa.text("notify"),
)

follow_requests = table(
    "follow_requests",
    sa.Column("follower_id", Id, primary_key=True),
    sa.Column("followed_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("show_boosts", sa.Boolean, nullable=False),
    sa.Column("notify", sa.Boolean, nullable=False),
    sa.Column("languages", sa.Text, nullable=False),
    sa.Index("follow_requests_followed", "followed_id", "id"),
    sa.Index("follow_requests_follower", "follower_id", "id"),
)

account_notes = table(
    "account_notes",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("target_id", Id, primary_key=True),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Index("account_notes_target", "target_id"),
)

endorsements = table(
    "endorsements",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("target_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("endorsements_account", "account_id", "id"),
    sa.Index("endorsements_target", "target_id"),
)
