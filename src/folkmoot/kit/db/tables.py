"""Column types that mean the same on both databases, and the one schema they belong to.

Ids and moments are 64-bit integers, JSON is text that the owner encodes: nothing is converted
between the driver and the program, which is what makes a read cheap.
"""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

# "INTEGER" is what makes a SQLite primary key the row's own address.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.BigInteger()


def table(name: str, *parts: Any) -> sa.Table:
    """A table of the schema; on SQLite one with a composite key is stored in that key's order."""
    made = sa.Table(name, metadata, *parts)
    if len(made.primary_key.columns) > 1:
        made.dialect_options["sqlite"]["with_rowid"] = False
    return made
