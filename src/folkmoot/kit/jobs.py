"""Durable jobs in a table of our own, enqueued in the transaction that needs them.

A worker claims jobs with a lease that it renews; a job whose worker died is claimed again when
the lease ends, so handlers must bear being run twice. A job that fails is tried again, ever later.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping
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
    within,
)
from folkmoot.kit.ids import new_id

log = structlog.get_logger("jobs")

MAX_ATTEMPTS = 12
_POLL_S = 5.0
_SLOW_AT_ONCE = 2

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
# In a CTE, so that it is evaluated once: rows are locked while they are chosen, and a plan that
# chose twice would lock, and claim, more than were asked for.
_due = (
    sa.select(jobs.c.id)
    .where(
        jobs.c.failed_at.is_(None),
        jobs.c.run_at <= param("now", Moment),
        within(jobs.c.kind, "kinds"),
    )
    .order_by(jobs.c.run_at)
    .limit(param("limit", sa.Integer()))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = rows(
    sa.update(jobs)
    .where(jobs.c.id.in_(sa.select(_due.c.id)))
    .values(run_at=param("lease", Moment), attempts=jobs.c.attempts + sa.literal_column("1"))
    .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts),
    Job,
)
_DONE = command(sa.delete(jobs).where(jobs.c.id == param("id")))
_RENEW_ALL = command(
    sa.update(jobs).where(within(jobs.c.id, "ids")).values(run_at=param("lease", Moment))
)
_RELEASE = command(
    sa.update(jobs)
    .where(within(jobs.c.id, "ids"))
    .values(run_at=param("at"), attempts=jobs.c.attempts - sa.literal_column("1"))
)
_FORGET = command(sa.delete(jobs).where(jobs.c.failed_at < param("before", Moment)))
_AGAIN = command(
    sa.update(jobs)
    .where(jobs.c.id == param("id"))
    .values(run_at=param("at"), attempts=param("attempts"), failed_at=None, error=param("text"))
)
_RETRY = command(
    sa.update(jobs)
    .where(jobs.c.id == param("id"))
    .values(run_at=param("at"), failed_at=param("failed"), error=param("text"))
)
_NEXT = values(
    sa.select(sa.func.min(jobs.c.run_at)).where(
        jobs.c.failed_at.is_(None), within(jobs.c.kind, "kinds")
    ),
    int,
)


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


class Lane:
    """Kinds of jobs that share places, so that a few long jobs do not hold up many short ones."""

    def __init__(self, kinds: Collection[str], *, places: int, batch: int) -> None:
        self.kinds = sorted(kinds)
        self.batch = batch
        self.places = places
        self.place = asyncio.Semaphore(places)
        self.taken: dict[int, asyncio.Task[None]] = {}
        self.begun: set[int] = set()

    @property
    def has_room(self) -> bool:
        return bool(self.kinds) and len(self.taken) < self.places


class Worker:
    """Claims the jobs it has handlers for, in batches, and runs several at once.

    Kinds in `slow` (minutes, not seconds) have places of their own. Kinds in `every`
    (milliseconds) run again and again, with their payload's defaults, in one process at a time.
    Who has not renewed a claim for `lease_s` seconds counts as dead. A stopping worker finishes
    what it has begun within `stop_s` seconds, and hands the rest back.
    """

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, tuple[Handler, type]],
        context: Any,
        *,
        concurrency: int = 8,
        batch: int = 20,
        slow: Collection[str] = (),
        every: Mapping[str, int] | None = None,
        lease_s: float = 60.0,
        stop_s: float = 30.0,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._context = context
        self._every = every or {}
        self._lanes = (
            Lane(set(handlers) - set(slow), places=concurrency, batch=batch),
            Lane(set(handlers) & set(slow), places=_SLOW_AT_ONCE, batch=1),
        )
        self._lease = int(lease_s * clock.SECOND)
        self._renew_every = self._lease // 3
        self._stop_s = stop_s
        self._wake = asyncio.Event()
        self._renewed_at = clock.now()
        self._stopped = False

    def wake(self) -> None:
        """Looks for work now."""
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped, then finishes what it has begun, or hands it back."""
        scheduled = False
        while not self._stopped:
            self._wake.clear()
            pause_s = _POLL_S
            try:
                if not scheduled:
                    await self._schedule()
                    scheduled = True
                await self._renew()
                if sum([await self._take(lane) for lane in self._lanes if lane.has_room]):
                    continue
                pause_s = await self._pause_s()
            except Exception:
                # The database is away for a while; whoever waits for it must not give up.
                log.exception("jobs cannot be claimed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause_s)
        await self._finish_up()

    async def run_due(self) -> int:
        """Claims one batch of each lane and works through it; returns how many jobs there were."""
        await self._schedule()
        count = sum([await self._take(lane) for lane in self._lanes])
        await asyncio.gather(*self._tasks())
        return count

    async def stop(self) -> None:
        """Claims nothing more."""
        self._stopped = True
        self._wake.set()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for lane in self._lanes for task in lane.taken.values()]

    async def _schedule(self) -> None:
        if self._every:
            payloads = {kind: self._handlers[kind][1]() for kind in self._every}
            await self._db.write(_schedule, payloads)

    async def _take(self, lane: Lane) -> int:
        """Claims a batch; what finds no place yet waits for one, with its lease renewed."""
        claimed = await self._db.write(_claim, lane.kinds, lane.batch, self._lease)
        for job in claimed:
            lane.taken[job.id] = asyncio.create_task(self._run_one(lane, job))
        return len(claimed)

    async def _pause_s(self) -> float:
        """Until the next job is due that there would be room for, or a lease must be renewed; a
        freed place wakes us.
        """
        kinds = [kind for lane in self._lanes if lane.has_room for kind in lane.kinds]
        due = await self._db.read(_next_due, kinds) if kinds else None
        pause = _POLL_S if due is None else max(0.01, (due - clock.now()) / 1_000)
        return min(pause, _POLL_S, self._renew_every / clock.SECOND)

    async def _renew(self) -> None:
        """What was claimed since the last time has a fresh lease, and is renewed with the rest."""
        if clock.now() - self._renewed_at < self._renew_every:
            return
        ids = [job_id for lane in self._lanes for job_id in lane.taken]
        if ids:
            await self._db.write(_renew, ids, self._lease)
        self._renewed_at = clock.now()

    async def _finish_up(self) -> None:
        """Hands back what only waited for a place; what has begun gets its time first."""
        lanes = self._lanes
        waiting = {i: task for lane in lanes for i, task in lane.taken.items()}
        begun = {i: waiting.pop(i) for lane in lanes for i in lane.begun}
        await self._hand_back(waiting)
        if begun:
            await asyncio.wait(begun.values(), timeout=self._stop_s)
        await self._hand_back({i: task for i, task in begun.items() if not task.done()})

    async def _hand_back(self, tasks: Mapping[int, asyncio.Task[None]]) -> None:
        if tasks:
            log.info("jobs are handed back", count=len(tasks))
            for task in tasks.values():
                task.cancel()
            await asyncio.wait(tasks.values())
            await self._db.write(_release, list(tasks))

    async def _run_one(self, lane: Lane, job: Job) -> None:
        try:
            async with lane.place:
                lane.begun.add(job.id)
                await self._handle(job)
        except Exception:
            # Its lease ends, and it is claimed again.
            log.exception("a job's end could not be noted", kind=job.kind)
        finally:
            lane.begun.discard(job.id)
            del lane.taken[job.id]
            self._wake.set()

    async def _handle(self, job: Job) -> None:
        again = self._every.get(job.kind)
        try:
            handler, payload = self._handlers[job.kind]
            await handler(self._context, msgspec.json.decode(job.payload, type=payload))
        except Exception as error:
            log.warning("job failed", kind=job.kind, attempts=job.attempts, exc_info=error)
            await self._db.write(_postpone, job, f"{type(error).__name__}: {error}", again)
        else:
            await self._db.write(_finish, job.id, again)


