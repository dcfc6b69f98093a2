"""trends, what was let through to them, and suggestions that somebody did not want."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# Derived: written anew by each run of the job.
trends = table(
    "trends",
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("rank", sa.Integer, primary_key=True),
    sa.Column("subject_id", Id, nullable=False),
    sa.Column("author_id", Id, nullable=False),  # of a post; 0 for tags and links
    sa.Column("score", sa.Float, nullable=False),
    sa.Index("trends_subject", "subject_id"),
)

trend_allowances = table(
    "trend_allowances",
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject_id", Id, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("trend_allowances_subject", "subject_id"),
)

unwanted_suggestions = table(
    "unwanted_suggestions",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("target_id", Id, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("unwanted_suggestions_target", "target_id"),
)
