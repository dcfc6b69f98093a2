"""appeals. That nobody decides about their own decision is held by the database (I3)."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_OPEN = sa.text("appeals.state = 'open'")

appeals = table(
    "appeals",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("decision_id", Id, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("report_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("filed_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("first_decider", sa.Text, nullable=False),
    sa.Column("first_seconder", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("decider", sa.Text, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("decided_at", Moment),
    sa.CheckConstraint(
        "state = 'open' OR (decider <> '' AND decider <> first_decider "
        "AND decider <> first_seconder AND answer <> '' AND decided_at IS NOT NULL)",
        name="independent",
    ),
    sa.UniqueConstraint("decision_id", "by", "report_id", name="appeals_once"),
    sa.Index("appeals_account", "account_id", "id"),
    sa.Index("appeals_report", "report_id", "id"),
    sa.Index("appeals_decided_by", "decided_by"),
)
_bare = sa.text("state = 'open'")
sa.Index("appeals_open", appeals.c.due_at, appeals.c.id, sqlite_where=_bare, postgresql_where=_bare)
