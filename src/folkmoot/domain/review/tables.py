"""reports, and the posts named in them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

reports = table(
    "reports",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("reporter_id", Id),
    sa.Column("target_id", Id, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("rule_ids", sa.Text, nullable=False),
    sa.Column("forward", sa.Boolean, nullable=False),
    sa.Column("forwarded_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    sa.Index("reports_target", "target_id", "id"),
    sa.Index("reports_reporter", "reporter_id", "id"),
)

IS_OPEN = sa.text("reports.resolved_at IS NULL")
_bare = sa.text("resolved_at IS NULL")
sa.Index("reports_open", reports.c.id, sqlite_where=_bare, postgresql_where=_bare)

report_posts = table(
    "report_posts",
    sa.Column("report_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Index("report_posts_post", "post_id"),
)
