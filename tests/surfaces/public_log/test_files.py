"""The log as programs get it: tiles, checkpoint, proofs, and where to find them."""

import asyncio
import gzip
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from conftest import Client
from folkmoot.domain.transparency.actions import record
from folkmoot.domain.transparency.model import Hashed, PolicyVersion, canonical
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.tlog.audit import audit, open_checkpoint
from folkmoot.kit.tlog.merkle import hash_leaf, root_by_inclusion
from folkmoot.kit.tlog.notes import is_signed, parse_checkpoint, parse_note, parse_vkey
from folkmoot.kit.tlog.statements import Statement, check_statement
from folkmoot.kit.tlog.texts import parse_proof
from folkmoot.surfaces.app import App


def add(db: Database, count: int) -> None:
    def work(tx: Tx) -> None:
        for number in range(count):
            rules = (Hashed(name=f"rule-{number}", sha256="ab" * 32),)
            record(tx, PolicyVersion(version=number, effective_on="2026-11-25", rules=rules))

    db.write_now(work)


@pytest.fixture
def signed(app: App, db: Database, run_jobs: Callable[[], None]) -> Callable[[int], None]:
    def grow(count: int) -> None:
        add(db, count)
        run_jobs()

    return grow


Signed = Callable[[int], None]


def test_before_anything_is_signed(visitor: Client) -> None:
    for path in ("/log/checkpoint", "/.well-known/folkmoot-log"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "within a minute" in answer.text


def test_the_checkpoint(visitor: Client, signed: Signed) -> None:
    signed(3)
    answer = visitor.get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=5"
    assert answer.headers["access-control-allow-origin"] == "*"
    pointer = visitor.get("/.well-known/folkmoot-log").json()
    assert pointer["origin"] == "127.0.0.1:8080/log"
    assert pointer["prefix"] == "http://127.0.0.1:8080/log"
    note = parse_note(answer.content)
    assert is_signed(note, parse_vkey(pointer["key"]))
    assert parse_checkpoint(note.text).size == 3
    etag = answer.headers["etag"]
    again = visitor.request("GET", "/log/checkpoint", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.content == b""
    signed(1)
    fresh = visitor.request("GET", "/log/checkpoint", headers={"If-None-Match": etag})
    assert fresh.status_code == 200


def test_tiles_may_be_kept_for_ever(visitor: Client, signed: Signed) -> None:
    signed(300)
    for path, size in (("0/000", 8_192), ("0/001.p/44", 44 * 32), ("1/000.p/1", 32)):
        answer = visitor.get(f"/log/tile/{path}")
        assert answer.status_code == 200
        assert len(answer.content) == size
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        head = visitor.request("HEAD", f"/log/tile/{path}")
        assert (head.status_code, head.content) == (200, b"")
        known = {"If-None-Match": f"W/{answer.headers['etag']}"}
        assert visitor.request("GET", f"/log/tile/{path}", headers=known).status_code == 304
    plain = visitor.request("GET", "/log/tile/entries/000", headers={"Accept-Encoding": "identity"})
    packed = visitor.request("GET", "/log/tile/entries/000", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content) / 3


@pytest.mark.parametrize(
    "path",
    [
        *("0/002", "0/000.p/3", "64/000", "0/0", "0/000.p/0", "-1/000", "x", "published"),
        *("entries/..%2Fcheckpoint", "0/%2e%2e/published"),
    ],
)
def test_what_is_no_tile(visitor: Client, signed: Signed, path: str) -> None:
    signed(300)
    answer = visitor.get(f"/log/tile/{path}")
    assert answer.status_code == 404
    assert answer.headers.get("cache-control") == "no-store"


def test_only_reading(visitor: Client) -> None:
    assert visitor.request("POST", "/log/checkpoint").status_code == 405
    preflight = visitor.request("OPTIONS", "/log/tile/0/000")
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"


def test_an_auditor_needs_nothing_but_these_addresses(
    visitor: Client, signed: Signed, loop: asyncio.AbstractEventLoop
) -> None:
    signed(520)
    key = parse_vkey(visitor.get("/.well-known/folkmoot-log").json()["key"])

    class Web:
        async def get(self, path: str) -> bytes | None:
            answer = await asyncio.to_thread(lambda: other(path))
            return answer.content if answer.status_code == 200 else None

    outside = asyncio.new_event_loop()
    visitor_outside = Client(visitor._asgi, outside)

    def other(path: str) -> Any:
        with lock:
            return visitor_outside.get(f"/log/{path}")

    import threading

    lock = threading.Lock()
    checkpoint = open_checkpoint(visitor.get("/log/checkpoint").content, key).checkpoint
    found = loop.run_until_complete(audit(Web(), checkpoint))
    outside.close()
    assert found.problems == []
    assert found.entries == 520


def test_proofs_of_single_entries(visitor: Client, signed: Signed) -> None:
    signed(300)
    key = parse_vkey(visitor.get("/.well-known/folkmoot-log").json()["key"])
    leaf = visitor.get("/log/entries/299/leaf")
    assert leaf.headers["content-type"] == "application/json"
    proof = parse_proof(visitor.get("/log/entries/299/proof").text)
    checkpoint = open_checkpoint(proof.checkpoint.encode(), key).checkpoint
    root = root_by_inclusion(hash_leaf(leaf.content), 299, checkpoint.size, proof.hashes)
    assert root == checkpoint.root
    statement = msgspec.json.decode(
        visitor.get("/log/entries/299/statement").content, type=Statement
    )
    assert check_statement(statement, key) == checkpoint
    assert statement.salt is None


def test_an_entry_that_is_not_signed_yet(visitor: Client, signed: Signed, db: Database) -> None:
    signed(2)
    add(db, 1)
    assert visitor.get("/log/entries/2/leaf").status_code == 200
    answer = visitor.get("/log/entries/2/proof")
    assert answer.status_code == 409
    assert "within a minute" in answer.text
    for path in ("3/leaf", "3/proof", "x/leaf", "02/leaf", "1/other", "1", f"{10**18}/leaf"):
        assert visitor.get(f"/log/entries/{path}").status_code == 404


def test_the_schema_describes_what_is_written(visitor: Client) -> None:
    schema = visitor.get("/log/schema.json").json()
    assert "Decision" in schema["$defs"]
    assert schema["$defs"]["Decision"]["additionalProperties"] is False


def test_the_hashes_of_a_version_are_those_of_its_texts(
    visitor: Client, db: Database, run_jobs: Callable[[], None]
) -> None:
    from folkmoot.domain.policy.actions import adopt_shipped

    db.write_now(adopt_shipped)
    run_jobs()
    said = visitor.get("/log/entries/0/leaf").json()["entry"]
    text = visitor.get(f"/log/policy/{said['version']}").json()
    hashes = {rule["code"]: sha256(canonical(rule)).hexdigest() for rule in text["rules"]}
    assert {each["name"]: each["sha256"] for each in said["rules"]} == hashes
    bodies = {kind: sha256(body.encode()).hexdigest() for kind, body in text["documents"].items()}
    assert {each["name"]: each["sha256"] for each in said["documents"]} == bodies
    for wrong in ("0", "2", "x", ""):
        assert visitor.get(f"/log/policy/{wrong}").status_code == 404
