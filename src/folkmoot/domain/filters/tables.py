"""filters, their keywords and posts."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

filters = table(
    "filters",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("contexts", sa.Text, nullable=False),  # "home public"
    sa.Column("action", sa.Text, nullable=False),  # warn, hide, blur
    sa.Column("expires_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("filters_account", "account_id", "id"),
)

filter_keywords = table(
    "filter_keywords",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("filter_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("keyword", sa.Text, nullable=False),
    sa.Column("whole_word", sa.Boolean, nullable=False),
    sa.Index("filter_keywords_account", "account_id", "id"),
    sa.Index("filter_keywords_filter", "filter_id"),
)

filter_posts = table(
    "filter_posts",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("filter_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("post_id", Id, nullable=False),
    sa.UniqueConstraint("filter_id", "post_id"),
    sa.Index("filter_posts_account", "account_id", "id"),
    sa.Index("filter_posts_post", "post_id"),
)
