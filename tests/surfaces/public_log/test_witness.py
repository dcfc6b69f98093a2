"""This server as a witness of another log, and another as its witness."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conftest import Client
from folkmoot import wiring
from folkmoot.domain.transparency import jobs, queries
from folkmoot.domain.transparency.actions import Cosign, ensure_keys, record, sign
from folkmoot.domain.transparency.jobs import WitnessSilent
from folkmoot.domain.transparency.model import Hashed, PolicyVersion
from folkmoot.kit.db import Database
from folkmoot.kit.http import Response
from folkmoot.kit.settings import Settings, Transparency
from folkmoot.kit.tlog.audit import open_checkpoint
from folkmoot.kit.tlog.merkle import hash_leaf, plan_consistency, root_between, root_of
from folkmoot.kit.tlog.notes import (
    Checkpoint,
    Signer,
    cosigned_at,
    parse_note,
    parse_vkey,
    write_note,
)
from folkmoot.kit.tlog.texts import write_request
from folkmoot.surfaces.app import App

LEAVES = [hash_leaf(bytes([i])) for i in range(60)]
OTHER = Signer("other.example/log", bytes(range(32)))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    witnessing = Transparency(witness_for=(OTHER.vkey.text,))
    return msgspec.structs.replace(settings, transparency=witnessing)


def checkpoint(size: int, *, signer: Signer = OTHER, leaves: list[bytes] = LEAVES) -> str:
    text = Checkpoint(signer.vkey.name, size, root_of(leaves[:size])).text
    return write_note(text, [signer.sign(text)])


def proof(old: int, new: int) -> list[bytes]:
    def read(level: int, first: int, count: int) -> list[bytes]:
        assert level == 0
        return LEAVES[first : first + count]

    return [root_between(span, read) for span in plan_consistency(old, new)]


class Witness:
    def __init__(self, visitor: Client) -> None:
        self._visitor = visitor

    def ask(self, old: int, hashes: list[bytes], note: str) -> Any:
        body = write_request(old, hashes, note)
        return self.send(body)

    def send(self, body: bytes) -> Any:
        return self._visitor.request("POST", "/witness/add-checkpoint", content=body)


@pytest.fixture
def witness(visitor: Client) -> Witness:
    return Witness(visitor)


def own_key(app: App) -> Any:
    app.db.write_now(ensure_keys)
    signer = app.db.read_now(queries.find_signer, queries.WITNESS)
    assert signer is not None
    return signer.vkey


def test_it_cosigns_what_continues(app: App, visitor: Client, witness: Witness) -> None:
    key = own_key(app)
    old = 0
    for size in (0, 1, 1, 7, 40, 40, 60):
        note = checkpoint(size)
        answer = witness.ask(old, proof(old, size), note)
        assert answer.status_code == 200, answer.text
        assert cosigned_at(parse_note((note + answer.text).encode()), key)
        old = size
    address = f"/witness/{sha256(OTHER.vkey.name.encode()).hexdigest()}/checkpoint"
    shown = open_checkpoint(visitor.get(address).content, OTHER.vkey, [key])
    assert shown.checkpoint.size == 60
    assert shown.witnesses.keys() == {key.name}


def test_what_it_refuses(witness: Witness) -> None:
    assert witness.ask(0, [], checkpoint(10)).status_code == 200
    behind = witness.ask(0, [], checkpoint(12))
    assert behind.status_code == 409
    assert behind.text == "10\n"
    assert behind.headers["content-type"] == "text/x.tlog.size"
    assert witness.ask(10, proof(10, 12)[:-1], checkpoint(12)).status_code == 422
    assert witness.ask(10, [], checkpoint(12)).status_code == 422
    forked = [*LEAVES[:5], hash_leaf(b"other"), *LEAVES[6:]]
    assert witness.ask(10, proof(10, 12), checkpoint(12, leaves=forked)).status_code == 422
    assert witness.ask(10, [], checkpoint(10, leaves=forked)).status_code == 422
    assert witness.ask(12, [], checkpoint(10)).status_code == 400
    stranger = Signer("stranger.example/log", bytes(32))
    assert witness.ask(0, [], checkpoint(3, signer=stranger)).status_code == 404
    thief = Signer(OTHER.vkey.name, bytes(32))
    assert witness.ask(10, proof(10, 12), checkpoint(12, signer=thief)).status_code == 403
    assert witness.ask(10, proof(10, 12), checkpoint(12)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"old 0\n\n", 400),
        (b"old 0\n\nnonsense", 400),
        (b"old -1\n\n" + checkpoint(1).encode(), 400),
        (b"old 0\n" + b"x" * 70_000, 413),
        (write_request(0, [LEAVES[0]], checkpoint(1)), 422),
    ],
)
def test_what_it_cannot_read(witness: Witness, body: bytes, status: int) -> None:
    answer = witness.send(body)
    assert answer.status_code == status
    assert answer.text.strip()


def test_a_changed_signature_is_refused(witness: Witness) -> None:
    note = checkpoint(5)
    text, _, line = note.rpartition("\n\n")
    packed = line.split()[2]
    at = 20
    changed = packed[:at] + ("A" if packed[at] != "A" else "B") + packed[at + 1 :]
    assert witness.ask(0, [], note.replace(packed, changed)).status_code == 403
    assert text


def test_nothing_was_cosigned_of_a_stranger(visitor: Client) -> None:
    for path in (f"{'0' * 64}/checkpoint", "x/checkpoint", ""):
        assert visitor.get(f"/witness/{path}").status_code == 404
    assert visitor.request("PUT", "/witness/add-checkpoint").status_code == 404


class Wire:
    """Stands for the network: hands what is posted to another instance."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._asgi = asgi
        self.asked: list[bytes] = []
        self.status: int | None = None

    async def post(self, url: str, *, body: bytes, **how: Any) -> Response:
        import httpx

        self.asked.append(body)
        if self.status:
            return Response(self.status, url, {}, b"down")
        transport = httpx.ASGITransport(self._asgi)
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.post(url, content=body)
        return Response(answer.status_code, url, dict(answer.headers), answer.content)


