"""Recording, growing, proving; whatever dies on the way; whoever else records at the same time."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.transparency import jobs, queries
from folkmoot.domain.transparency.actions import (
    Merge,
    ensure_keys,
    forget_opening,
    record,
    sign,
)
from folkmoot.domain.transparency.model import (
    KINDS,
    Decision,
    EntryInvalid,
    EntryNotFound,
    Hashed,
    KeysUnreadable,
    Leaf,
    NotSignedYet,
    PolicyVersion,
    PublishedBroken,
    Signed,
    StoreAhead,
    StoreDiffers,
)
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings import Secrets
from folkmoot.kit.storage import Content, Storage
from folkmoot.kit.tlog.audit import audit, open_checkpoint
from folkmoot.kit.tlog.merkle import is_consistent
from folkmoot.kit.tlog.notes import VerifierKey
from folkmoot.kit.tlog.statements import StatementBroken, check_statement
from folkmoot.kit.tlog.tiles import Tile, tiles_of
from folkmoot.surfaces.app import App
from plans import check_page_plan, check_plan

MOMENT = "2026-11-25T10:00:00Z"


def version(number: int) -> PolicyVersion:
    rules = (Hashed(name=f"rule-{number}", sha256="ab" * 32),)
    return PolicyVersion(version=number, effective_on="2026-11-25", rules=rules)


def decision(number: int = 1, **changes: Any) -> Decision:
    given: dict[str, Any] = {
        "code": f"D-{number}",
        "case": f"C-{number}",
        "decided_at": MOMENT,
        "received_at": MOMENT,
        "category": "spam",
        "source": "article-16",
        "automated_detection": False,
        "automated_decision": "not",
        **changes,
    }
    return Decision(**given)


def add(db: Database, count: int, first: int = 0) -> None:
    def work(tx: Tx) -> None:
        for number in range(first, first + count):
            record(tx, version(number))

    db.write_now(work)


class Log:
    """The log of a test's instance, grown by hand and looked at as from outside."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self.app = app
        self.db = app.db
        self._loop = loop

    def grow(self) -> None:
        self._loop.run_until_complete(jobs.merge(self.app.context, Merge()))

    @property
    def key(self) -> VerifierKey:
        signer = self.db.read_now(queries.find_signer, queries.LOG)
        assert signer is not None
        return signer.vkey

    @property
    def size(self) -> int:
        signed = self.db.read_now(queries.find_signed)
        return signed.size if signed else -1

    def problems(self, **how: Any) -> list[str]:
        note = self.db.read_now(queries.find_checkpoint)
        assert note is not None
        signed = open_checkpoint(note.encode(), self.key)
        found = self._loop.run_until_complete(audit(Stored(self.app), signed.checkpoint, **how))
        return found.problems


class Stored:
    """The files as an auditor gets them."""

    def __init__(self, app: App) -> None:
        self._storage = app.context.storage

    async def get(self, path: str) -> bytes | None:
        key = f"{jobs.FOLDER}/{path}"
        return self._storage.get(key) if self._storage.find(key) else None


@pytest.fixture
def log(app: App, loop: asyncio.AbstractEventLoop) -> Log:
    return Log(app, loop)


def test_an_empty_log_is_signed(log: Log) -> None:
    log.grow()
    assert log.size == 0
    assert log.problems() == []


def test_entries_are_signed_and_proved(log: Log) -> None:
    add(log.db, 5)
    log.grow()
    assert log.size == 5
    assert log.problems() == []
    for position in range(5):
        proof = log.db.read_now(queries.get_proof, position)
        assert check_statement(proof, log.key).size == 5
        leaf = msgspec.json.decode(proof.leaf, type=Leaf)
        assert leaf.entry == version(position)
    with pytest.raises(EntryNotFound):
        log.db.read_now(queries.get_proof, 5)
    add(log.db, 1, 5)
    with pytest.raises(NotSignedYet):
        log.db.read_now(queries.get_proof, 5)


