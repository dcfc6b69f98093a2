"""detectors, their versions and changes; findings and failures; backtests."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

detectors = table(
    "detectors",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("detectors_state", "state", "id"),
)

detector_versions = table(
    "detector_versions",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("detector_id", Id, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("by_id", Id),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("detector_id", "number", name="detector_versions_number"),
    sa.Index("detector_versions_by", "by_id"),
)

detector_changes = table(
    "detector_changes",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("detector_id", Id, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("by_id", Id),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("detector_changes_detector", "detector_id", "id"),
    sa.Index("detector_changes_by", "by_id"),
)

detector_findings = table(
    "detector_findings",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("detector_id", Id, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("post_id", Id),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("acted", sa.Boolean, nullable=False),
    sa.Column("found", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("detector_findings_detector", "detector_id", "id"),
    sa.Index("detector_findings_version", "version_id", "id"),
    sa.Index("detector_findings_post", "post_id", "id"),
    sa.Index("detector_findings_account", "account_id", "id"),
)

detector_failures = table(
    "detector_failures",
    sa.Column("detector_id", Id, primary_key=True),
    sa.Column("day", Moment, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", sa.Text, nullable=False),
)

# What became of a detector's matches on which people decided, by month.
detector_outcomes = table(
    "detector_outcomes",
    sa.Column("detector_id", Id, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("decided", sa.Integer, nullable=False),
    sa.Column("needed_nothing", sa.Integer, nullable=False),
    sa.Column("overturned", sa.Integer, nullable=False),
    sa.Column("published_at", Moment),
)
IS_UNPUBLISHED = sa.text("detector_outcomes.published_at IS NULL")
_unpublished = sa.text("published_at IS NULL")
sa.Index(
    "detector_outcomes_unpublished",
    detector_outcomes.c.month,
    sqlite_where=_unpublished,
    postgresql_where=_unpublished,
)

detector_backtests = table(
    "detector_backtests",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("detector_id", Id, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("last_id", Id, nullable=False),
    sa.Column("until_id", Id, nullable=False),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("matched", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Index("detector_backtests_version", "version_id", "id"),
)

detector_overlaps = table(
    "detector_overlaps",
    sa.Column("backtest_id", Id, primary_key=True),
    sa.Column("other_id", Id, primary_key=True),
    sa.Column("matches", sa.Integer, nullable=False),
)

detector_samples = table(
    "detector_samples",
    sa.Column("backtest_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("rank", sa.BigInteger, nullable=False),
    sa.Column("verdict", sa.SmallInteger),
    sa.Column("by_id", Id),
    sa.Column("labelled_at", Moment),
    sa.Index("detector_samples_rank", "backtest_id", "rank"),
    sa.Index("detector_samples_post", "post_id"),
    sa.Index("detector_samples_author", "author_id"),
    sa.Index("detector_samples_by", "by_id"),
)
