"""What an auditor remembers of a log between two looks: its key, the checkpoints it signed, and
how far its entries were checked. A small JSON file for each log.
"""

import contextlib
import os
import tempfile
from hashlib import sha256
from pathlib import Path

import msgspec

from folkmoot.kit.tlog.notes import Checkpoint
from folkmoot.kit.tlog.tiles import Edge

_KEPT = 1_000


class MemoryBroken(ValueError):
    """The file is not one that an auditor wrote."""


class SeenCheckpoint(msgspec.Struct, frozen=True):
    """A signed state; `seen_at` in milliseconds, `note` as it was read."""

    size: int
    root: str
    seen_at: int
    note: str


class Memory(msgspec.Struct):
    """All that is remembered of one log. `edge` is the tree's right edge (hashes in hexadecimal)
    after `checked` entries; what was pinned on first use is `key` and `witnesses`."""

    origin: str
    key: str
    witnesses: list[str] = []
    checkpoints: list[SeenCheckpoint] = []
    checked: int = 0
    edge: list[list[str]] = []

    def see(self, checkpoint: Checkpoint, note: str, *, at: int) -> None:
        """Remembers a checkpoint; a second one of the same size only when it differs."""
        root = checkpoint.root.hex()
        if all((seen.size, seen.root) != (checkpoint.size, root) for seen in self.checkpoints):
            self.checkpoints.append(SeenCheckpoint(checkpoint.size, root, at, note))
            del self.checkpoints[:-_KEPT]

    def keep_edge(self, edge: Edge) -> None:
        self.checked = edge.size
        self.edge = [[each.hex() for each in level] for level in edge.levels]

    def last_edge(self) -> Edge:
        return Edge(self.checked, [[bytes.fromhex(each) for each in level] for level in self.edge])


def memory_file(folder: Path, origin: str) -> Path:
    """Where a log's memory lies; origins are addresses, not names of files."""
    return folder / f"{sha256(origin.encode()).hexdigest()[:24]}.json"


def read_memory(file: Path) -> Memory | None:
    """What is remembered; None when the log was never looked at. Raises MemoryBroken."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Memory)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, ValueError) as error:
        raise MemoryBroken(f"{file} cannot be read: {error}") from error


def write_memory(file: Path, memory: Memory) -> None:
    """Replaces the file whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as aside:
            aside.write(msgspec.json.format(msgspec.json.encode(memory), indent=1))
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
