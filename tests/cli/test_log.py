"""`folkmoot log`, against logs served as plain files by somebody else's server."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from click.testing import CliRunner, Result

from clients.live import serve
from folkmoot.cli import main as cli
from folkmoot.domain.transparency.model import Hashed, PolicyVersion, encode_leaf
from folkmoot.kit.tlog.merkle import hash_leaf, plan_inclusion, root_between
from folkmoot.kit.tlog.notes import COSIGNATURE, Checkpoint, Signer, to_base64, write_note
from folkmoot.kit.tlog.statements import Statement, commit
from folkmoot.kit.tlog.tiles import ENTRIES, WIDTH, Edge, Tile, pack_entries, tiles_of

SIGNER = Signer("moot.example/log", bytes(range(32)))
WITNESS = Signer("harbour.example/witness", bytes(range(1, 33)), COSIGNATURE)
SALT, PRIVATE = bytes(range(32)), b'{"post":"7"}'


def leaves(count: int, word: str = "rule") -> list[bytes]:
    return [
        encode_leaf(
            PolicyVersion(
                version=i,
                effective_on="2026-11-25",
                rules=(Hashed(name=f"{word}-{i}", sha256="ab" * 32),),
            ),
            at=1_764_000_000_000,
            commitment=commit(SALT, PRIVATE),
        )
        for i in range(count)
    ]


class Quiet(SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


class Site:
    """A folder with a log's files, served as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        handler = type("Handler", (Quiet,), {"asked": self.asked})
        made = partial(handler, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), made)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(
        self, entries: Sequence[bytes], *, signer: Signer = SIGNER, witness: bool = False
    ) -> None:
        """Puts the files of a log in place of those that are there."""
        edge, files = Edge(), dict[Tile, bytes]()
        for entry in entries:
            files |= {full.tile: full.content for full in edge.add(hash_leaf(entry))}
        files |= edge.open_tiles()
        for tile in tiles_of(len(entries)):
            if tile.level == ENTRIES:
                first = tile.index * WIDTH
                files[tile] = pack_entries(entries[first : first + tile.width])
        for tile, content in files.items():
            self.put(f"log/{tile.path}", content)
        text = Checkpoint(signer.vkey.name, len(entries), edge.root()).text
        lines = [signer.sign(text)]
        lines += [WITNESS.cosign(text, at_s=1_764_000_000)] if witness else []
        self.put("log/checkpoint", write_note(text, lines).encode())
        self.point(signer)

    def point(self, signer: Signer, **more: Any) -> None:
        pointer = {
            "origin": signer.vkey.name,
            "prefix": f"{self.url}/log",
            "key": signer.vkey.text,
            "witnesses": [WITNESS.vkey.text],
        }
        self.put(".well-known/folkmoot-log", json.dumps(pointer | more).encode())

    def put(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "site").mkdir()
    made = Site(tmp_path / "site")
    yield made
    made.close()


Verify = Callable[..., Result]


