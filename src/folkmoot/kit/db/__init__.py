"""The database: statements built once, run on the driver in worker threads; SQLite or PostgreSQL.

`tables` has the column types, `statements` what can be run, `tx` a unit of work, `database` the
threads. Domain code imports names from here.
"""

from folkmoot.kit.db.database import Database
from folkmoot.kit.db.statements import (
    Command,
    Page,
    Paged,
    Query,
    command,
    delete_some,
    insert_all,
    paged,
    paged_values,
    param,
    rows,
    values,
    within,
)
from folkmoot.kit.db.tables import Id, Moment, metadata, table
from folkmoot.kit.db.tx import Tx

__all__ = [
    "Command",
    "Database",
    "Id",
    "Moment",
    "Page",
    "Paged",
    "Query",
    "Tx",
    "command",
    "delete_some",
    "insert_all",
    "metadata",
    "paged",
    "paged_values",
    "param",
    "rows",
    "table",
    "values",
    "within",
]
