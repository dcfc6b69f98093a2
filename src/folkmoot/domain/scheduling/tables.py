"""scheduled_posts."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# `draft` is a posts.model.Draft as JSON. A post that could not be published stays, with the
# reason, until its author moves or cancels it.
scheduled_posts = table(
    "scheduled_posts",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("publish_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("failed_at", Moment),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index("scheduled_posts_account", "account_id", "id"),
    sa.Index("scheduled_posts_day", "account_id", "publish_at"),
)