def _schedule(tx: Tx, payloads: Mapping[str, msgspec.Struct]) -> None:
    for kind, payload in payloads.items():
        enqueue(tx, kind, payload, unique_key=f"every:{kind}")


def _claim(tx: Tx, kinds: list[str], limit: int, lease: int) -> list[Job]:
    return tx.all(_CLAIM, now=tx.now, limit=limit, lease=tx.now + lease, kinds=kinds)


def _renew(tx: Tx, ids: list[int], lease: int) -> None:
    """A job that was finished meanwhile is not there to be renewed."""
    tx.run(_RENEW_ALL, ids=ids, lease=tx.now + lease)


def _release(tx: Tx, ids: list[int]) -> None:
    """As if they had never been claimed: another worker takes them up at once."""
    tx.run(_RELEASE, ids=ids, at=tx.now)
    tx.signal("jobs")


def _finish(tx: Tx, job_id: int, again: int | None) -> None:
    if again is None:
        tx.run(_DONE, id=job_id)
    else:
        tx.run(_AGAIN, id=job_id, at=tx.now + again, attempts=0, text="")


def _postpone(tx: Tx, job: Job, text: str, again: int | None) -> None:
    """Later and later: 10 s, 40 s, 90 s … until the attempts are used up.

    A job that repeats never gives up; it is tried again no later than it would be anyway.
    """
    wait = job.attempts**2 * 10 * clock.SECOND
    if again is not None:
        at = tx.now + min(wait, again)
        tx.run(_AGAIN, id=job.id, at=at, attempts=job.attempts, text=text[:1_000])
        return
    given_up = job.attempts >= MAX_ATTEMPTS
    failed = tx.now if given_up else None
    tx.run(_RETRY, id=job.id, at=tx.now + wait, failed=failed, text=text[:1_000])


def forget_given_up(tx: Tx, before: int) -> int:
    """Deletes the record of jobs that were given up before a moment; returns how many."""
    return tx.run(_FORGET, before=before)


def _next_due(tx: Tx, kinds: list[str]) -> int | None:
    return tx.first(_NEXT, kinds=kinds)
