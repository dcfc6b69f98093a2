"""custom_emojis; announcements with who has read them and how members react; weeks of use."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

custom_emojis = table(
    "custom_emojis",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("shortcode", sa.Text, nullable=False, unique=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),  # storage keys
    sa.Column("static_file", sa.Text, nullable=False),
    sa.Column("in_picker", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

announcements = table(
    "announcements",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("starts_at", Moment),
    sa.Column("ends_at", Moment),
    sa.Column("all_day", sa.Boolean, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

announcement_reads = table(
    "announcement_reads",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("announcement_id", Id, primary_key=True),
    sa.Index("announcement_reads_announcement", "announcement_id"),
)

announcement_reactions = table(
    "announcement_reactions",
    sa.Column("announcement_id", Id, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("announcement_reactions_account", "account_id"),
)

# Counted by a job; weeks begin on Monday, UTC.
usage_weeks = table(
    "usage_weeks",
    sa.Column("starts_at", Moment, primary_key=True, autoincrement=False),
    sa.Column("posts", sa.Integer, nullable=False),
    sa.Column("active", sa.Integer, nullable=False),
    sa.Column("sign_ups", sa.Integer, nullable=False),
)
