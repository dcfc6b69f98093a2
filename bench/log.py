"""Measures the public log: recording, growing the signed tree, verifying it from outside.

`python bench/log.py --recorded 5000 --leaves 1000000` prints one table and writes JSON.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from folkmoot import wiring
from folkmoot.cli.verifying import EntryCheck
from folkmoot.domain.transparency import jobs
from folkmoot.domain.transparency.actions import Merge, record
from folkmoot.domain.transparency.model import Decision, Measure, encode_leaf
from folkmoot.kit.db import Tx
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings import DatabaseSettings, Media, Secrets, Settings
from folkmoot.kit.tlog.audit import audit
from folkmoot.kit.tlog.merkle import hash_leaf
from folkmoot.kit.tlog.notes import Checkpoint
from folkmoot.kit.tlog.tiles import ENTRIES, WIDTH, Edge, Tile, pack_entries

MOMENT = "2026-11-25T10:00:00Z"


def decision(number: int) -> Decision:
    return Decision(
        code=f"D-{number}",
        case=f"C-{number}",
        decided_at=MOMENT,
        received_at=MOMENT,
        category="spam",
        source="article-16",
        automated_detection=True,
        automated_decision="not",
        by="r-abcdefghijklmnop",
        rule="spam",
        measures=(Measure(restriction="visibility-removed", step="post-quarantined"),),
    )


class Folder:
    """A log's files on a disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, tile: Tile, content: bytes) -> None:
        file = self.root / tile.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    async def get(self, path: str) -> bytes | None:
        return await asyncio.to_thread(self._read, path)

    def _read(self, path: str) -> bytes | None:
        file = self.root / path
        return file.read_bytes() if file.exists() else None


def measure_recording(folder: Path, count: int) -> dict[str, float]:
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder / 'log.db'}"),
        media=Media(folder=folder / "media"),
        secrets=Secrets(**fresh_secrets()),
    )
    migrate(settings)
    app = wiring.build_app(settings)

    def one(tx: Tx, number: int) -> None:
        record(tx, decision(number), private={"post": str(number)})

    async def many() -> None:
        await asyncio.gather(*(app.db.write(one, number) for number in range(count)))

    began, cpu = time.perf_counter(), time.process_time()
    asyncio.run(many())
    recorded, recorded_cpu = time.perf_counter() - began, time.process_time() - cpu
    began, cpu = time.perf_counter(), time.process_time()
    asyncio.run(jobs.merge(app.context, Merge()))
    merged, merged_cpu = time.perf_counter() - began, time.process_time() - cpu
    app.db.close()
    return {
        "recorded a second": count / recorded,
        "ms of CPU to record one": recorded_cpu / count * 1_000,
        "merged a second": count / merged,
        "ms of CPU to merge one": merged_cpu / count * 1_000,
    }


def measure_verifying(folder: Path, count: int) -> dict[str, float]:
    files, edge = Folder(folder), Edge()
    sample = encode_leaf(decision(0), at=1_764_000_000_000)
    for index in range(-(-count // WIDTH)):
        width, first = min(WIDTH, count - index * WIDTH), index * WIDTH
        leaves = [sample.replace(b"-0", b"-%d" % (first + at)) for at in range(width)]
        files.put(Tile(ENTRIES, index, width), pack_entries(leaves))
        for leaf in leaves:
            for full in edge.add(hash_leaf(leaf)):
                files.put(full.tile, full.content)
    for tile, content in edge.open_tiles():
        files.put(tile, content)
    checkpoint = Checkpoint("bench.example/log", count, edge.root())
    began, cpu = time.perf_counter(), time.process_time()
    found = asyncio.run(audit(files, checkpoint, check_entry=EntryCheck()))
    took, took_cpu = time.perf_counter() - began, time.process_time() - cpu
    assert not found.problems
    return {
        "leaves verified": count,
        "verified a second": count / took,
        "s of CPU to verify all": took_cpu,
        "MB of files": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recorded", type=int, default=5_000)
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--json", type=Path, default=Path("bench-log.json"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        found = measure_recording(Path(one), given.recorded)
        found |= measure_verifying(Path(other), given.leaves)
    for name, value in found.items():
        print(f"{name:28} {value:12,.3f}")
    given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
