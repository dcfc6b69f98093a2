"""follows, follow requests, blocks, mutes, and what they hide."""

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
    sa.Index("follows_followed", "followed_id", "id"),
    sa.Index("follows_follower", "follower_id", "id"),
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
)

blocks = table(
    "blocks",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("target_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("blocks_account", "account_id", "id"),
    sa.Index("blocks_target", "target_id"),
)

mutes = table(
    "mutes",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("target_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("hide_notifications", sa.Boolean, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Index("mutes_account", "account_id", "id"),
    sa.Index("mutes_expires", "expires_at"),
)

# Derived from blocks (both ways) and mutes, so that a page asks one question for each author:
# "is this one hidden from me?" `until` is when a timed mute ends; the largest id when never.
hides = table(
    "hides",
    sa.Column("viewer_id", Id, primary_key=True),
    sa.Column("author_id", Id, primary_key=True),
    sa.Column("blocked", sa.Boolean, nullable=False),
    sa.Column("until", Moment, nullable=False),
)
