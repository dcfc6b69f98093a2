"""What SQLite makes of every statement there is, once it knows that the tables are large."""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from folkmoot import wiring
from folkmoot.kit.db import Database, Paged, Tx
from folkmoot.kit.db.statements import Statement

# Of an instance with 1,000 members and 50,000 posts, as ANALYZE wrote them down.
STATISTICS = Path(__file__).parents[1] / "large_statistics.csv"


def statements() -> Iterator[tuple[str, Statement]]:
    """Every statement that stands in a module of ours, alone or in a collection."""
    wiring.load_tables()
    seen: set[int] = set()
    for name, module in list(sys.modules.items()):
        if name.startswith("folkmoot."):
            for attribute, value in vars(module).items():
                for found in _within(value):
                    if id(found) not in seen:
                        seen.add(id(found))
                        yield f"{name}.{attribute}", found


def _within(value: Any) -> Iterator[Statement]:
    if isinstance(value, Statement):
        yield value
    elif isinstance(value, Paged):
        yield from (value.newest, value.oldest)
    elif isinstance(value, (dict, list, tuple)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _within(each)


def pretend_large(tx: Tx) -> None:
    """Gives the planner the statistics of a large instance."""
    tx.script("ANALYZE")
    tx.script("DELETE FROM sqlite_stat1")
    for row in csv.DictReader(STATISTICS.open()):
        tx.script(
            "INSERT INTO sqlite_stat1 VALUES (:table, nullif(:index, ''), :statistics)", **row
        )


def parameters(sql: str, statement: Statement) -> dict[str, Any]:
    """Something for each parameter; a plan does not depend on it."""
    given = dict(statement.on("sqlite").constants)
    for name in re.findall(r":([a-z]\w*)", sql):
        given.setdefault(name, [1] if f"json_each(:{name})" in sql else 1)
    return given | ({"match": '"tea"'} if ":match" in sql else {})


@pytest.mark.sqlite
def test_no_statement_reads_a_table_whole_to_help_a_join(db: Database) -> None:
    """A Bloom filter or an index of the moment is made by reading all of a table, each time."""
    db.write_now(pretend_large)
    found = list(statements())
    assert len(found) > 500

    def check(tx: Tx) -> None:
        # Statistics count for statements made after the schema was read anew.
        tx.script("ANALYZE sqlite_schema")
        for name, statement in found:
            sql = statement.on("sqlite").sql
            plan = tx.script(f"EXPLAIN QUERY PLAN {sql}", **parameters(sql, statement))
            lines = [str(row[-1]) for row in plan]
            made = [line for line in lines if "BLOOM" in line or "AUTOMATIC" in line]
            assert not made, f"{name}\n" + "\n".join(lines)

    db.write_now(check)
