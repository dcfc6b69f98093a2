"""disclosures: the statement of each decision that restricts, and how far it is sent."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

IS_WAITING = sa.text("disclosures.state = 'waiting'")
IS_REFUSED = sa.text("disclosures.state = 'refused'")

disclosures = table(
    "disclosures",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("puid", sa.Text, nullable=False, unique=True),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("sent_at", Moment),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
    sa.CheckConstraint("state <> 'refused' OR problem <> ''", name="refused"),
    sa.Index("disclosures_decided", "decided_at", "id"),
)


def _partial(name: str, *columns: str, where: sa.TextClause) -> None:
    bare = sa.text(where.text.replace("disclosures.", ""))
    sa.Index(name, *(disclosures.c[c] for c in columns), sqlite_where=bare, postgresql_where=bare)


_partial("disclosures_waiting", "next_at", "id", where=IS_WAITING)
_partial("disclosures_refused", "id", where=IS_REFUSED)
