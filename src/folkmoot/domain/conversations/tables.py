"""conversations, and the posts in each."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

conversations = table(
    "conversations",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("thread_id", Id, nullable=False),
    sa.Column("participants", sa.Text, nullable=False),
    sa.Column("last_post_id", Id, nullable=False),
    sa.Column("unread", sa.Boolean, nullable=False),
    sa.UniqueConstraint("account_id", "thread_id", "participants", name="conversations_key"),
    sa.Index("conversations_account", "account_id", "last_post_id"),
)

conversation_posts = table(
    "conversation_posts",
    sa.Column("conversation_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Index("conversation_posts_post", "post_id"),
)
