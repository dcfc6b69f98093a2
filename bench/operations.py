"""What is measured."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from instance import Instance
from load import Connection, Request
from seed import token


@dataclass(frozen=True)
class Operation:
    """`target` in CPU milliseconds; `make(instance)(number)` is a request."""

    name: str
    target: float
    make: Callable[[Instance], Callable[[int], Request]]
    concurrency: int = 4


def _get(path: str) -> Callable[[Instance], Callable[[int], Request]]:
    return lambda instance: lambda n: instance.get(n, path)


def _account(instance: Instance) -> Callable[[int], Request]:
    return lambda n: instance.get(n, f"/api/v1/accounts/{instance.accounts[n % 50]}/statuses")


def _thread(instance: Instance) -> Callable[[int], Request]:
    return lambda n: instance.get(n, f"/api/v1/statuses/{instance.thread}/context")


READS = (
    Operation("home timeline", 0.6, _get("/api/v1/timelines/home")),
    Operation("public timeline", 0.6, _get("/api/v1/timelines/public")),
    Operation("account's posts", 0.7, _account),
    Operation("thread of 20", 0.9, _thread),
    Operation("notifications, 20", 0.7, _get("/api/v1/notifications?limit=20")),
    Operation("notifications, 20, grouped", 0.7, _get("/api/v2/notifications?limit=20")),
    Operation(
        "search posts", 1.5, _get(f"/api/v2/search?type=statuses&q={quote('lantern quiet')}")
    ),
)
PUBLISH = Operation("publish a post, c=8, durable", 2.0, lambda instance: instance.post, 8)


@dataclass
class Load:
    """Posts a second, and milliseconds until a follower saw one: the median and the worst."""

    per_s: float
    seen_p50: float
    seen_p99: float


async def posting_load(instance: Instance, seconds: float = 10.0) -> Load:
    """Posts as fast as eight clients can, and watches a follower's page."""
    made: list[str] = []
    stop = time.perf_counter() + seconds

    async def write(offset: int) -> None:
        connection, number = Connection(instance.port), offset
        while time.perf_counter() < stop:
            _, body = await connection.send(instance.post(number))
            made.append(json.loads(body)["id"])
            number += 8
        connection.close()

    waits: list[float] = []

    async def watch() -> None:
        author, follower = await instance.pair()
        writer, reader = Connection(instance.port), Connection(instance.port)
        while time.perf_counter() < stop:
            began = time.perf_counter()
            _, body = await writer.send(instance.post(author))
            wanted = json.loads(body)["id"].encode()
            while wanted not in (await reader.send(instance.home(follower)))[1]:
                pass
            waits.append((time.perf_counter() - began) * 1_000)
            await asyncio.sleep(0.1)

    began = time.perf_counter()
    await asyncio.gather(watch(), *(write(n) for n in range(8)))
    return Load(len(made) / (time.perf_counter() - began), statistics.median(waits), max(waits))


async def post_to_stream(instance: Instance, times: int = 200) -> tuple[float, float]:
    """From a post to its appearance in a follower's open stream: median and 99 per cent, ms."""
    author, follower = await instance.pair()
    reader, writer = await asyncio.open_connection("127.0.0.1", instance.port)
    writer.write(
        f"GET /api/v1/streaming/user HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {token(follower)}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.5)
    connection, waits = Connection(instance.port), []
    for number in range(times):
        mark = f"stream-{number}-end"
        body = json.dumps({"status": mark}).encode()
        began = time.perf_counter()
        request = ("POST", "/api/v1/statuses", token(author), body)
        sent = asyncio.create_task(connection.send(request))
        seen = b""
        while mark.encode() not in seen:
            seen += await asyncio.wait_for(reader.read(65_536), 10)
        waits.append((time.perf_counter() - began) * 1_000)
        await sent
        await asyncio.sleep(0.01)
    writer.close()
    connection.close()
    waits.sort()
    return statistics.median(waits), waits[int(times * 0.99)]
