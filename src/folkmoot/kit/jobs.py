"""Durable jobs in a table of our own, enqueued in the transaction that needs them.

A worker claims a batch with a lease; a job whose worker died is claimed again when the lease
ends, so handlers must bear being run twice. A job that fails is tried again, ever later.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog

from folkmoot.kit import clock
from folkmoot.kit.db import (
    Database,
    Id,
    Moment,
    Tx,
    command,
    insert_all,
    param,
    rows,
    table,
    values,
)
from folkmoot.kit.ids import new_id

log = structlog.get_logger("jobs")

MAX_ATTEMPTS = 12
_LEASE = 5 * clock.MINUTE
_POLL_S = 5.0

jobs = table(
    "jobs",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("run_at", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("unique_key", sa.Text, unique=True),
    sa.Column("failed_at", Moment),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index("jobs_due", "failed_at", "run_at"),
)


class Job(msgspec.Struct):
    """A claimed job."""

    id: int
    kind: str
    payload: str
    attempts: int


Handler = Callable[[Any, Any], Awaitable[None]]
"""`async def handler(app, payload)`; the payload's type is the handler's second annotation."""

_INSERT = insert_all(jobs, or_ignore=True)
_due = (
    sa.select(jobs.c.id)
    .where(jobs.c.failed_at.is_(None), jobs.c.run_at <= param("now", Moment))
    .order_by(jobs.c.run_at)
    .limit(param("limit", sa.Integer()))
    .with_for_update(skip_locked=True)
)
_CLAIM = rows(
    sa.update(jobs)
    .where(jobs.c.id.in_(_due.scalar_subquery()))
    .values(run_at=param("lease", Moment), attempts=jobs.c.attempts + sa.literal_column("1"))
    .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts),
    Job,
)
_DONE = command(sa.delete(jobs).where(jobs.c.id == param("id")))
_RETRY = command(
    sa.update(jobs)
    .where(jobs.c.id == param("id"))
    .values(run_at=param("at"), failed_at=param("failed"), error=param("text"))
)
_NEXT = values(sa.select(sa.func.min(jobs.c.run_at)).where(jobs.c.failed_at.is_(None)), int)


def enqueue(
    tx: Tx, kind: str, payload: msgspec.Struct, *, at: int = 0, unique_key: str | None = None
) -> None:
    """Runs the handler of `kind` after the commit, not before `at`; with a `unique_key` only one
    such job waits at a time.
    """
    tx.run(
        _INSERT,
        id=new_id(),
        kind=kind,
        payload=msgspec.json.encode(payload).decode(),
        run_at=at or tx.now,
        attempts=0,
        unique_key=unique_key,
        failed_at=None,
        error="",
    )
    tx.signal("jobs")


class Worker:
    """Claims jobs in batches and runs their handlers, several at once."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, tuple[Handler, type]],
        context: Any,
        *,
        concurrency: int = 8,
        batch: int = 20,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._context = context
        self._batch = batch
        self._slots = asyncio.Semaphore(concurrency)
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False

    def wake(self) -> None:
        """Looks for work now."""
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped."""
        while not self._stopped:
            self._wake.clear()
            if await self.run_due():
                continue
            due = await self._db.read(_next_due)
            pause = _POLL_S if due is None else max(0.01, (due - clock.now()) / 1_000)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), min(pause, _POLL_S))

    async def run_due(self) -> int:
        """Claims one batch and works through it; returns how many jobs there were."""
        claimed = await self._db.write(_claim, self._batch)
        await asyncio.gather(*(self._run_one(job) for job in claimed))
        return len(claimed)

    async def stop(self) -> None:
        """Claims nothing more."""
        self._stopped = True
        self._wake.set()

    async def _run_one(self, job: Job) -> None:
        async with self._slots:
            try:
                handler, payload = self._handlers[job.kind]
                await handler(self._context, msgspec.json.decode(job.payload, type=payload))
            except Exception as error:
                log.warning("job failed", kind=job.kind, attempts=job.attempts, exc_info=error)
                await self._db.write(_postpone, job, f"{type(error).__name__}: {error}")
            else:
                await self._db.write(_finish, job.id)


def _claim(tx: Tx, limit: int) -> list[Job]:
    return tx.all(_CLAIM, now=tx.now, limit=limit, lease=tx.now + _LEASE)


def _finish(tx: Tx, job_id: int) -> None:
    tx.run(_DONE, id=job_id)


def _postpone(tx: Tx, job: Job, text: str) -> None:
    """Later and later: 10 s, 40 s, 90 s … until the attempts are used up."""
    given_up = job.attempts >= MAX_ATTEMPTS
    at = tx.now + job.attempts**2 * 10 * clock.SECOND
    tx.run(_RETRY, id=job.id, at=at, failed=tx.now if given_up else None, text=text[:1_000])


def _next_due(tx: Tx) -> int | None:
    return tx.first(_NEXT)
