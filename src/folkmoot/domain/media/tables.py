"""attachments."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

attachments = table(
    "attachments",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("post_id", Id),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # image, gifv, video, audio, unknown
    sa.Column("state", sa.Text, nullable=False),  # processing, ready, failed
    sa.Column("original", sa.Text, nullable=False),  # storage keys
    sa.Column("preview", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("blurhash", sa.Text, nullable=False),
    sa.Column("meta", sa.Text, nullable=False),
    sa.Column("bytes", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("attachments_post", "post_id", "position"),
    sa.Index("attachments_account", "account_id", "id"),
)
