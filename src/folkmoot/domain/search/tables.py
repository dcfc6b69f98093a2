"""post_index, made by its own migration: an FTS5 table on SQLite, a tsvector with GIN elsewhere.

`rowid` is the post's id on both, so that matches come newest first without sorting.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from folkmoot.kit.db import Id

post_index = sa.table("post_index", sa.column("rowid", Id), sa.column("terms", sa.Text))


class _Condition(sa.ColumnElement[bool]):
    inherit_cache = False
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> "_Condition":
        return self


class Matches(_Condition):
    """SQL: whether a row's terms match parameter `match`, an FTS5 expression or a tsquery."""


class Holds(_Condition):
    """SQL: the same for rows that are at hand already, by parameters `match` and, on SQLite,
    `wanted` and `unwanted`: lists of alternatives of which each row holds one, or none at all.
    """


class Entry(sa.ColumnElement[str]):
    """SQL: parameter `entry`, what the index stores of a post."""

    inherit_cache = False
    type = sa.Text()


@compiles(Entry, "sqlite")
def _entry_fts5(element: Entry, compiler: SQLCompiler, **kw: Any) -> str:
    return ":entry"


@compiles(Entry, "postgresql")
def _entry_tsvector(element: Entry, compiler: SQLCompiler, **kw: Any) -> str:
    return "CAST(%(entry)s AS tsvector)"


@compiles(Matches, "sqlite")
def _matches_fts5(element: Matches, compiler: SQLCompiler, **kw: Any) -> str:
    return "post_index MATCH :match"


@compiles(Matches, "postgresql")
@compiles(Holds, "postgresql")
def _matches_tsquery(element: _Condition, compiler: SQLCompiler, **kw: Any) -> str:
    return "post_index.terms @@ CAST(%(match)s AS tsquery)"


@compiles(Holds, "sqlite")
def _holds_sqlite(element: Holds, compiler: SQLCompiler, **kw: Any) -> str:
    return (
        "(NOT EXISTS (SELECT 1 FROM json_each(:wanted) AS each WHERE NOT EXISTS ("
        "SELECT 1 FROM json_each(each.value) AS one "
        "WHERE instr(' ' || post_index.terms || ' ', one.value))) "
        "AND NOT EXISTS (SELECT 1 FROM json_each(:unwanted) AS one "
        "WHERE instr(' ' || post_index.terms || ' ', one.value)))"
    )
