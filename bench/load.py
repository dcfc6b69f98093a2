"""A small HTTP/1.1 client for loads: keep-alive, a fixed number of requests, latencies kept."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

Request = tuple[str, str, str, bytes]
"""Method, path, token, body."""


@dataclass
class Result:
    """What a load found: latencies in seconds, the seconds it took, the last body."""

    latencies: list[float]
    seconds: float
    body: bytes
    failures: int

    def percentile(self, share: float) -> float:
        """A latency in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: Request) -> tuple[int, bytes]:
        """Sends a request and reads the whole answer: status and body."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        method, path, token, body = request
        self._writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


async def load(
    port: int, make: Callable[[int], Request], *, count: int, concurrency: int
) -> Result:
    """Sends `count` requests, `make(number)` each, over so many connections at once."""
    latencies: list[float] = []
    last = b""
    failures = 0
    numbers = iter(range(count))

    async def work() -> None:
        nonlocal last, failures
        connection = Connection(port)
        for number in numbers:
            began = time.perf_counter()
            status, body = await connection.send(make(number))
            latencies.append(time.perf_counter() - began)
            if status >= 400:
                failures += 1
            last = body
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    return Result(latencies, time.perf_counter() - began, last, failures)
