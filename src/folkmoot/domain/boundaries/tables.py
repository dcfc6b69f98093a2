"""Blocks, mutes, blocked domains, and what they hide."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

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
