"""cases, whom they were put aside by, and what was looked at."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_OPEN = sa.text("cases.state = 'open'")
IS_PROPOSED = sa.text("cases.state = 'proposed'")
IS_NOT_CLOSED = sa.text("cases.state <> 'closed'")

cases = table(
    "cases",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("subject_id", Id),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("harm", sa.Text, nullable=False),
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("reporters", sa.Integer, nullable=False),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("flagged", sa.Boolean, nullable=False),
    sa.Column("detectors", sa.Text, nullable=False),
    sa.Column("reach", sa.BigInteger, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("rank", sa.BigInteger, nullable=False),
    sa.Column("leased_by", Id),
    sa.Column("lease_until", Moment),
    sa.Column("taken_at", Moment),
    sa.Column("proposal", sa.Text, nullable=False),
    sa.Column("proposed_by", Id),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", Id),
    sa.Column("handled_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("(leased_by IS NULL) = (lease_until IS NULL)", name="lease"),
    sa.CheckConstraint("state <> 'proposed' OR proposal <> ''", name="proposal"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    sa.Index("cases_account", "account_id", "id"),
    sa.Index("cases_leased", "leased_by"),
    sa.Index("cases_proposed_by", "proposed_by"),
    sa.Index("cases_closed_by", "closed_by", "closed_at"),
    sa.Index("cases_closed", "closed_at"),
    sa.Index("cases_opened", "opened_at"),
)


def _partial(name: str, *columns: str, where: sa.TextClause, unique: bool = False) -> None:
    bare = sa.text(where.text.replace("cases.", ""))
    sa.Index(
        name,
        *(cases.c[c] for c in columns),
        sqlite_where=bare,
        postgresql_where=bare,
        unique=unique,
    )


_partial("cases_queue", "rank", "id", where=IS_OPEN)
_partial("cases_due", "due_at", where=IS_OPEN)
_partial("cases_proposed", "rank", "id", where=IS_PROPOSED)
# One case about a subject at a time: who comes second joins it.
_partial("cases_subject", "subject_kind", "subject_id", where=IS_NOT_CLOSED, unique=True)
sa.Index("cases_any_subject", cases.c.subject_id, cases.c.id)

case_skips = table(
    "case_skips",
    sa.Column("case_id", Id, primary_key=True),
    sa.Column("reviewer_id", Id, primary_key=True),
    sa.Column("until", Moment, nullable=False),
    sa.Index("case_skips_reviewer", "reviewer_id"),
)

looks = table(
    "looks",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("case_id", Id),
    sa.Column("reviewer_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("looks_case", "case_id", "id"),
    sa.Index("looks_account", "account_id", "id"),
    sa.Index("looks_reviewer", "reviewer_id", "id"),
)
