"""A unit of work: one connection, one transaction, the moment it began, and what it will tell."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from folkmoot.kit import clock
from folkmoot.kit.db.statements import Command, Page, Paged, Query
from folkmoot.kit.events import Facts
from folkmoot.kit.settings import Settings

R = TypeVar("R")
T = TypeVar("T")
P = ParamSpec("P")


class Signal(msgspec.Struct, frozen=True):
    """Something to tell the running processes once the transaction is committed."""

    topic: str
    subject: int = 0
    detail: str = ""


class Tx:
    """Runs statements in one transaction. Made by the Database, used in one thread, never kept."""

    __slots__ = ("_cursor", "_facts", "_last", "dialect", "now", "settings", "signals")

    def __init__(self, cursor: Any, dialect: str, facts: Facts, settings: Settings) -> None:
        self._cursor = cursor
        self._facts = facts
        self.dialect = dialect
        self.settings = settings
        self.now = clock.now()
        self.signals: list[Signal] = []
        self._last: list[Callable[[Tx], object]] = []

    def all(self, query: Query[R], **params: Any) -> list[R]:
        """Every row."""
        make = query.make
        return [make(row) for row in self._execute(query, params).fetchall()]

    def first(self, query: Query[R], **params: Any) -> R | None:
        """The first row, or None."""
        row = self._execute(query, params).fetchone()
        return None if row is None else query.make(row)

    def one(self, query: Query[R], **params: Any) -> R:
        """The row that must be there, as a count always is; LookupError when it is not."""
        row = self._execute(query, params).fetchone()
        if row is None:
            raise LookupError("a query that always has a row had none")
        return query.make(row)

    def page(self, query: Paged[R], page: Page, **params: Any) -> list[R]:
        """One page, newest first."""
        params["limit"] = page.limit
        params["max_id"] = page.max_id
        if page.min_id is None:
            params["since_id"] = page.since_id
            return self.all(query.newest, **params)
        params["since_id"] = page.min_id
        found = self.all(query.oldest, **params)
        found.reverse()
        return found

    def run(self, command: Command, **params: Any) -> int:
        """Changes rows; returns how many."""
        return int(self._execute(command, params).rowcount)

    def many(self, command: Command, each: Iterable[Mapping[str, Any]]) -> None:
        """Runs a command once for each set of values."""
        compiled = command.on(self.dialect)
        prepared = [self._prepare({**compiled.constants, **params}) for params in each]
        if prepared:
            self._cursor.executemany(compiled.sql, prepared)

    def insert(self, command: Command, row: msgspec.Struct, **more: Any) -> int:
        """Runs an `insert_all` with a struct's fields as the columns' values."""
        params = {name: getattr(row, name) for name in row.__struct_fields__}
        return self.run(command, **params, **more)

    def announce(self, fact: object) -> None:
        """Tells the upper rooms, which react within this transaction."""
        self._facts.announce(self, fact)

    def signal(self, topic: str, subject: int = 0, detail: str = "") -> None:
        """Tells the running processes after the commit; lost if the transaction is undone."""
        self.signals.append(Signal(topic, subject, detail))

    def at_last(
        self, work: "Callable[Concatenate[Tx, P], object]", *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Runs `work(tx, …)` when all else of this unit of work is done, before the commit: for
        what makes others wait until then.
        """
        self._last.append(lambda tx: work(tx, *args, **kwargs))

    def finish(self) -> None:
        """Does what waits for the end; called by the Database."""
        while self._last:
            waiting, self._last = self._last, []
            for work in waiting:
                work(self)

    def script(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """Runs SQL text of one dialect: pragmas, plans, full-text matches."""
        self._cursor.execute(sql, self._prepare(params))
        return list(self._cursor.fetchall()) if self._cursor.description else []

    def explain(self, query: Query[Any], **params: Any) -> str:
        """The query plan, for tests."""
        compiled = query.on(self.dialect)
        verb = "EXPLAIN QUERY PLAN " if self.dialect == "sqlite" else "EXPLAIN "
        self._cursor.execute(verb + compiled.sql, self._prepare({**compiled.constants, **params}))
        return "\n".join(str(row[-1]) for row in self._cursor.fetchall())

    def _execute(self, statement: Any, params: dict[str, Any]) -> Any:
        compiled = statement.on(self.dialect)
        if compiled.constants:
            params = {**compiled.constants, **params}
        self._cursor.execute(compiled.sql, self._prepare(params))
        return self._cursor

    def _prepare(self, params: dict[str, Any]) -> dict[str, Any]:
        if self.dialect == "sqlite":
            for name, value in params.items():
                if type(value) is list:
                    params[name] = msgspec.json.encode(value).decode()
        return params
