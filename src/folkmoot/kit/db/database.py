"""The threads that own connections. A unit of work is one function and one thread hop.

SQLite: several `query_only` readers and one writer, which takes every write that waits into one
`BEGIN IMMEDIATE` and commits them together: one fsync for many. PostgreSQL: a thread each.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from folkmoot.kit.db.tx import Signal, Tx
from folkmoot.kit.events import Facts
from folkmoot.kit.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")
Deliver = Callable[[Any, BaseException | None], None]
Task = tuple[Callable[[Tx], Any], Deliver]

_GROUP = 64
_RETRIES = 3
# PostgreSQL's codes for "run it again": serialisation failure, deadlock, and a unique key that
# somebody else took after it was looked for: the next run finds it taken and says so.
_RETRY_STATES = {"40001", "40P01", "23505"}


class Database:
    """Opens the database and runs units of work on it.

    `told` is called with the signals of each committed write, in the writing thread.
    """

    def __init__(self, settings: Settings, *, facts: Facts | None = None) -> None:
        self.settings = settings
        self.url = url = settings.database.url
        self.facts = facts or Facts()
        readers, writers = settings.database.readers, settings.database.pool_size
        self.told: Callable[[Sequence[Signal]], None] = lambda signals: None
        self.dialect = "postgresql" if url.startswith("postgres") else "sqlite"
        self._reads: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._writes: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        if self.dialect == "sqlite":
            _prepare_file(self.path)
            self._start(readers, self._serve_sqlite_reads)
            self._start(1, self._serve_sqlite_writes)
        else:
            self._start(readers, self._serve_postgresql, self._reads, True)
            self._start(writers, self._serve_postgresql, self._writes, False)

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    async def read(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `work(tx, …)` on a reading connection."""
        return await self._hop(self._reads, partial(_call, work, args, kwargs))

    async def write(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `work(tx, …)` and commits; returns only when it is durable."""
        return await self._hop(self._writes, partial(_call, work, args, kwargs))

    def read_now(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`read` for callers without an event loop."""
        return self._wait(self._reads, partial(_call, work, args, kwargs))

    def write_now(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for callers without an event loop."""
        return self._wait(self._writes, partial(_call, work, args, kwargs))

    def close(self) -> None:
        """Finishes what waits and closes the connections, the writing ones last: who leaves an
        SQLite file as the last one puts all into the one file, which readers may not.
        """
        for name, tasks in (("reader", self._reads), ("writer", self._writes)):
            threads = [thread for thread in self._threads if thread.name == name]
            for _ in threads:
                tasks.put(None)
            for thread in threads:
                thread.join()
        self._threads.clear()

    async def _hop(self, tasks: "queue.SimpleQueue[Task | None]", work: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def deliver(result: Any, error: BaseException | None) -> None:
            loop.call_soon_threadsafe(_settle, future, result, error)

        tasks.put((work, deliver))
        return await future

    def _wait(self, tasks: "queue.SimpleQueue[Task | None]", work: Callable[[Tx], T]) -> T:
        future: Future[T] = Future()

        def deliver(result: Any, error: BaseException | None) -> None:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        tasks.put((work, deliver))
        return future.result()

    def _start(self, count: int, serve: Callable[..., None], *args: Any) -> None:
        reading = serve == self._serve_sqlite_reads or True in args
        for _ in range(count):
            name = "reader" if reading else "writer"
            thread = threading.Thread(target=serve, args=args, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve_sqlite_reads(self) -> None:
        connection = _connect_sqlite(self.path)
        connection.execute("PRAGMA query_only=ON")
        # The file is mapped; what is kept here are copies of pages that are only in the journal.
        connection.execute("PRAGMA cache_size=-4000")
        cursor = connection.cursor()
        while (task := self._reads.get()) is not None:
            work, deliver = task
            try:
                cursor.execute("BEGIN")
                result = work(Tx(cursor, "sqlite", self.facts, self.settings))
            except BaseException as error:  # noqa: BLE001 - whoever waits is told
                _end(cursor, "ROLLBACK")
                deliver(None, error)
            else:
                _end(cursor, "COMMIT")
                deliver(result, None)
        connection.close()

    def _serve_sqlite_writes(self) -> None:
        connection = _connect_sqlite(self.path)
        connection.execute("PRAGMA synchronous=FULL")
        # Pages that every post changes are copied back once for many posts (64 MB of journal).
        connection.execute("PRAGMA wal_autocheckpoint=16000")
        cursor = connection.cursor()
        open_ = True
        while open_:
            group: list[Task] = []
            task = self._writes.get()
            while task is not None:
                group.append(task)
                if len(group) == _GROUP or self._writes.empty():
                    break
                task = self._writes.get()
            open_ = task is not None
            if group:
                self._commit_together(cursor, group)
        connection.execute("PRAGMA optimize")
        connection.close()

    def _commit_together(self, cursor: sqlite3.Cursor, group: list[Task]) -> None:
        """One transaction for all, a savepoint for each: a refusal undoes only its own work."""
        outcomes: list[tuple[Deliver, Any, BaseException | None]] = []
        signals: list[Signal] = []
        try:
            cursor.execute("BEGIN IMMEDIATE")
            for work, deliver in group:
                cursor.execute("SAVEPOINT one")
                tx = Tx(cursor, "sqlite", self.facts, self.settings)
                try:
                    result = work(tx)
                    tx.finish()
                except BaseException as error:  # noqa: BLE001 - whoever waits is told
                    cursor.execute("ROLLBACK TO one")
                    outcomes.append((deliver, None, error))
                else:
                    outcomes.append((deliver, result, None))
                    signals += tx.signals
                cursor.execute("RELEASE one")
            cursor.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            _end(cursor, "ROLLBACK")
            for _, deliver in group:
                deliver(None, error)
            return
        if signals:
            self.told(signals)
        for deliver, result, refusal in outcomes:
            deliver(result, refusal)

    def _serve_postgresql(self, tasks: "queue.SimpleQueue[Task | None]", reading: bool) -> None:
        connection: Any = None
        while (task := tasks.get()) is not None:
            work, deliver = task
            for attempt in range(_RETRIES):
                try:
                    if connection is None or connection.closed:
                        connection = _connect_postgresql(self.url, reading)
                    result, signals = self._run_postgresql(connection, work, reading)
                except BaseException as error:  # noqa: BLE001 - whoever waits is told
                    if getattr(error, "sqlstate", None) in _RETRY_STATES and attempt < _RETRIES - 1:
                        continue
                    deliver(None, error)
                    break
                if signals:
                    self.told(signals)
                deliver(result, None)
                break
        if connection is not None:
            connection.close()

    def _run_postgresql(
        self, connection: Any, work: Callable[[Tx], T], reading: bool
    ) -> tuple[T, list[Signal]]:
        with connection.cursor() as cursor:
            tx = Tx(cursor, "postgresql", self.facts, self.settings)
            if reading:
                return work(tx), tx.signals
            with connection.transaction():
                result = work(tx)
                tx.finish()
        return result, tx.signals


def _call(work: Callable[..., T], args: Any, kwargs: Any, tx: Tx) -> T:
    return work(tx, *args, **kwargs)


def _settle(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _end(cursor: sqlite3.Cursor, how: str) -> None:
    if cursor.connection.in_transaction:
        cursor.execute(how)


def _prepare_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _connect_sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=1_000
    )
    connection.execute("PRAGMA cache_size=-16000")
    connection.execute("PRAGMA mmap_size=268435456")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA foreign_keys=ON")
    # The first statement reads the whole schema: rather now than when somebody waits.
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    return connection


def _connect_postgresql(url: str, reading: bool) -> Any:
    import psycopg

    connection = psycopg.connect(url, autocommit=True, prepare_threshold=2)
    if reading:
        connection.execute("SET default_transaction_read_only = on")
    return connection
