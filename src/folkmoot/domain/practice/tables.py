"""practice_cases and the answers given to them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_LIVE = sa.text("practice_cases.retired_at IS NULL")
IS_ANSWERED = sa.text("practice_answers.answered_at IS NOT NULL")

practice_cases = table(
    "practice_cases",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("shipped", sa.Text, nullable=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("rule_code", sa.Text, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("low", sa.Text, nullable=False),
    sa.Column("high", sa.Text, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("case_id", Id),
    sa.Column("account_id", Id),
    sa.Column("post_id", Id),
    sa.Column("attachment_id", Id),
    sa.Column("made_by", Id),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("retired_at", Moment),
    sa.CheckConstraint("text <> '' AND reasons <> ''", name="whole"),
    sa.Index("practice_cases_account", "account_id"),
    sa.Index("practice_cases_post", "post_id"),
    sa.Index("practice_cases_made_by", "made_by"),
)
_bare = sa.text("retired_at IS NULL")
sa.Index("practice_live", practice_cases.c.id, sqlite_where=_bare, postgresql_where=_bare)
_shipped = sa.text("shipped <> ''")
sa.Index(
    "practice_shipped",
    practice_cases.c.shipped,
    sqlite_where=_shipped,
    postgresql_where=_shipped,
    unique=True,
)

practice_answers = table(
    "practice_answers",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("practice_id", Id, nullable=False),
    sa.Column("reviewer_id", Id),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Column("rule_code", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (step = '')", name="answered"),
    sa.UniqueConstraint("practice_id", "reviewer_id", name="practice_answers_once"),
    sa.Index("practice_answers_reviewer", "reviewer_id", "verdict"),
)
_given = sa.text("answered_at IS NOT NULL")
sa.Index(
    "practice_answers_given", practice_answers.c.id, sqlite_where=_given, postgresql_where=_given
)
