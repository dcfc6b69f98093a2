"""attachments."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# `post_id` is the post that shows it, `scheduled_id` the scheduled post that will; while there is
# neither, `loose_at` says since when, and after a while it is deleted. A negative `position` is an
# attachment that an edit took off its post: only the post's history shows it.
attachments = table(
    "attachments",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("post_id", Id),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # image, gifv, video, audio
    sa.Column("state", sa.Text, nullable=False),  # processing, ready, failed
    sa.Column("upload", sa.Text, nullable=False),  # storage keys; the upload until processed
    sa.Column("original", sa.Text, nullable=False),
    sa.Column("preview", sa.Text, nullable=False),
    sa.Column("mime", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("blurhash", sa.Text, nullable=False),
    sa.Column("meta", sa.Text, nullable=False),
    sa.Column("failure", sa.Text, nullable=False),
    sa.Column("bytes", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("scheduled_id", Id),
    sa.Column("loose_at", Moment),
    sa.Column("hashes", sa.Text, nullable=False),  # JSON; how its pictures are known again
    sa.Index("attachments_post", "post_id", "position"),
    sa.Index("attachments_account", "account_id", "id"),
    sa.Index(
        "attachments_loose",
        "loose_at",
        sqlite_where=sa.text("loose_at IS NOT NULL"),
        postgresql_where=sa.text("loose_at IS NOT NULL"),
    ),
)
