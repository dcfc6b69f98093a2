"""rules and documents; each row is a version and stays."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

rules = table(
    "rules",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("translations", sa.Text, nullable=False),
    sa.Column("effective_from", Moment, nullable=False),
    sa.Column("retired_from", Moment),
)

documents = table(
    "documents",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("effective_from", Moment, nullable=False),
    sa.UniqueConstraint("kind", "effective_from", name="documents_version"),
)
