"""decisions. That a restriction has its reasons, and an end, is held by the database."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_IN_FORCE = sa.text("decisions.ended_at IS NULL AND decisions.step <> 'no-action'")
IS_REVIEWED = sa.text(
    "decisions.ended_at IS NULL AND decisions.step <> 'no-action' "
    "AND decisions.review_at IS NOT NULL"
)
IS_ENDING = sa.text("decisions.ended_at IS NULL AND decisions.ends_at IS NOT NULL")

decisions = table(
    "decisions",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("case_id", Id),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("subject_id", Id),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("rule_code", sa.Text, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("law", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("detector", sa.Text, nullable=False),
    sa.Column("decider", sa.Text, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("seconder", sa.Text, nullable=False),
    sa.Column("seconded_by", Id),
    sa.Column("content_types", sa.Text, nullable=False),
    sa.Column("content_language", sa.Text, nullable=False),
    sa.Column("content_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ends_at", Moment),
    sa.Column("review_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("ending", sa.Text, nullable=False),
    sa.Column("ended_by", Id),
    sa.Column("end_reason", sa.Text, nullable=False),
    sa.CheckConstraint(
        "facts <> '' AND rule_code <> '' AND category <> '' AND version_id > 0 "
        "AND content_types <> '' AND (ground = 'terms' OR (ground = 'law' AND law <> ''))",
        name="reasons",
    ),
    sa.CheckConstraint(
        "step = 'no-action' OR coalesce(ends_at, review_at, 0) > created_at",
        name="end",
    ),
    sa.CheckConstraint(
        "step NOT IN ('hold', 'slow', 'pause') OR ends_at IS NOT NULL", name="hold_end"
    ),
    sa.CheckConstraint(
        "decider <> '' OR (detector <> '' AND step IN ('label', 'screen', 'hold', 'slow'))",
        name="automation",
    ),
    sa.CheckConstraint("seconder = '' OR seconder <> decider", name="second"),
    sa.Index("decisions_account", "account_id", "id"),
    sa.Index("decisions_case", "case_id", "id"),
    sa.Index("decisions_decided_by", "decided_by"),
    sa.Index("decisions_seconded_by", "seconded_by"),
    sa.Index("decisions_ended_by", "ended_by"),
)


def _partial(name: str, *columns: str, where: sa.TextClause) -> None:
    bare = sa.text(where.text.replace("decisions.", ""))
    sa.Index(name, *(decisions.c[c] for c in columns), sqlite_where=bare, postgresql_where=bare)


_partial("decisions_in_force", "subject_kind", "subject_id", where=IS_IN_FORCE)
_partial("decisions_every_in_force", "id", where=IS_IN_FORCE)
_partial("decisions_reviewed", "review_at", where=IS_REVIEWED)
_partial("decisions_ending", "ends_at", where=IS_ENDING)
sa.Index("decisions_subject", decisions.c.subject_id, decisions.c.id)
