"""Measures Folkmoot: requests a second, latency, CPU milliseconds per request, next to a constant
route that returns the same bytes.

    python bench/run.py [--users 200] [--follows 50] [--posts 5000] [--json results.json]

The server is pinned to one core, the load to another; everything is on loopback and bounded.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import server as servers
from load import Connection, Request, Result, load
from rich.console import Console
from rich.table import Table
from seed import seed, token

from folkmoot.kit.settings import DatabaseSettings, RateLimits, Server, Settings

PORT = 28_431
URL = f"http://127.0.0.1:{PORT}"
SERVER_CORE, LOAD_CORE = 0, 1
WARM_UP, COUNT = 400, 2_000


@dataclass
class Row:
    """One line of the table; times in milliseconds."""

    operation: str
    target: str
    cpu_ms: float | None = None
    constant_ms: float | None = None
    per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    bytes: int | None = None
    note: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--follows", type=int, default=50)
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--count", type=int, default=COUNT, help="requests for each operation")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", help="measure only operations with this word")
    args = parser.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    with tempfile.TemporaryDirectory() as folder:
        rows = Bench(Path(folder), args).run()
    show(rows, args)
    if args.json:
        args.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


class Bench:
    """One run: seeds, starts, measures, stops."""

    def __init__(self, folder: Path, args: argparse.Namespace) -> None:
        self.folder = folder
        self.args = args
        self.config = folder / "folkmoot.toml"
        self.config.write_text(
            f'[server]\nbase_url = "{URL}"\nport = {PORT}\n'
            f'[database]\nurl = "sqlite:///{folder}/bench.db"\n'
            f'[media]\nfolder = "{folder}/media"\n[rate_limits]\nenabled = false\n'
        )
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        began = time.perf_counter()
        seed(
            Settings(
                server=Server(base_url=URL, port=PORT),
                database=DatabaseSettings(url=f"sqlite:///{self.folder}/bench.db"),
                rate_limits=RateLimits(enabled=False),
            ),
            users=self.args.users,
            follows=self.args.follows,
            posts=self.args.posts,
        )
        Console(stderr=True).print(f"seeded in {time.perf_counter() - began:.1f} s")
        self.cold()
        self.server = servers.folkmoot(self.config, URL, core=SERVER_CORE)
        try:
            asyncio.run(self.measure())
            self.add(Row("memory after the run, MB", "200", self.server.memory() / 1e6))
        finally:
            self.server.stop()
        return self.rows

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def wanted(self, name: str) -> bool:
        return self.args.only in name

    def cold(self) -> None:
        """Starts several times: time to the first answer, and the first home page of each."""
        starts, pages = [], []
        for _ in range(5):
            started = servers.folkmoot(self.config, URL, core=SERVER_CORE)
            starts.append(started.start_s)
            result = asyncio.run(load(PORT, home, count=1, concurrency=1))
            pages.append(result.latencies[0] * 1000)
            started.stop()
        self.add(Row("start to first answer, s", "1.5", statistics.median(starts)))
        self.add(Row("first home page after a start, ms", "10", statistics.median(pages)))

    async def measure(self) -> None:
        first = await self.id_of("/api/v1/accounts/lookup?acct=person0")
        thread = await self.thread_of(first)
        accounts = [await self.id_of(f"/api/v1/accounts/lookup?acct=person{n}") for n in range(50)]
        reads: list[tuple[str, str, Callable[[int], Request]]] = [
            ("home timeline", "0.6", home),
            ("public timeline", "0.6", lambda n: self.get(n, "/api/v1/timelines/public")),
            (
                "account's posts",
                "0.7",
                lambda n: self.get(n, f"/api/v1/accounts/{accounts[n % 50]}/statuses"),
            ),
            ("thread of 20", "0.9", lambda n: self.get(n, f"/api/v1/statuses/{thread}/context")),
            ("notifications", "0.7", lambda n: self.get(n, "/api/v1/notifications?limit=20")),
            (
                "notifications, grouped",
                "0.7",
                lambda n: self.get(n, "/api/v2/notifications?limit=20"),
            ),
            (
                "search posts",
                "1.5",
                lambda n: self.get(n, f"/api/v2/search?type=statuses&q={quote('lantern quiet')}"),
            ),
        ]
        for name, target, make in reads:
            if self.wanted(name):
                await self.read(name, target, make)
        if self.wanted("publish"):
            await self.publish()
        if self.wanted("stream"):
            await self.stream()
        if self.wanted("sustained"):
            await self.sustained()

    def get(self, number: int, path: str) -> Request:
        return ("GET", path, token(number % self.args.users), b"")

    async def id_of(self, path: str) -> str:
        result = await load(PORT, lambda n: self.get(n, path), count=1, concurrency=1)
        return str(json.loads(result.body)["id"])

    async def thread_of(self, account: str) -> str:
        path = f"/api/v1/accounts/{account}/statuses?limit=40&exclude_replies=true"
        result = await load(PORT, lambda n: self.get(n, path), count=1, concurrency=1)
        for status in json.loads(result.body):
            if "thread of twenty" in status["content"]:
                return str(status["id"])
        raise SystemExit("the seeded thread was not found")

    async def read(self, name: str, target: str, make: Callable[[int], Request]) -> None:
        """CPU at one request at a time, then the rate and latencies at four."""
        await load(PORT, make, count=WARM_UP, concurrency=1)
        result, cpu_ms = await self.costed(make, self.args.count, 4)
        self.add(
            Row(
                name,
                target,
                cpu_ms,
                await self.constant(result.body),
                len(result.latencies) / result.seconds,
                result.percentile(0.5),
                result.percentile(0.99),
                len(result.body),
                f"{result.failures} failed" if result.failures else "",
            )
        )

    async def costed(
        self, make: Callable[[int], Request], count: int, concurrency: int
    ) -> tuple[Result, float]:
        before = self.server.cpu_s()
        result = await load(PORT, make, count=count, concurrency=concurrency)
        return result, (self.server.cpu_s() - before) / count * 1000

    async def constant(self, body: bytes) -> float:
        """CPU of the same bytes from a route that does nothing, measured right now."""
        file = self.folder / "body"
        file.write_bytes(body)
        port = PORT + 1
        ceiling = servers.constant(port, file, core=SERVER_CORE)
        make: Callable[[int], Request] = lambda n: ("GET", "/constant", "x", b"")  # noqa: E731
        await load(port, make, count=WARM_UP, concurrency=4)
        before = ceiling.cpu_s()
        await load(port, make, count=self.args.count, concurrency=4)
        used = ceiling.cpu_s() - before
        ceiling.stop()
        return used / self.args.count * 1000

    async def publish(self) -> None:
        await load(PORT, self.post, count=100, concurrency=8)
        result, cpu_ms = await self.costed(self.post, self.args.count // 2, 8)
        self.add(
            Row(
                "publish a post, c=8",
                "2.0",
                cpu_ms,
                None,
                len(result.latencies) / result.seconds,
                result.percentile(0.5),
                result.percentile(0.99),
                len(result.body),
                f"{result.failures} failed" if result.failures else "durable",
            )
        )

    def post(self, number: int) -> Request:
        body = json.dumps({"status": f"Load {number}: a post of moderate length #bench"})
        return ("POST", "/api/v1/statuses", token(number % self.args.users), body.encode())

    async def sustained(self, seconds: float = 10.0) -> None:
        """Posts for ten seconds as fast as eight clients can, and watches a follower's page."""
        made: list[str] = []
        stop = time.perf_counter() + seconds

        async def write(offset: int) -> None:
            connection, number = Connection(PORT), offset
            while time.perf_counter() < stop:
                _, body = await connection.send(self.post(number))
                made.append(json.loads(body)["id"])
                number += 8
            connection.close()

        waits: list[float] = []

        async def watch() -> None:
            author, follower = await self.pair()
            writer, reader = Connection(PORT), Connection(PORT)
            while time.perf_counter() < stop:
                began = time.perf_counter()
                _, body = await writer.send(self.post(author))
                wanted = json.loads(body)["id"].encode()
                while True:
                    page = (await reader.send(home(follower)))[1]
                    if wanted in page:
                        break
                waits.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(0.1)

        began = time.perf_counter()
        await asyncio.gather(watch(), *(write(n) for n in range(8)))
        took = time.perf_counter() - began
        self.add(
            Row(
                "posts a second sustained",
                "≥ 200",
                None,
                None,
                len(made) / took,
                note=f"each in {self.args.follows} feeds when acknowledged",
            )
        )
        waits.sort()
        self.add(
            Row(
                "seen by a follower under that load, ms",
                "1000",
                None,
                None,
                None,
                statistics.median(waits),
                waits[-1],
                note="slowest as p99",
            )
        )

    async def pair(self) -> tuple[int, int]:
        """An account and one of its followers, by number."""
        path = f"/api/v1/accounts/{await self.id_of('/api/v1/accounts/lookup?acct=person3')}"
        result = await load(
            PORT, lambda n: self.get(3, f"{path}/followers?limit=1"), count=1, concurrency=1
        )
        follower = json.loads(result.body)[0]["username"]
        return 3, int(follower.removeprefix("person"))

    async def stream(self, times: int = 200) -> None:
        """Post to appearance in a follower's open stream, idle."""
        author, follower = await self.pair()
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(
            f"GET /api/v1/streaming/user HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {token(follower)}\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.5)
        connection, waits = Connection(PORT), []
        for number in range(times):
            mark = f"stream-{number}-end"
            body = json.dumps({"status": mark}).encode()
            began = time.perf_counter()
            sent = asyncio.create_task(
                connection.send(("POST", "/api/v1/statuses", token(author), body))
            )
            seen = b""
            while mark.encode() not in seen:
                seen += await asyncio.wait_for(reader.read(65_536), 10)
            waits.append((time.perf_counter() - began) * 1000)
            await sent
            await asyncio.sleep(0.01)
        writer.close()
        waits.sort()
        self.add(
            Row(
                "post to an open stream, idle",
                "30 (p99)",
                None,
                None,
                None,
                statistics.median(waits),
                waits[int(times * 0.99)],
            )
        )


def home(number: int) -> Request:
    return ("GET", "/api/v1/timelines/home", token(number % 200), b"")


def show(rows: list[Row], args: argparse.Namespace) -> None:
    table = Table(title=f"U={args.users} F={args.follows} P={args.posts}")
    for name in ("operation", "target", "value or CPU ms", "constant", "/s", "p50", "p99", "bytes"):
        table.add_column(name, justify="left" if name == "operation" else "right")
    table.add_column("")
    for row in rows:
        cells: list[Any] = [row.cpu_ms, row.constant_ms, row.per_s, row.p50_ms, row.p99_ms]
        shown = ["" if cell is None else f"{cell:.3g}" for cell in cells]
        table.add_row(row.operation, row.target, *shown, str(row.bytes or ""), row.note)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
