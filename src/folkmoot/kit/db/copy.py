"""Copies a whole instance from one database to another, and checks it row for row.

For moving an embedded instance from SQLite to PostgreSQL (or back). Both have the newest schema;
the target is empty. Index tables of one dialect's full text are derived, and rebuilt there.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.kit.db.schema import make_engine
from folkmoot.kit.db.tables import metadata
from folkmoot.kit.errors import Conflict
from folkmoot.kit.settings import Settings

CHUNK = 1_000


class TargetNotEmpty(Conflict):
    """The target has rows in {table}: copy into an empty database"""


class CopyDiffers(Conflict):
    """After copying, {table} differs between the two databases: the copy is not to be used"""


class Copied(msgspec.Struct, frozen=True):
    """A table and how many rows of it were copied."""

    table: str
    rows: int


def copy_database(
    source: Settings, target: Settings, *, told: Callable[[Copied], None] = lambda done: None
) -> list[Copied]:
    """Copies every table, then reads both sides again and compares.

    One transaction on each side: the source may be served meanwhile, what is written to it after
    the start is not in the copy. Raises TargetNotEmpty, CopyDiffers; nothing is left behind then.
    """
    source_engine, target_engine = make_engine(source), make_engine(target)
    done: list[Copied] = []
    try:
        with source_engine.connect() as reading, target_engine.begin() as writing:
            _begin_snapshot(reading)
            for table in metadata.sorted_tables:
                if writing.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                    raise TargetNotEmpty(table=table.name)
            for table in metadata.sorted_tables:
                copied = Copied(table.name, _copy_table(reading, writing, table))
                _compare(reading, writing, table)
                done.append(copied)
                told(copied)
    finally:
        source_engine.dispose()
        target_engine.dispose()
    return done


def _begin_snapshot(reading: sa.Connection) -> None:
    """All reads see one state; SQLite's driver would otherwise begin none for a SELECT."""
    if reading.dialect.name == "sqlite":
        reading.exec_driver_sql("BEGIN")
    else:
        reading.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _copy_table(reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> int:
    count = 0
    insert = sa.insert(table)
    for chunk in _chunks(reading, table):
        writing.execute(insert, [dict(row) for row in chunk])
        count += len(chunk)
    return count


def _chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[Any]]:
    """The rows in the order of the primary key, a bounded number at a time."""
    key = [_ordered(column, connection.dialect.name) for column in table.primary_key.columns]
    statement = sa.select(table).order_by(*key).execution_options(yield_per=CHUNK)
    for chunk in connection.execute(statement).mappings().partitions(CHUNK):
        yield list(chunk)


def _ordered(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    """The order of bytes, which is SQLite's own, whatever the server's language."""
    if dialect == "postgresql" and isinstance(column.type, sa.String):
        return column.collate("C")
    return column


def _compare(reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> None:
    pairs = zip_longest(_chunks(reading, table), _chunks(writing, table))
    if any(left != right for left, right in pairs):
        raise CopyDiffers(table=table.name)