def test_a_log_grows_by_any_steps(log: Log) -> None:
    sizes = [1, 1, 3, 250, 1, 1, 255, 256, 2, 300]
    for count in sizes:
        add(log.db, count, log.size + 1 if log.size > 0 else 0)
        log.grow()
        assert log.problems() == []
    total = sum(sizes)
    assert log.size == total
    for position in (0, 255, 256, 511, 512, total - 1):
        check_statement(log.db.read_now(queries.get_proof, position), log.key)
    signed = log.db.read_now(queries.find_signed)
    assert signed is not None
    for old in (1, 2, 5, 255, 257, 512, 770, total):
        earlier = log.db.read_now(queries.find_signed_at, old)
        if earlier is None:
            continue
        proof = log.db.read_now(queries.list_consistency, old, total)
        roots = bytes.fromhex(earlier.root), bytes.fromhex(signed.root)
        assert is_consistent(old, total, *roots, proof)


def test_parts_of_tiles_that_are_full_are_gone(log: Log) -> None:
    add(log.db, 200)
    log.grow()
    add(log.db, 100, 200)
    log.grow()
    storage = log.app.context.storage
    kept = {each.key.removeprefix("log/") for each in storage.list("log")} - {"published"}
    assert kept == {tile.path for tile in tiles_of(300)}
    assert log.problems() == []


def test_an_earlier_state_is_a_prefix(log: Log) -> None:
    add(log.db, 3)
    log.grow()
    note = log.db.read_now(queries.find_checkpoint)
    assert note is not None
    add(log.db, 300, 3)
    log.grow()
    earlier = open_checkpoint(note.encode(), log.key).checkpoint
    now = log.db.read_now(queries.find_signed)
    assert now is not None
    proof = log.db.read_now(queries.list_consistency, 3, 303)
    assert is_consistent(3, 303, earlier.root, bytes.fromhex(now.root), proof)


def test_a_refused_transaction_leaves_no_gap(log: Log) -> None:
    def refused(tx: Tx) -> None:
        record(tx, version(1))
        raise EntryNotFound

    with pytest.raises(EntryNotFound):
        log.db.write_now(refused)
    add(log.db, 2)
    assert [e.position for e in log.db.read_now(queries.list_from, 0, limit=9)] == [0, 1]


