"""reports, the posts named in them; trusted flaggers, and how reporters stand."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

reports = table(
    "reports",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reporter_id", Id),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("target_id", Id, nullable=False),
    sa.Column("case_id", Id),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("harm", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("good_faith", sa.Boolean, nullable=False),
    sa.Column("rule_ids", sa.Text, nullable=False),
    sa.Column("forward", sa.Boolean, nullable=False),
    sa.Column("forwarded_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("decision_id", Id),
    sa.Index("reports_target", "target_id", "id"),
    sa.Index("reports_reporter", "reporter_id", "id"),
    sa.Index("reports_case", "case_id", "id"),
    sa.Index("reports_case_reporter", "case_id", "reporter_id"),
)

IS_OPEN = sa.text("reports.resolved_at IS NULL")
_bare = sa.text("resolved_at IS NULL")
sa.Index("reports_open", reports.c.id, sqlite_where=_bare, postgresql_where=_bare)
_resolved = sa.text("resolved_at IS NOT NULL")
sa.Index(
    "reports_resolved",
    reports.c.resolved_at,
    sqlite_where=_resolved,
    postgresql_where=_resolved,
)

HAS_CONTACT = sa.text("reports.contact <> ''")
_known = sa.text("contact <> ''")
sa.Index(
    "reports_contact",
    reports.c.contact,
    sqlite_where=_known,
    postgresql_where=_known,
)

report_posts = table(
    "report_posts",
    sa.Column("report_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Index("report_posts_post", "post_id"),
)

flaggers = table(
    "flaggers",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("awarded_at", Moment, nullable=False),
    sa.Column("awarded_by", sa.Text, nullable=False),
    sa.Column("awarded_why", sa.Text, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("revoked_by", sa.Text, nullable=False),
    sa.Column("revoked_why", sa.Text, nullable=False),
    sa.CheckConstraint(
        "awarded_why <> '' AND (revoked_at IS NULL OR revoked_why <> '')", name="reasons"
    ),
)

reporter_standings = table(
    "reporter_standings",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("decided", sa.Integer, nullable=False),
    sa.Column("upheld", sa.Integer, nullable=False),
    sa.Column("in_a_row", sa.Integer, nullable=False),
    sa.Column("warned_at", Moment),
    sa.Column("paused_until", Moment),
)
