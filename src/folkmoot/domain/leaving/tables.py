"""deletions, exports and their parts, imports and their rows, and what posts came from where."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

deletions = table(
    "deletions",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("begun_at", Moment),  # from then on there is no way back
    sa.Index("deletions_due", "due_at"),
)
