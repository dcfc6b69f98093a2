"""Measures Folkmoot at one or more sizes and prints a table in Markdown.

    python bench/run.py [--size 200,50,5000] [--size 1000,100,50000] [--json results.json]

A size is accounts, follows of each, posts. The server is pinned to one core, the load to another;
everything is on loopback and bounded. With several sizes, each operation is measured at all of them
in turn, so that what else the machine does falls on all alike.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import table
from constant import Ceiling
from instance import Instance, Size
from operations import PUBLISH, READS, post_to_stream, posting_load
from table import Figure, Row

# Read from least to most: what was not measured is left out of the table.
_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=Size.parse, action="append", dest="sizes")
    parser.add_argument("--count", type=int, default=1_500, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="of which the lowest counts")
    parser.add_argument("--only", default="", help="measure only operations with this word")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="keep seeded databases here, to use them again")
    args = parser.parse_args()
    os.sched_setaffinity(0, {1})
    sizes = args.sizes or [Size(200, 50, 5_000), Size(1_000, 100, 50_000)]
    with tempfile.TemporaryDirectory() as folder:
        instances = [
            Instance(Path(folder) / str(number), size, number, args.keep)
            for number, size in enumerate(sizes)
        ]
        rows = Bench(instances, args, Path(folder)).run()
    print(table.markdown(rows, sizes))
    if args.json:
        args.json.write_text(json.dumps([row.plain() for row in rows], indent=1))


class Bench:
    """One sitting: seeds, starts, measures, stops."""

    def __init__(self, instances: list[Instance], args: argparse.Namespace, folder: Path) -> None:
        self.instances = instances
        self.args = args
        self.folder = folder
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        for instance in self.instances:
            table.tell(f"{instance.size}: seeded in {instance.seed():.0f} s")
        if self.wanted("start"):
            self.starts()
        for instance in self.instances:
            instance.start()
        try:
            asyncio.run(self.measure())
            memory = [Figure(i.server.memory() / 1e6) for i in self.instances]
            self.add(Row("memory of the server after the run", 200, "MB", memory))
            mapped = [Figure(i.server.mapped() / 1e6) for i in self.instances]
            self.add(
                Row(
                    "… and of the database, mapped, which the kernel may take back", 0, "MB", mapped
                )
            )
        finally:
            for instance in self.instances:
                instance.stop()
        return self.rows

    def add(self, row: Row) -> None:
        table.tell(row.summary())
        self.rows.append(row)

    def wanted(self, name: str) -> bool:
        return self.args.only in name

    def starts(self) -> None:
        """Time to the first answer, and the first home page of each start; the lower half's
        highest of five, as the first start of a new version compiles it."""
        starts, pages = [], []
        for instance in self.instances:
            found = sorted(instance.first_page() for _ in range(5))
            starts.append(Figure(found[2][0]))
            pages.append(Figure(sorted(page for _, page in found)[2]))
        self.add(Row("start to first answer", 1.5, "s", starts))
        self.add(Row("first home page after a start", 10, "ms", pages))

    async def measure(self) -> None:
        for instance in self.instances:
            await instance.look_around()
        for read in READS:
            if self.wanted(read.name):
                self.add(await self.costs(read.name, read.target, read.concurrency, read.make))
        if self.wanted(PUBLISH.name):
            row = await self.costs(PUBLISH.name, PUBLISH.target, PUBLISH.concurrency, PUBLISH.make)
            self.add(row)
        if self.wanted("stream"):
            found = [await post_to_stream(i) for i in self.instances]
            figures = [Figure(p99, p50_ms=p50, p99_ms=p99) for p50, p99 in found]
            self.add(Row("post to a follower's open stream, idle, p99", 30, "ms", figures))
        if self.wanted("sustained"):
            loads = [await posting_load(i) for i in self.instances]
            rate = [Figure(load.per_s) for load in loads]
            self.add(
                Row("posts a second sustained, each in all feeds", 200, "/s", rate, least=True)
            )
            seen = [
                Figure(each.seen_p99, p50_ms=each.seen_p50, p99_ms=each.seen_p99) for each in loads
            ]
            self.add(
                Row("a new post seen by a follower under that load, at worst", 1_000, "ms", seen)
            )

    async def costs(
        self, name: str, target: float, concurrency: int, make: Callable[..., Callable[..., object]]
    ) -> Row:
        """CPU of a request in the best of several rounds, each at all sizes in turn, with the
        constant route that gives the same bytes."""
        figures: list[Figure | None] = [None] * len(self.instances)
        for _ in range(self.args.rounds):
            for at, instance in enumerate(self.instances):
                found = await instance.cost(make(instance), self.args.count, concurrency)
                if (best := figures[at]) is None or found.value < best.value:
                    figures[at] = found
        done = [figure for figure in figures if figure is not None]
        ceiling = Ceiling(self.folder, done[0].body)
        done[0].constant_ms = await ceiling.cost(self.args.count, self.args.rounds)
        return Row(name, target, "ms", done)


if __name__ == "__main__":
    main()
