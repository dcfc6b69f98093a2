"""An auditor finds every byte that was changed, and whatever was taken back."""

import asyncio
import os
from collections.abc import Sequence

import pytest

from folkmoot.kit.tlog.audit import Found, Unsigned, audit, open_checkpoint
from folkmoot.kit.tlog.merkle import hash_leaf
from folkmoot.kit.tlog.notes import Checkpoint, Signer, write_note
from folkmoot.kit.tlog.seen import Memory, memory_file, read_memory, write_memory
from folkmoot.kit.tlog.tiles import ENTRIES, WIDTH, Edge, Tile, pack_entries, tiles_of

SIGNER = Signer("moot.example/log", bytes(range(32)))


class Files:
    """A log in memory, as its files."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.asked: list[str] = []
        edge, tiles = Edge(), dict[Tile, bytes]()
        for entry in entries:
            tiles |= {full.tile: full.content for full in edge.add(hash_leaf(entry))}
        tiles |= edge.open_tiles()
        self.files = {tile.path: content for tile, content in tiles.items()}
        for tile in tiles_of(len(entries)):
            if tile.level == ENTRIES:
                first = tile.index * WIDTH
                self.files[tile.path] = pack_entries(entries[first : first + tile.width])
        text = Checkpoint(SIGNER.vkey.name, len(entries), edge.root()).text
        self.files["checkpoint"] = write_note(text, [SIGNER.sign(text)]).encode()

    async def get(self, path: str) -> bytes | None:
        self.asked.append(path)
        return self.files.get(path)


def entries(count: int, word: str = "entry") -> list[bytes]:
    return [f"{word} {i}".encode() for i in range(count)]


def look(files: Files, memory: Memory | None = None, **how: object) -> Found:
    try:
        signed = open_checkpoint(files.files["checkpoint"], SIGNER.vkey)
    except Unsigned as unsigned:
        return Found(problems=[str(unsigned)])
    seen = list(memory.checkpoints) if memory else []
    found = asyncio.run(audit(files, signed.checkpoint, seen=seen, **how))  # type: ignore[arg-type]
    if memory:
        memory.see(signed.checkpoint, signed.note, at=1_764_000_000_000)
    return found


def memory() -> Memory:
    return Memory(SIGNER.vkey.name, SIGNER.vkey.text)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_a_sound_log(size: int) -> None:
    found = look(Files(entries(size)))
    assert found.problems == []
    assert found.entries == size


def test_every_changed_byte_is_found() -> None:
    """Each byte of each tile, bundle and checkpoint of a log with full and partial tiles."""
    sound = Files([bytes([65 + i % 26]) for i in range(WIDTH + 7)])
    assert look(sound).problems == []
    for path, content in sound.files.items():
        for at in range(len(content)):
            sound.files[path] = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            assert look(sound).problems, f"{path}, byte {at}"
        sound.files[path] = content


def test_every_changed_bit_is_found() -> None:
    sound = Files(entries(5))
    for path, content in sound.files.items():
        for at in range(len(content)):
            for bit in range(8):
                flipped = bytes([content[at] ^ 1 << bit])
                sound.files[path] = content[:at] + flipped + content[at + 1 :]
                assert look(sound).problems, f"{path}, byte {at}, bit {bit}"
        for changed in (content[:-1], content + b"\0", b""):
            sound.files[path] = changed
            assert look(sound).problems, f"{path} of {len(changed)} bytes"
        sound.files[path] = content


def test_it_says_whether_an_entry_or_a_tile_was_changed() -> None:
    files = Files(entries(300))
    bundle, tile = "tile/entries/001.p/44", "tile/0/001.p/44"
    whole = files.files[bundle]
    files.files[bundle] = whole.replace(b"entry 260", b"entry 26O")
    problems = look(files).problems
    assert problems[0].startswith("Entry 260 does not fit the tree: tile/0/001.p/44 holds another")
    assert "the entries named above were changed" in problems[-1]
    files.files[bundle] = whole
    files.files[tile] = bytes([files.files[tile][0] ^ 1]) + files.files[tile][1:]
    problems = look(files).problems
    assert problems[0].startswith("Entry 256 does not fit")
    assert "the tiles named above are damaged" in problems[-1]


def test_missing_files_are_named() -> None:
    files = Files(entries(600))
    del files.files["tile/entries/001"], files.files["tile/0/000"], files.files["tile/1/000.p/2"]
    problems = look(files).problems
    for path in ("tile/entries/001", "tile/0/000", "tile/1/000.p/2"):
        assert f"{path} is missing." in problems
    del files.files["tile/0/001"]
    assert any("600 entries that were signed" in each for each in look(files).problems)


def test_a_partial_tile_may_be_gone_once_it_is_full() -> None:
    old, new = Files(entries(300)), Files(entries(512))
    new.files["checkpoint"] = old.files["checkpoint"]
    new.files["tile/1/000.p/1"] = old.files["tile/1/000.p/1"]
    assert look(new).problems == []


def test_a_log_that_grows_is_consistent() -> None:
    kept = memory()
    for size in (0, 1, 2, 100, 255, 256, 257, 600):
        assert look(Files(entries(size)), kept).problems == []
    assert len(kept.checkpoints) == 8


def test_a_log_that_was_rolled_back() -> None:
    kept = memory()
    look(Files(entries(40)), kept)
    [problem] = look(Files(entries(30)), kept).problems
    assert problem == (
        "The log was rolled back: on 2025-11-24 it had signed 40 entries, now it shows 30."
    )


def test_a_log_that_was_forked() -> None:
    kept = memory()
    look(Files(entries(40)), kept)
    [problem] = look(Files(entries(40, "other")), kept).problems
    assert problem.startswith("The log was forked: it has signed two different trees of 40 entries")
    # Both stay evidence: the first log is no longer in order either.
    assert look(Files(entries(40)), kept).problems


def test_a_log_that_was_rewritten() -> None:
    kept = memory()
    look(Files(entries(40)), kept)
    look(Files(entries(50)), kept)
    changed = entries(60)
    changed[45] = b"softened"
    [problem] = look(Files(changed), kept).problems
    assert problem.startswith("The log was rewritten: its first 50 entries are not those")


def test_another_key_is_none() -> None:
    files = Files(entries(3))
    other = Signer("moot.example/log", os.urandom(32))
    with pytest.raises(Unsigned, match=r"no signature of moot\.example/log"):
        open_checkpoint(files.files["checkpoint"], other.vkey)


def test_it_goes_on_where_it_stopped(tmp_path: object) -> None:
    kept = memory()
    files = Files(entries(1_000))
    look(files, kept, progress=kept.keep_edge)
    assert kept.checked == 768
    grown = Files(entries(1_500))
    found = look(grown, kept, edge=kept.last_edge())
    assert found.problems == []
    assert found.entries == 1_500 - 768
    assert "tile/entries/002" not in grown.asked
    changed = entries(1_500)
    changed[900] = b"changed"
    assert look(Files(changed), kept, edge=kept.last_edge()).problems


def test_memory_is_bounded() -> None:
    """No more files are on the way than were asked to be."""

    class Slow(Files):
        now = most = 0

        async def get(self, path: str) -> bytes | None:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0)
            self.now -= 1
            return await super().get(path)

    files = Slow(entries(6_000))
    assert look(files, parallel=3).problems == []
    assert files.most <= 2 * 3


def test_a_lie_about_the_size_ends() -> None:
    files = Files(entries(3))
    text = Checkpoint(SIGNER.vkey.name, 10**18, bytes(32)).text
    files.files["checkpoint"] = write_note(text, [SIGNER.sign(text)]).encode()
    assert len(look(files).problems) <= 101


def test_memory_survives(tmp_path: object) -> None:
    from pathlib import Path

    file = memory_file(Path(str(tmp_path)) / "logs", SIGNER.vkey.name)
    assert read_memory(file) is None
    kept = memory()
    look(Files(entries(300)), kept, progress=kept.keep_edge)
    write_memory(file, kept)
    found = read_memory(file)
    assert found == kept
    assert found is not None
    assert found.last_edge().root() == Edge(kept.checked, kept.last_edge().levels).root()
