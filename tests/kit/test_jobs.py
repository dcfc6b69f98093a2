import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from folkmoot.kit import clock, jobs, maintenance
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Tx, rows
from folkmoot.kit.jobs import Worker, enqueue


class Note(msgspec.Struct):
    text: str = ""


class Row(msgspec.Struct):
    kind: str
    run_at: int
    attempts: int
    failed_at: int | None
    error: str


_ROWS = rows(
    sa.select(
        jobs.jobs.c.kind,
        jobs.jobs.c.run_at,
        jobs.jobs.c.attempts,
        jobs.jobs.c.failed_at,
        jobs.jobs.c.error,
    ),
    Row,
)


def left(db: Database) -> list[Row]:
    return db.read_now(lambda tx: tx.all(_ROWS))


def put(db: Database, kind: str, *texts: str, **options: Any) -> None:
    def work(tx: Tx) -> None:
        for text in texts:
            enqueue(tx, kind, Note(text), **options)

    db.write_now(work)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never happened")


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def note(seen: list[str]) -> Callable[[Any, Note], Awaitable[None]]:
    async def handle(context: Any, payload: Note) -> None:
        seen.append(payload.text)

    return handle


def test_jobs_run_and_are_gone(db: Database, seen: list[str], note: Any) -> None:
    put(db, "note", "a", "b", "c")
    worker = Worker(db, {"note": (note, Note)}, None)
    assert asyncio.run(worker.run_due()) == 3
    assert sorted(seen) == ["a", "b", "c"]
    assert left(db) == []


def test_a_worker_outlives_its_database(
    db: Database, monkeypatch: pytest.MonkeyPatch, seen: list[str], note: Any
) -> None:
    monkeypatch.setattr(jobs, "_POLL_S", 0.01)
    put(db, "note", "a")
    claim, failures = jobs._claim, iter([OSError("gone"), OSError("still gone")])

    def unsteady(tx: Tx, kinds: list[str], limit: int, lease: int) -> list[jobs.Job]:
        for failure in failures:
            raise failure
        return claim(tx, kinds, limit, lease)

    monkeypatch.setattr(jobs, "_claim", unsteady)

    async def scenario() -> None:
        worker = Worker(db, {"note": (note, Note)}, None)
        running = asyncio.create_task(worker.run())
        await until(lambda: seen == ["a"])
        await worker.stop()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_a_unique_job_waits_once(db: Database, seen: list[str], note: Any) -> None:
    put(db, "note", "a", unique_key="k")
    put(db, "note", "b", unique_key="k")
    asyncio.run(Worker(db, {"note": (note, Note)}, None).run_due())
    assert seen == ["a"]


def test_a_job_runs_not_before_its_time(db: Database, seen: list[str], note: Any) -> None:
    put(db, "note", "later", at=clock.now() + clock.HOUR)
    assert asyncio.run(Worker(db, {"note": (note, Note)}, None).run_due()) == 0
    assert seen == []


def test_a_failure_is_tried_again_later_and_finally_given_up(db: Database) -> None:
    async def fail(context: Any, payload: Note) -> None:
        raise OSError("the disk is full")

    put(db, "note", "a")
    worker = Worker(db, {"note": (fail, Note)}, None)
    asyncio.run(worker.run_due())
    (row,) = left(db)
    assert row.run_at > clock.now() + 5_000
    assert (row.attempts, row.failed_at, row.error) == (1, None, "OSError: the disk is full")
    for _ in range(jobs.MAX_ATTEMPTS):
        db.write_now(lambda tx: tx.script("UPDATE jobs SET run_at = 0"))
        asyncio.run(worker.run_due())
    (row,) = left(db)
    assert row.failed_at is not None
    assert row.attempts == jobs.MAX_ATTEMPTS


def test_jobs_of_an_unknown_kind_wait_for_who_knows_them(db: Database, note: Any) -> None:
    put(db, "from-the-future", "a")
    assert asyncio.run(Worker(db, {"note": (note, Note)}, None).run_due()) == 0
    (row,) = left(db)
    assert row.attempts == 0


def test_slow_jobs_do_not_hold_up_quick_ones(db: Database, seen: list[str], note: Any) -> None:
    async def scenario() -> None:
        release = asyncio.Event()

        async def slow(context: Any, payload: Note) -> None:
            await release.wait()
            seen.append(payload.text)

        handlers = {"note": (note, Note), "slow": (slow, Note)}
        worker = Worker(db, handlers, None, concurrency=2, slow={"slow"})
        running = asyncio.create_task(worker.run())
        await db.write(lambda tx: [enqueue(tx, "slow", Note(f"s{i}")) for i in range(6)])
        await db.write(lambda tx: [enqueue(tx, "note", Note(f"q{i}")) for i in range(30)])
        worker.wake()
        await until(lambda: len(seen) == 30)
        assert all(text.startswith("q") for text in seen)
        release.set()
        await until(lambda: len(seen) == 36)
        await worker.stop()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert left(db) == []


def test_stopping_finishes_what_was_begun(db: Database, seen: list[str]) -> None:
    async def scenario() -> None:
        begun = asyncio.Event()

        async def slow(context: Any, payload: Note) -> None:
            begun.set()
            await asyncio.sleep(0.1)
            seen.append(payload.text)

        worker = Worker(db, {"slow": (slow, Note)}, None)
        await db.write(lambda tx: enqueue(tx, "slow", Note("a")))
        running = asyncio.create_task(worker.run())
        await begun.wait()
        await worker.stop()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert seen == ["a"]
    assert left(db) == []


