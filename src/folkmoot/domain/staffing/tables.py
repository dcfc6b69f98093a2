"""case_hours: what came and went in each hour, as counts."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

case_hours = table(
    "case_hours",
    sa.Column("hour", Id, primary_key=True, autoincrement=False),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("closed_lesser", sa.Integer, nullable=False),
    sa.Column("closed_serious", sa.Integer, nullable=False),
    sa.Column("closed_grave", sa.Integer, nullable=False),
    sa.Column("handled", sa.Integer, nullable=False),
    sa.Column("handled_s", sa.BigInteger, nullable=False),
    sa.Column("handled_s2", sa.BigInteger, nullable=False),
)
