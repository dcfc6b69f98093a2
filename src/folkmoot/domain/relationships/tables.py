"""follows, follow requests, blocks, mutes and what they hide; notes on others, endorsements."""

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
    sa.Index("mutes_target", "target_id"),
    sa.Index("mutes_expires", "expires_at"),
)

# Derived from blocks (both ways), mutes and blocked domains, so that a page asks one question for
# each author: "is this one hidden from me?" `until` is when a timed mute ends, else FOREVER.
hides = table(
    "hides",
    sa.Column("viewer_id", Id, primary_key=True),
    sa.Column("author_id", Id, primary_key=True),
    sa.Column("blocked", sa.Boolean, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Index("hides_author", "author_id"),
)

domain_blocks = table(
    "domain_blocks",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("domain", sa.Text, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("domain_blocks_account", "account_id", "id"),
    sa.Index("domain_blocks_domain", "domain"),
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