def test_many_record_at_a_time(app: App, log: Log) -> None:
    """Positions have no gaps and no doubles, whoever comes first; some give up on the way."""
    other = Database(app.settings, facts=app.db.facts)
    found: list[int] = []

    def work(db: Database, who: int) -> None:
        def one(tx: Tx, number: int) -> int:
            position = record(tx, version(who * 100 + number)).position
            if number % 5 == 0:
                raise EntryNotFound
            return position

        for number in range(20):
            with contextlib.suppress(EntryNotFound):
                found.append(db.write_now(one, number))

    threads = [
        threading.Thread(target=work, args=(db, who))
        for who, db in enumerate((app.db, other, app.db, other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(found) == list(range(4 * 16))
    log.grow()
    assert log.size == 64
    assert log.problems() == []


def test_two_workers_grow_one_tree(app: App, log: Log, loop: asyncio.AbstractEventLoop) -> None:
    other = Context(app.settings, Database(app.settings, facts=app.db.facts))

    async def both() -> None:
        await asyncio.gather(jobs.merge(app.context, Merge()), jobs.merge(other, Merge()))

    app.db.write_now(ensure_keys)
    for first in range(0, 600, 60):
        add(app.db, 60, first)
        loop.run_until_complete(both())
        assert log.problems() == []
    other.db.close()
    assert log.size == 600


class Died(Exception):
    """The process ends here."""


class Mortal:
    """A store that dies before or after its n-th change."""

    def __init__(self, storage: Storage, dies_at: int, *, after: bool) -> None:
        self._storage = storage
        self._left = dies_at
        self._after = after

    def _change(self, change: Callable[[], None]) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        change()
        if self._left == 0:
            raise Died

    def put(self, key: str, content: Content, *, mime: str) -> None:
        self._change(lambda: self._storage.put(key, content, mime=mime))

    def delete(self, keys: Any) -> None:
        self._change(lambda: self._storage.delete(keys))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_it_may_die_between_any_two_steps(
    app: App, log: Log, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """At each step of growing from 250 to 260 entries: the log stays sound and goes on."""
    storage = app.context.storage
    add(app.db, 250)
    log.grow()
    steps = 0
    while True:
        steps += 1
        add(app.db, 10, log.size)
        app.context.__dict__["storage"] = Mortal(storage, steps, after=after)
        try:
            log.grow()
            survived = True
        except Died:
            survived = False
        app.context.__dict__["storage"] = storage
        assert log.problems() == [], steps
        add(app.db, 1, log.size)
        log.grow()
        assert log.problems() == [], steps
        assert log.size == app.db.read_now(queries.count_entries)
        if survived:
            break
        # Up to the next full tile, so that every round has one.
        add(app.db, 250 - log.size % 256, log.size)
        log.grow()
    assert steps > 6


@pytest.mark.parametrize("dies", ["before", "after"])
def test_it_may_die_around_the_signing(
    app: App, log: Log, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    add(app.db, 250)
    log.grow()
    add(app.db, 10, 250)
    write = app.db.write

    async def mortal(work: Any, *args: Any, **how: Any) -> Any:
        if dies == "after":
            await write(work, *args, **how)
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(app.db, "write", mortal)
        with pytest.raises(Died):
            log.grow()
    assert log.problems() == []
    assert log.size == (260 if dies == "after" else 250)
    add(app.db, 3, 260)
    log.grow()
    assert log.size == 263
    assert log.problems() == []


def rolled_back(db: Database, size: int) -> None:
    """What a database restored from an old copy is like."""

    def work(tx: Tx) -> None:
        for sql in (
            "DELETE FROM log_entries WHERE position >= :size",
            "DELETE FROM log_terms WHERE position >= :size",
            "DELETE FROM log_checkpoints WHERE size > :size",
            "DELETE FROM log_nodes",
            "UPDATE log_state SET entries = :size",
        ):
            given = sql.replace(":size", str(size))
            tx.script(given)

    db.write_now(work)


def test_a_restored_database_takes_back_what_it_lost(log: Log) -> None:
    add(log.db, 100)
    log.grow()
    add(log.db, 420, 100)
    log.grow()
    before = log.db.read_now(queries.find_checkpoint)
    rolled_back(log.db, 100)
    assert log.size == 100
    assert jobs.recover(log.app.context) == 420
    assert log.db.read_now(queries.find_checkpoint) == before
    add(log.db, 5, 520)
    log.grow()
    assert log.size == 525
    assert log.problems() == []
    found = log.db.read_now(queries.list_entries, Page(limit=1), term="rule-519")
    assert [each.position for each in found] == [519]


def test_a_restored_database_that_went_on_signs_no_fork(log: Log) -> None:
    add(log.db, 20)
    log.grow()
    rolled_back(log.db, 10)
    add(log.db, 3, 900)
    with pytest.raises(StoreAhead, match="20 entries"):
        log.grow()
    with pytest.raises(StoreDiffers):
        jobs.recover(log.app.context)
    assert log.size <= 10


def test_a_changed_database_signs_no_fork(log: Log) -> None:
    add(log.db, 20)
    log.grow()
    log.db.write_now(lambda tx: tx.script("UPDATE log_checkpoints SET root = 'ab' || root"))
    add(log.db, 1, 20)
    with pytest.raises(StoreDiffers):
        log.grow()


def test_a_damaged_copy_of_the_state_is_told_and_written_anew(log: Log) -> None:
    add(log.db, 3)
    log.grow()
    storage = log.app.context.storage
    storage.put(jobs.PUBLISHED, b"nothing", mime="text/plain")
    add(log.db, 1, 3)
    with pytest.raises(PublishedBroken):
        log.grow()
    found = jobs.examine(log.app.context)
    assert found is not None
    assert "rebuild log" in found.wrong[0]
    jobs.rebuild(log.app.context)
    log.grow()
    assert log.size == 4


def test_files_of_a_later_state_are_not_written_over(log: Log) -> None:
    add(log.db, 20)
    log.grow()
    early = log.db.read_now(queries.find_signed)
    add(log.db, 20, 20)
    log.grow()
    rolled_back(log.db, 20)
    assert log.db.read_now(queries.find_signed) == early
    with pytest.raises(StoreAhead):
        jobs.rebuild(log.app.context)
    assert jobs.recover(log.app.context) == 20


@pytest.fixture
def in_bucket(app: App, bucket: str, s3_endpoint: str) -> Iterator[None]:
    from folkmoot.kit.storage_s3 import S3Bucket

    app.context.__dict__["storage"] = S3Bucket(
        bucket=bucket,
        endpoint=s3_endpoint,
        region="us-east-1",
        access_key="key",
        secret_key="secret",
    )
    yield
    del app.context.__dict__["storage"]


def test_a_log_in_a_bucket(log: Log, in_bucket: None) -> None:
    for count in (3, 300):
        add(log.db, count, max(log.size, 0))
        log.grow()
        assert log.problems() == []
    kept = {each.key for each in log.app.context.storage.list("log")}
    assert kept == {f"log/{tile.path}" for tile in tiles_of(303)} | {"log/published"}


def test_policy_is_in_the_log_as_it_is_published(log: Log) -> None:
    """The shipped version, which the first one published succeeds, and that one."""
    from folkmoot.domain.policy import actions as policy
    from folkmoot.domain.policy.model import Kind, shipped_rules

    body = "# Terms\n\nBe kind."
    made = log.db.write_now(policy.publish_version, documents={Kind.TERMS: body})
    log.grow()
    assert log.problems() == []
    shipped, second = (e.content.entry for e in log.db.read_now(queries.list_from, 0, limit=9))
    assert isinstance(shipped, PolicyVersion)
    assert isinstance(second, PolicyVersion)
    assert (shipped.version, second.version) == (1, made.id)
    assert [each.name for each in shipped.rules] == [rule.code for rule in shipped_rules()]
    assert shipped.rules == second.rules
    terms = next(each for each in second.documents if each.name == Kind.TERMS)
    assert terms.sha256 == sha256(body.encode()).hexdigest()
    assert terms not in shipped.documents


def test_examining(log: Log) -> None:
    assert jobs.examine(log.app.context) is None
    add(log.db, 300)
    log.grow()
    add(log.db, 2, 300)
    found = jobs.examine(log.app.context)
    assert found is not None
    assert (found.size, found.entries, found.wrong) == (300, 302, [])
    log.app.context.storage.put("log/tile/0/001.p/44", b"x", mime="application/octet-stream")
    rolled_back(log.db, 10)
    log.db.write_now(lambda tx: tx.script("DELETE FROM log_checkpoints"))
    log.db.write_now(sign, Signed(10, "00", "", 1), [])
    found = jobs.examine(log.app.context)
    assert found is not None
    assert "folkmoot log recover" in found.wrong[0]
    assert "tile/0/000.p/10 is missing or damaged" in found.wrong[1]


def test_keys_that_do_not_open(log: Log) -> None:
    log.grow()
    other = msgspec.structs.replace(log.app.settings, secrets=Secrets(**fresh_secrets()))
    db = Database(other)
    with pytest.raises(KeysUnreadable):
        db.read_now(queries.find_signer, queries.LOG)
    db.close()


def test_lost_files_are_written_anew(log: Log) -> None:
    add(log.db, 600)
    log.grow()
    storage = log.app.context.storage
    before = {each.key: storage.get(each.key) for each in storage.list("log")}
    storage.delete(before)
    assert log.problems()
    assert jobs.rebuild(log.app.context) == 600
    assert {each.key: storage.get(each.key) for each in storage.list("log")} == before
    assert log.problems() == []


def test_commitments_are_opened_by_their_salt_alone(log: Log) -> None:
    private = {"post": "111", "words": "höflich"}

    def work(tx: Tx) -> None:
        record(tx, decision(), private=private)
        record(tx, decision(2), private=private)
        record(tx, version(1))

    log.db.write_now(work)
    log.grow()
    one, two, three = (log.db.read_now(queries.get_proof, at, opened=True) for at in range(3))
    for proof in (one, two, three):
        check_statement(proof, log.key)
    assert msgspec.json.decode(one.private or "") == private
    assert three.salt is None
    assert "commitment" not in three.leaf
    commitments = {msgspec.json.decode(each.leaf)["commitment"] for each in (one, two)}
    assert len(commitments) == 2
    forged = msgspec.structs.replace(one, private='{"post":"112","words":"höflich"}')
    with pytest.raises(StatementBroken, match="commits to"):
        check_statement(forged, log.key)
    assert log.db.read_now(queries.get_proof, 0).salt is None


def test_forgetting_leaves_the_log_whole(log: Log, ada: Any) -> None:
    def work(tx: Tx) -> None:
        for number in range(3):
            record(tx, decision(number), private={"n": number}, about=ada.account.id)
        record(tx, decision(9), private={"n": 9})

    log.db.write_now(work)
    log.grow()
    log.db.write_now(lambda tx: tx.announce(AccountDeleted(ada.account.id)))
    log.db.write_now(forget_opening, 3)
    for position in range(4):
        proof = log.db.read_now(queries.get_proof, position, opened=True)
        check_statement(proof, log.key)
        assert proof.salt is None
        assert proof.private is None
    assert log.problems() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"code": "with space"}, "code"),
        ({"code": "ada@example.test"}, "code"),
        ({"code": "x\n"}, "code"),
        ({"by": "ada"}, "by"),
        ({"source": "anger"}, "source"),
        ({"decided_at": "yesterday"}, "decided_at"),
        ({"items": -1}, "items"),
        ({"items": 2**60}, "items"),
        ({"territory": ("Atlantis",)}, "territory"),
        ({"detectors": tuple(f"d-{i}" * 13 for i in range(2_000))}, "65535"),
    ],
)
def test_what_does_not_fit_is_refused(db: Database, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(EntryInvalid, match=why):
        db.write_now(record, decision(**changes))
    assert db.read_now(queries.count_entries) == 0


def test_leaves_are_canonical_and_refuse_unknown_fields(db: Database) -> None:
    db.write_now(record, decision(items=3))
    leaf = db.read_now(queries.get_entry, 0).leaf
    assert leaf == msgspec.json.encode(msgspec.json.decode(leaf), order="sorted").decode()
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(leaf.replace('"items":3', '"items":3,"name":"Ada"'), type=Leaf)


def test_every_kind_says_what_it_is() -> None:
    assert KINDS
    for kind in KINDS.values():
        assert kind.title
        assert kind.__doc__


def test_pseudonyms_are_stable_and_differ(db: Database) -> None:
    one, again, other = (db.read_now(queries.find_pseudonym, who) for who in (7, 7, 8))
    assert one == again != other
    db.write_now(record, decision(by=one, seconded_by=other))


def test_entries_are_found(db: Database) -> None:
    def work(tx: Tx) -> None:
        for number in range(3):
            record(tx, version(number))
            record(tx, decision(number, rule="rule-1"))

    db.write_now(work)

    def found(page: Page | None = None, **how: Any) -> list[int]:
        return [e.position for e in db.read_now(queries.list_entries, page or Page(), **how)]

    assert found() == [5, 4, 3, 2, 1, 0]
    assert found(kind="decision") == [5, 3, 1]
    assert found(term="RULE-1") == [5, 3, 2, 1]
    assert found(term="rule-1", kind="policy") == [2]
    assert found(term="c-2") == [5]
    assert found(Page(limit=2)) == [5, 4]
    assert found(Page(limit=2, max_id=2)) == [1, 0]
    assert found(Page(limit=2, min_id=1)) == [3, 2]
    assert found(until=1) == []
    assert found(since=1) == [5, 4, 3, 2, 1, 0]
    assert found(since=1 << 60) == []
    assert [c.entries for c in db.read_now(queries.list_counts, since_month="2000-01")] == [3, 3]


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        for paged, more in (
            (queries._ALL, {}),
            (queries._OF_KIND, {"kind": "decision"}),
            (queries._WITH_TERM, {"term": "x"}),
            (queries._OF_KIND_WITH_TERM, {"term": "x", "kind": "decision"}),
        ):
            check_page_plan(tx, paged, **more)
        check_plan(tx, queries._FROM, first=0, limit=10)
        check_plan(tx, queries._FIRST_SINCE, at=1)
        check_plan(tx, queries._COUNT)
        check_plan(tx, queries._HASHES, first=0, end=256)
        check_plan(tx, queries._NODES, level=1, first=0, end=256)
        check_plan(tx, queries._NEWEST_SIGNED)
        check_plan(tx, queries._COUNTS, since="2026-01")
        check_plan(tx, queries._OPENING, position=1)

    db.write_now(check)


def test_a_proof_asks_a_fixed_number_of_queries(log: Log) -> None:
    add(log.db, 1_000)
    log.grow()

    def count(tx: Tx) -> int:
        seen: list[str] = []
        execute = Tx._execute

        def counted(self: Tx, statement: Any, params: Any) -> Any:
            seen.append(str(statement))
            return execute(self, statement, params)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Tx, "_execute", counted)
            queries.get_proof(tx, 700)
        return len(seen)

    assert log.db.read_now(count) <= 12


def test_a_tile_path_is_a_key_of_the_store() -> None:
    from folkmoot.kit.storage import is_key

    for tile in (Tile(-1, 1_234_067), Tile(63, 999, 255), Tile(0, 10**15)):
        assert is_key(f"{jobs.FOLDER}/{tile.path}")