def test_stopping_hands_back_what_has_not_begun_and_what_takes_too_long(
    db: Database, seen: list[str], note: Any
) -> None:
    async def scenario() -> None:
        begun: list[str] = []

        async def endless(context: Any, payload: Note) -> None:
            begun.append(payload.text)
            await asyncio.Event().wait()

        worker = Worker(db, {"note": (endless, Note)}, None, concurrency=2, stop_s=0.1)
        await db.write(lambda tx: [enqueue(tx, "note", Note(f"{i}")) for i in range(6)])
        running = asyncio.create_task(worker.run())
        await until(lambda: len(begun) == 2)
        await worker.stop()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))
    rows = left(db)
    assert len(rows) == 6
    assert all(row.run_at <= clock.now() and row.attempts == 0 for row in rows)
    asyncio.run(Worker(db, {"note": (note, Note)}, None).run_due())
    assert sorted(seen) == [f"{i}" for i in range(6)]


def test_many_workers_do_each_job_once(db: Database, seen: list[str]) -> None:
    async def scenario() -> None:
        async def work(context: Any, payload: Note) -> None:
            await asyncio.sleep(0.001)
            seen.append(payload.text)

        workers = [Worker(db, {"note": (work, Note)}, None, batch=3) for _ in range(4)]
        await db.write(lambda tx: [enqueue(tx, "note", Note(f"{i}")) for i in range(200)])
        running = [asyncio.create_task(worker.run()) for worker in workers]
        await until(lambda: len(seen) >= 200)
        for worker in workers:
            await worker.stop()
        await asyncio.gather(*running)

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert sorted(seen) == sorted(f"{i}" for i in range(200))
    assert left(db) == []


def test_a_batch_is_no_larger_than_asked_for(db: Database) -> None:
    put(db, "note", *(f"{i}" for i in range(50)))
    assert len(db.write_now(jobs._claim, ["note"], 7, clock.MINUTE)) == 7
    assert sum(row.attempts for row in left(db)) == 7


def test_the_record_of_jobs_that_were_given_up_is_kept_for_a_while(db: Database) -> None:
    put(db, "note", "old", "young", "waiting")
    ids = [i for (i,) in db.read_now(lambda tx: tx.script("SELECT id FROM jobs ORDER BY id"))]
    for job_id, failed in zip(ids, (clock.now() - 15 * clock.DAY, clock.now()), strict=False):
        db.write_now(
            lambda tx, f=failed, j=job_id: tx.script(
                f"UPDATE jobs SET failed_at = {f} WHERE id = {j}"
            )
        )
    asyncio.run(maintenance.forget_jobs(Context(db.settings, db), maintenance.ForgetJobs()))
    assert [row.failed_at is None for row in left(db)].count(False) == 1
    assert len(left(db)) == 2


def test_the_lease_of_a_long_job_is_renewed(db: Database, seen: list[str]) -> None:
    async def scenario() -> None:
        async def slow(context: Any, payload: Note) -> None:
            seen.append(payload.text)
            await asyncio.sleep(0.9)

        workers = [Worker(db, {"slow": (slow, Note)}, None, lease_s=0.3) for _ in range(2)]
        await db.write(lambda tx: enqueue(tx, "slow", Note("once")))
        running = [asyncio.create_task(worker.run()) for worker in workers]
        await asyncio.sleep(1.2)
        for worker in workers:
            await worker.stop()
        await asyncio.gather(*running)

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert seen == ["once"]


def test_a_job_whose_worker_died_runs_again(db: Database, seen: list[str], note: Any) -> None:
    put(db, "note", "a")
    db.write_now(jobs._claim, ["note"], 1, -1)
    asyncio.run(Worker(db, {"note": (note, Note)}, None).run_due())
    assert seen == ["a"]


def test_repeating_jobs_run_again_and_again(db: Database, seen: list[str], note: Any) -> None:
    worker = Worker(db, {"note": (note, Note)}, None, every={"note": clock.HOUR})
    assert asyncio.run(worker.run_due()) == 1
    assert asyncio.run(worker.run_due()) == 0
    (row,) = left(db)
    assert clock.now() + clock.HOUR - 10_000 < row.run_at <= clock.now() + clock.HOUR
    db.write_now(lambda tx: tx.script("UPDATE jobs SET run_at = 0"))
    assert asyncio.run(worker.run_due()) == 1
    assert seen == ["", ""]


def test_a_repeating_job_that_fails_is_tried_sooner_and_never_given_up(db: Database) -> None:
    async def fail(context: Any, payload: Note) -> None:
        raise OSError

    worker = Worker(db, {"note": (fail, Note)}, None, every={"note": clock.HOUR})
    for _ in range(jobs.MAX_ATTEMPTS + 2):
        asyncio.run(worker.run_due())
        db.write_now(lambda tx: tx.script("UPDATE jobs SET run_at = 0"))
    (row,) = left(db)
    assert row.failed_at is None
    assert row.attempts == jobs.MAX_ATTEMPTS + 2