@pytest.fixture
def pair(
    settings: Settings, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[tuple[App, App, Wire]]:
    """A log, and a witness of it: two instances (both on one database, each its own folder)."""
    from folkmoot.kit.db.schema import migrate
    from folkmoot.kit.settings import DatabaseSettings, Media, Server

    place = tmp_path / "witness"
    place.mkdir()
    there = msgspec.structs.replace(
        settings,
        server=Server(base_url="https://witness.example"),
        database=DatabaseSettings(url=f"sqlite:///{place / 'witness.db'}"),
        media=Media(folder=place / "media"),
    )
    migrate(there)
    first = Database(there)
    first.write_now(ensure_keys)
    signer = first.read_now(queries.find_signer, queries.WITNESS)
    first.close()
    assert signer is not None
    ours = Transparency(witnesses=(f"{signer.vkey.text} https://witness.example/witness",))
    log = wiring.build_app(msgspec.structs.replace(settings, transparency=ours))
    log.db.write_now(ensure_keys)
    key = log.db.read_now(queries.find_signer, queries.LOG)
    assert key is not None
    watching = Transparency(witness_for=(key.vkey.text,))
    witness = wiring.build_app(msgspec.structs.replace(there, transparency=watching))
    wire = Wire(wiring.build_asgi(witness), loop)
    log.context.__dict__["http"] = wire
    yield log, witness, wire
    log.context.__dict__.pop("http")
    log.db.close()
    witness.db.close()


def grow(app: App, loop: asyncio.AbstractEventLoop, count: int) -> None:
    for number in range(count):
        rules = (Hashed(name="spam-1", sha256="ab" * 32),)
        entry = PolicyVersion(version=number, effective_on="2026-11-25", rules=rules)
        app.db.write_now(record, entry)
    worker = wiring.build_worker(app)
    while loop.run_until_complete(worker.run_due()):
        pass


def test_a_log_is_cosigned_as_it_grows(
    pair: tuple[App, App, Wire], loop: asyncio.AbstractEventLoop
) -> None:
    log, _, wire = pair
    key = parse_vkey(log.settings.transparency.witnesses[0].split()[0])
    ours = log.db.read_now(queries.find_signer, queries.LOG)
    assert ours is not None
    for count in (3, 5, 300):
        grow(log, loop, count)
        note = log.db.read_now(queries.find_checkpoint)
        assert note is not None
        shown = open_checkpoint(note.encode(), ours.vkey, [key])
        assert shown.witnesses.keys() == {key.name}
    asked = len(wire.asked)
    loop.run_until_complete(jobs.cosign(log.context, Cosign()))
    assert len(wire.asked) == asked, "what is cosigned today is not asked for again"
    # Our memory of the witness is lost: it says what it knows.
    log.db.write_now(lambda tx: tx.script("DELETE FROM log_cosignatures"))
    loop.run_until_complete(jobs.cosign(log.context, Cosign()))
    assert [each.split(b"\n")[0] for each in wire.asked[asked:]] == [b"old 0", b"old 308"]
    assert len(log.db.read_now(queries.list_cosignatures)) == 1


def test_a_witness_that_is_away_holds_nothing_up(
    pair: tuple[App, App, Wire], loop: asyncio.AbstractEventLoop
) -> None:
    log, _, wire = pair
    wire.status = 503
    grow(log, loop, 3)
    signed = log.db.read_now(queries.find_signed)
    assert signed is not None
    assert signed.size == 3
    with pytest.raises(WitnessSilent, match=r"witness\.example/witness: status 503"):
        loop.run_until_complete(jobs.cosign(log.context, Cosign()))
    wire.status = None
    loop.run_until_complete(jobs.cosign(log.context, Cosign()))
    assert len(log.db.read_now(queries.list_cosignatures)) == 1


def test_a_witness_that_knows_more_is_believed(
    pair: tuple[App, App, Wire], loop: asyncio.AbstractEventLoop
) -> None:
    """The database was put back, and the files with it: only the witness can tell."""
    log, _, _ = pair
    grow(log, loop, 2)
    early = log.db.read_now(queries.find_signed)
    assert early is not None
    grow(log, loop, 7)
    for table in ("log_checkpoints", "log_cosignatures"):
        log.db.write_now(lambda tx, table=table: tx.script(f"DELETE FROM {table}"))
    log.db.write_now(sign, early, [])
    with pytest.raises(WitnessSilent, match="it has seen 9 entries of this log, which has 2"):
        loop.run_until_complete(jobs.cosign(log.context, Cosign()))


def test_settings_are_checked() -> None:
    from folkmoot.kit.settings_rules import contradictions

    def problems(**given: Any) -> list[str]:
        settings = Settings(transparency=Transparency(**given))
        return [problem.expected for problem in contradictions(settings, {})]

    witness = Signer("w.example", bytes(32), 4).vkey.text
    assert (
        problems(witness_for=(OTHER.vkey.text,), witnesses=(f"{witness} https://w.example",)) == []
    )
    assert "name+hash+base64" in problems(witness_for=("nonsense",))[0]
    assert problems(witness_for=(witness,)) == ["the key of a log"]
    assert "a witness" in problems(witnesses=(f"{OTHER.vkey.text} https://w.example",))[0]
    assert "an address" in problems(witnesses=(witness,))[0]
