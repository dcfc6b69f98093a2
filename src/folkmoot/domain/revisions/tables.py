"""post_edits: what posts were before they were edited."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# `media` and `poll` are JSON.
post_edits = table(
    "post_edits",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("post_id", Id, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("spoiler_text", sa.Text, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("media", sa.Text, nullable=False),
    sa.Column("poll", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("post_edits_post", "post_id", "id"),
)
