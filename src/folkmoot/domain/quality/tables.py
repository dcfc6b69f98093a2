"""second_looks. That nobody looks at their own decision is held by the database."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_OPEN = sa.text("second_looks.looked_at IS NULL")
IS_DONE = sa.text("second_looks.looked_at IS NOT NULL")
IS_WISHED = sa.text("second_looks.wish = 'proposed'")

second_looks = table(
    "second_looks",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("case_id", Id, unique=True),
    sa.Column("decision_id", Id),
    sa.Column("post_id", Id),
    sa.Column("account_id", Id),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("version_id", Id, nullable=False),
    sa.Column("rule_code", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("first_by", Id),
    sa.Column("first_second", Id),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("taken_by", Id),
    sa.Column("taken_until", Moment),
    sa.Column("passed_by", Id),
    sa.Column("second_rule", sa.Text, nullable=False),
    sa.Column("second_step", sa.Text, nullable=False),
    sa.Column("second_why", sa.Text, nullable=False),
    sa.Column("looked_by", Id),
    sa.Column("looked_at", Moment),
    sa.Column("wish", sa.Text, nullable=False),
    sa.Column("wish_why", sa.Text, nullable=False),
    sa.Column("settled_by", Id),
    sa.Column("settled_at", Moment),
    sa.Column("settled_why", sa.Text, nullable=False),
    sa.CheckConstraint("(looked_at IS NULL) = (second_step = '')", name="looked"),
    sa.CheckConstraint(
        "looked_by IS NULL OR (looked_by <> coalesce(first_by, 0) "
        "AND looked_by <> coalesce(first_second, 0) AND looked_by <> coalesce(account_id, 0))",
        name="independent",
    ),
    sa.Index("second_looks_post", "post_id"),
    sa.Index("second_looks_account", "account_id"),
    sa.Index("second_looks_first_by", "first_by", "id"),
    sa.Index("second_looks_first_second", "first_second"),
    sa.Index("second_looks_taken_by", "taken_by"),
    sa.Index("second_looks_passed_by", "passed_by"),
    sa.Index("second_looks_looked_by", "looked_by", "id"),
    sa.Index("second_looks_settled_by", "settled_by"),
)


def _partial(name: str, where: sa.TextClause) -> None:
    bare = sa.text(where.text.replace("second_looks.", ""))
    sa.Index(name, second_looks.c.id, sqlite_where=bare, postgresql_where=bare)


_partial("second_looks_open", IS_OPEN)
_partial("second_looks_done", IS_DONE)
_partial("second_looks_wished", IS_WISHED)