@pytest.fixture
def verify(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    monkeypatch.setattr("folkmoot.cli.verifying.PAUSE_S", 0.001)

    def run(*options: str, url: str = "") -> Result:
        arguments = ["log", "verify", url or site.url, "--state", str(tmp_path / "state"), *options]
        return CliRunner().invoke(cli.folkmoot, arguments)

    return run


def test_a_sound_log(site: Site, verify: Verify) -> None:
    site.show(leaves(300), witness=True)
    result = verify()
    assert result.exit_code == 0, result.output
    assert "moot.example/log has signed 300 entries" in result.output
    assert "Read and hashed again: entries 300, tiles 3." in result.output
    assert "harbour.example/witness cosigned it, 2025-11-24T16:00:00.000Z." in result.output
    assert "The key is trusted because it was seen first now" in result.output
    assert "The log is in order." in result.output
    again = verify("--json")
    report = msgspec.json.decode(again.stdout)
    assert report["problems"] == []
    assert report["size"] == 300
    assert "It continues the checkpoint seen before." in report["well"]


def test_a_changed_entry_is_told(site: Site, verify: Verify) -> None:
    site.show(leaves(300))
    file = site.folder / "log/tile/entries/000"
    file.write_bytes(file.read_bytes().replace(b"rule-77", b"rule-78"))
    result = verify()
    assert result.exit_code == 1
    assert "WRONG: Entry 77 does not fit the tree" in result.output
    assert "This log is not in order: 2 things are wrong." in result.output


def test_a_log_that_grows_and_then_shrinks(site: Site, verify: Verify) -> None:
    for count in (10, 300, 300, 600):
        site.show(leaves(count))
        assert verify().exit_code == 0
    site.show(leaves(400))
    result = verify()
    assert result.exit_code == 1
    assert "The log was rolled back" in result.output
    assert "it had signed 600 entries, now it shows 400" in result.output


def test_a_log_that_was_forked_or_rewritten(site: Site, verify: Verify) -> None:
    site.show(leaves(40))
    assert verify().exit_code == 0
    site.show([*leaves(39), *leaves(1, "other")])
    forked = verify()
    assert forked.exit_code == 1
    assert "The log was forked" in forked.output
    site.show([*leaves(39), *leaves(30, "other")])
    assert "The log was rewritten: its first 40 entries" in verify().output


def test_a_key_that_changed(site: Site, verify: Verify) -> None:
    site.show(leaves(3))
    assert verify().exit_code == 0
    site.show(leaves(3), signer=Signer("moot.example/log", os.urandom(32)))
    result = verify()
    assert result.exit_code == 1
    assert "The log's key has changed" in result.output
    assert "carries no signature of moot.example/log" in result.output


def test_a_key_from_elsewhere(site: Site, verify: Verify) -> None:
    site.show(leaves(3))
    good = verify("--key", SIGNER.vkey.text)
    assert good.exit_code == 0
    assert "seen first now" not in good.output
    bad = verify("--key", Signer("moot.example/log", bytes(32)).vkey.text)
    assert bad.exit_code == 1
    assert verify("--key", "nonsense").exit_code == 1


def test_another_kind_of_log_needs_its_key(site: Site, verify: Verify) -> None:
    site.show(leaves(3))
    (site.folder / ".well-known/folkmoot-log").unlink()
    unknown = verify()
    assert unknown.exit_code == 69
    assert "give its prefix and --key" in unknown.output
    assert verify("--key", SIGNER.vkey.text, url=f"{site.url}/log").exit_code == 0
    site.show([b"entries of", b"another kind"])
    (site.folder / ".well-known/folkmoot-log").unlink()
    (site.folder / "log/tile/0/000.p/3").unlink()
    other = verify("--key", SIGNER.vkey.text, url=f"{site.url}/log")
    assert "rolled back" in other.output
    assert "is not written" not in other.output


def statement(entries: Sequence[bytes], index: int) -> Statement:
    hashes = [hash_leaf(entry) for entry in entries]
    edge = Edge()
    for each in hashes:
        edge.add(each)

    def read(level: int, first: int, count: int) -> list[bytes]:
        assert level == 0
        return hashes[first : first + count]

    text = Checkpoint(SIGNER.vkey.name, len(entries), edge.root()).text
    proof = [root_between(span, read) for span in plan_inclusion(index, len(entries))]
    return Statement(
        log="https://moot.example/log",
        key=SIGNER.vkey.text,
        index=index,
        leaf=entries[index].decode(),
        hashes=list(map(to_base64, proof)),
        checkpoint=write_note(text, [SIGNER.sign(text)]),
        salt=SALT.hex(),
        private=PRIVATE.decode(),
    )


def test_statements_are_proved(site: Site, verify: Verify, tmp_path: Path) -> None:
    site.show(leaves(300))
    file = tmp_path / "statement.json"
    good = statement(leaves(50), 7)
    file.write_bytes(msgspec.json.encode(good))
    result = verify("--statement", str(file))
    assert result.exit_code == 0, result.output
    proved = "statement.json proves entry 7, and it says what that entry commits to."
    assert proved in result.output
    # A statement given by a log that told others something else.
    file.write_bytes(msgspec.json.encode(statement(leaves(50, "other"), 7)))
    lied = verify("--statement", str(file))
    assert lied.exit_code == 1
    assert "The log was rewritten: its first 50 entries" in lied.output
    for wrong, why in (
        (msgspec.structs.replace(good, private='{"post":"8"}'), "not what the leaf commits to"),
        (msgspec.structs.replace(good, index=8), "does not lead to the signed tree"),
        (msgspec.structs.replace(good, salt="zz"), "leaf or salt cannot be read"),
        (msgspec.structs.replace(good, checkpoint="x"), "proves nothing"),
        (msgspec.structs.replace(good, hashes=["?"]), "proves nothing"),
    ):
        file.write_bytes(msgspec.json.encode(wrong))
        result = verify("--statement", str(file))
        assert result.exit_code == 1
        assert why in result.output
    file.write_bytes(b"{}")
    assert "is no statement" in verify("--statement", str(file)).output


def test_an_old_statement_is_held_against_the_tree_when_resuming(
    site: Site, verify: Verify, tmp_path: Path
) -> None:
    site.show(leaves(600))
    assert verify().exit_code == 0
    file = tmp_path / "statement.json"
    file.write_bytes(msgspec.json.encode(statement(leaves(50, "other"), 7)))
    assert verify("--resume", "--statement", str(file)).exit_code == 1


def test_a_checkpoint_that_others_saw(site: Site, verify: Verify, tmp_path: Path) -> None:
    site.show(leaves(40, "other"))
    file = tmp_path / "checkpoint"
    file.write_bytes((site.folder / "log/checkpoint").read_bytes())
    site.show(leaves(40))
    result = verify("--checkpoint", str(file))
    assert result.exit_code == 1
    assert "The log was forked" in result.output
    file.write_text("nothing")
    assert (
        "checkpoint: the checkpoint cannot be trusted" in verify("--checkpoint", str(file)).output
    )


def test_resuming_reads_only_what_is_new(site: Site, verify: Verify) -> None:
    site.show(leaves(1_000))
    assert verify().exit_code == 0
    site.show(leaves(1_100))
    site.asked.clear()
    result = verify("--resume")
    assert result.exit_code == 0, result.output
    assert "768 entries were checked before" in result.output
    assert not [path for path in site.asked if "entries/000" in path]
    site.asked.clear()
    assert verify().exit_code == 0
    assert [path for path in site.asked if "entries/000" in path]


def test_witnesses_can_be_asked_for(site: Site, verify: Verify) -> None:
    site.show(leaves(3))
    alone = verify("--witnesses", "1")
    assert alone.exit_code == 1
    assert "0 known witnesses cosigned; 1 are asked for" in alone.output
    assert "The witness harbour.example/witness has not cosigned" in alone.output
    site.show(leaves(3), witness=True)
    assert verify("--witnesses", "1").exit_code == 0


def test_entries_that_are_none(site: Site, verify: Verify) -> None:
    site.show([*leaves(2), b'{"v":1,"name":"Ada"}', b"\xff"])
    result = verify()
    assert result.exit_code == 1
    assert "Entry 2 is not written as an entry should be" in result.output
    assert "Entry 3 is not written as an entry should be" in result.output


def test_a_kind_that_is_newer_than_the_program(site: Site, verify: Verify) -> None:
    newer = b'{"at":"2026-11-25T10:00:00Z","entry":{"kind":"election"},"v":1}'
    site.show([*leaves(2), newer])
    result = verify()
    assert result.exit_code == 0, result.output
    assert "Kinds of entries that this version does not know: election." in result.output


def test_a_broken_pointer_and_a_broken_memory(site: Site, verify: Verify, tmp_path: Path) -> None:
    site.show(leaves(3))
    assert verify().exit_code == 0
    site.put(".well-known/folkmoot-log", b"<html>")
    assert "cannot be read" in verify().output
    site.point(SIGNER)
    [file] = (tmp_path / "state").iterdir()
    file.write_bytes(b"{")
    result = verify()
    assert result.exit_code == 1
    assert "cannot be read" in result.output


def test_nobody_there(verify: Verify) -> None:
    result = verify(url="http://127.0.0.1:9")
    assert result.exit_code == 69
    assert "cannot be reached" in result.output


@pytest.mark.slow
def test_a_running_server(
    tmp_path: Path, fresh_database: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published in one process, signed by another, verified by a third over the network."""
    with serve(tmp_path, fresh_database(tmp_path)) as live:
        monkeypatch.setenv("FOLKMOOT_TESTING", "1")
        runner = CliRunner()
        config = ["--config", str(live.config)]
        terms = tmp_path / "terms.md"
        terms.write_text("# Terms\n\nBe kind.")
        published = runner.invoke(
            cli.folkmoot, [*config, "policy", "publish", "--terms", str(terms)], input="y\n"
        )
        assert published.exit_code == 0, published.output
        began = time.monotonic()
        size = -1
        while size != 2:
            assert time.monotonic() - began < 60, "entries are signed within a minute"
            time.sleep(0.5)
            answer = httpx.get(f"{live.url}/log/checkpoint")
            size = int(answer.text.split("\n")[1]) if answer.status_code == 200 else -1
        proof = runner.invoke(cli.folkmoot, [*config, "log", "proof", "1"])
        file = tmp_path / "statement.json"
        file.write_text(proof.stdout)
        state = ["--state", str(tmp_path / "state")]
        asked = ["log", "verify", live.url, *state, "--statement", str(file)]
        result = runner.invoke(cli.folkmoot, asked)
        assert result.exit_code == 0, result.output
        assert "has signed 2 entries" in result.output
        assert "statement.json proves entry 1." in result.output
        status = runner.invoke(cli.folkmoot, [*config, "log", "status"])
        assert "Signed       2 of 2 entries" in status.output
