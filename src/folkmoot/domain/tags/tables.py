"""tags, and which posts carry them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

tags = table(
    "tags",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),  # normalised
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
)

# `author_id` and `listed` stand here too, so that a tag's page and an account's tagged posts are
# each one range of an index.
post_tags = table(
    "post_tags",
    sa.Column("tag_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Index("post_tags_post", "post_id"),
    sa.Index("post_tags_author", "author_id", "tag_id", "post_id"),
)
