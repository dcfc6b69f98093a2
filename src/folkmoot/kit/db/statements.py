"""Statements: built once at import from SQLAlchemy Core, compiled once per dialect, then run as
text on the driver. Rows come back as the msgspec struct (or the single value) that was declared.

Going below SQLAlchemy's own execution takes a page's five queries from 0.5 ms to 0.1 ms of CPU;
docs/decisions/0004 has the measurement.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from folkmoot.kit.db.tables import Id
from folkmoot.kit.ids import MAX_ID

R = TypeVar("R")
V = TypeVar("V")

_DIALECTS: dict[str, sa.Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}


def param(name: str, type_: Any = None) -> Any:
    """A named parameter of a statement. Give its type where no column beside it tells it."""
    return sa.bindparam(name, type_=type_)


class _Within(sa.ColumnElement[bool]):
    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.name = name

    def self_group(self, against: Any = None) -> "_Within":
        """Stands as it is: the text is already a condition, never compared with 1."""
        return self


def within(column: Any, name: str) -> Any:
    """`column IN (the list given as parameter name)`, for a list of any length."""
    return _Within(column, name)


@compiles(_Within, "sqlite")
def _within_sqlite(element: _Within, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    return f"{column} IN (SELECT value FROM json_each(:{element.name}))"  # noqa: S608 - names of ours


@compiles(_Within, "postgresql")
def _within_postgresql(element: _Within, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    kind = "text" if isinstance(element.column.type, sa.String) else "bigint"
    return f"{column} = ANY(%({element.name})s::{kind}[])"


class Compiled(msgspec.Struct, frozen=True, gc=False):
    """A statement's text for one dialect, and the values of the constants in it."""

    sql: str
    constants: Mapping[str, Any]


class Statement:
    """A statement and its text per dialect, made on first use."""

    __slots__ = ("_compiled", "element")

    def __init__(self, element: sa.ClauseElement) -> None:
        self.element = element
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: str) -> Compiled:
        found = self._compiled.get(dialect)
        if found is None:
            made = self.element.compile(
                dialect=_DIALECTS[dialect], compile_kwargs={"render_postcompile": True}
            )
            constants = {k: v for k, v in made.params.items() if not _required(made, k)}
            found = self._compiled[dialect] = Compiled(str(made), constants)
        return found


def _required(made: Any, name: str) -> bool:
    bind = made.binds.get(name)
    return bind is None or bind.required or (bind.value is None and not bind.unique)


class Command(Statement):
    """A statement that changes rows; run by `tx.run` or, once per set of values, `tx.many`."""

    __slots__ = ()


class Query(Statement, Generic[R]):
    """A statement that returns rows, each made into an R."""

    __slots__ = ("make",)

    def __init__(self, element: sa.ClauseElement, make: Callable[[Sequence[Any]], R]) -> None:
        super().__init__(element)
        self.make = make


class Page(msgspec.Struct, frozen=True):
    """Which stretch of a list, newest first, the reader asked for; ids are exclusive bounds.

    With `min_id` the stretch is the one just newer than it; otherwise the newest one below
    `max_id` and above `since_id`.
    """

    limit: int = 20
    max_id: int = MAX_ID
    since_id: int = 0
    min_id: int | None = None


class Paged(Generic[R]):
    """A list read by pages in descending order of a key."""

    __slots__ = ("newest", "oldest")

    def __init__(self, newest: Query[R], oldest: Query[R]) -> None:
        self.newest = newest
        self.oldest = oldest


def rows(element: Any, into: type[R]) -> Query[R]:
    """A query whose columns are, in order, the fields of the struct `into`."""
    return Query(element, _maker(into))


def values(element: Any, of: Callable[..., V]) -> Query[V]:
    """A query of one column, of the type (or NewType) given."""
    return Query(element, _cell(of))


def _cell(of: Callable[..., V]) -> Callable[[Sequence[Any]], V]:
    if of is bool:
        return lambda row: of(row[0])
    return lambda row: row[0]


def paged(element: Any, key: Any, into: type[R]) -> Paged[R]:
    """A list of structs read by pages: adds the bounds on `key`, its order and the limit."""
    return _paged(element, key, _maker(into))


def paged_values(element: Any, key: Any, of: Callable[..., V]) -> Paged[V]:
    """A list of one column read by pages."""
    return _paged(element, key, _cell(of))


def _paged(element: Any, key: Any, make: Callable[[Sequence[Any]], R]) -> Paged[R]:
    bounded = element.where(key < param("max_id", Id), key > param("since_id", Id))
    limit = param("limit", sa.Integer())
    return Paged(
        Query(bounded.order_by(key.desc()).limit(limit), make),
        Query(bounded.order_by(key.asc()).limit(limit), make),
    )


def command(element: Any) -> Command:
    """A statement that changes rows."""
    return Command(element)


def insert_all(into: sa.Table, *, or_ignore: bool = False) -> Command:
    """Inserts a row of which every column is given by name; with `or_ignore` unless it exists."""
    made = postgresql.insert(into).values({c.name: param(c.name) for c in into.columns})
    return Command(made.on_conflict_do_nothing() if or_ignore else made)


def delete_some(of: sa.Table, *conditions: Any) -> Command:
    """Deletes rows that meet the conditions, `limit` of them at most; for what may be many."""
    keys = list(of.primary_key.columns)
    limit = param("limit", sa.Integer())
    some = sa.select(*keys).where(*conditions).limit(limit).correlate(None)
    key: Any = keys[0] if len(keys) == 1 else sa.tuple_(*keys)
    return command(sa.delete(of).where(key.in_(some)))


def _maker(into: type[R]) -> Callable[[Sequence[Any]], R]:
    """Makes a struct of a row; SQLite's 0 and 1 become booleans where the struct says so."""
    hints = get_type_hints(into)
    names = into.__struct_fields__  # type: ignore[attr-defined]
    flags = [i for i, name in enumerate(names) if hints[name] is bool]
    if not flags:
        return lambda row: into(*row)

    def make(row: Sequence[Any]) -> R:
        cells = list(row)
        for i in flags:
            cells[i] = cells[i] == 1
        return into(*cells)

    return make
