"""tags, which posts carry them, who follows and features them, and how much each day."""

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import Term
from folkmoot.kit.db import Id, Moment, table

tags = table(
    "tags",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", Term, nullable=False, unique=True),  # normalised
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
)

# `author_id` and `listed` stand here too, so that a tag's page, an account's tagged posts and
# their number are each one range of an index.
post_tags = table(
    "post_tags",
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Index("post_tags_post", "post_id"),
    sa.Index("post_tags_author", "author_id", "tag_id", "post_id", "listed"),
)

tag_follows = table(
    "tag_follows",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("tag_follows_account", "account_id", "id"),
    sa.Index("tag_follows_tag", "tag_id", "id"),
)

featured_tags = table(
    "featured_tags",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("featured_tags_account", "account_id", "id"),
    sa.Index("featured_tags_tag", "tag_id"),
)

# Derived from the public posts of the last days. `day` is its midnight, UTC.
tag_days = table(
    "tag_days",
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("day", Moment, primary_key=True),
    sa.Column("uses", sa.Integer, nullable=False),
    sa.Column("accounts", sa.Integer, nullable=False),
    sa.Index("tag_days_day", "day", "accounts"),
)
tag_day_authors = table(
    "tag_day_authors",
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("day", Moment, primary_key=True),
    sa.Column("author_id", Id, primary_key=True),
    sa.Index("tag_day_authors_author", "author_id"),
    sa.Index("tag_day_authors_day", "day"),
)
