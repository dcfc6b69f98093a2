"""published_reports with their figures, and report_files to the byte. Neither ever changes."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

published_reports = table(
    "published_reports",
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("from_on", sa.Text, nullable=False),
    sa.Column("to_on", sa.Text, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("position", Id, nullable=False),
    sa.Column("published_by", sa.Text, nullable=False),
    sa.Column("tally", sa.Text, nullable=False),
    sa.Index("published_reports_time", "published_at"),
)

report_files = table(
    "report_files",
    sa.Column("report", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
