"""Signals reach listeners in the process and, through Redis, in others."""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from folkmoot.kit.bus import Bus, RedisBus
from folkmoot.kit.db.tx import Signal

URL = os.environ.get("FOLKMOOT_TEST_REDIS", "")


async def until(condition: Callable[[], bool], within_s: float = 5.0) -> None:
    """Waits until something holds."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


def test_a_signal_reaches_its_listeners(loop: asyncio.AbstractEventLoop) -> None:
    async def run() -> None:
        bus, heard = Bus(), []
        bus.listen("post", lambda signal: heard.append(signal.subject))
        bus.tell([Signal("post", 1)])
        await bus.start()
        await asyncio.to_thread(bus.tell, [Signal("post", 2), Signal("other", 3)])
        await until(lambda: heard == [2])
        await bus.stop()
        bus.tell([Signal("post", 4)])
        await asyncio.sleep(0)
        assert heard == [2]

    loop.run_until_complete(run())


@pytest.mark.redis
def test_a_signal_reaches_other_processes_once(loop: asyncio.AbstractEventLoop) -> None:
    async def run() -> None:
        one, two, stranger = (RedisBus(URL, "test:"), RedisBus(URL, "test:"), RedisBus(URL, "x:"))
        heard: dict[str, list[int]] = {"one": [], "two": [], "stranger": []}
        for name, bus in (("one", one), ("two", two), ("stranger", stranger)):
            bus.listen("post", lambda signal, name=name: heard[name].append(signal.subject))
            await bus.start()
        one.tell([Signal("post", 1)])
        await asyncio.to_thread(two.tell, [Signal("post", 2, "detail")])
        await until(lambda: sorted(heard["one"]) == sorted(heard["two"]) == [1, 2])
        await asyncio.sleep(0.05)
        assert heard["stranger"] == []
        assert len(heard["one"]) == len(heard["two"]) == 2
        for bus in (one, two, stranger):
            await bus.stop()

    loop.run_until_complete(run())


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Callable[[], tuple[str, subprocess.Popen[bytes]]]]:
    """Starts a Redis of the test's own, always at the same address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[str, subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        running.append(process)
        return f"redis://127.0.0.1:{port}/0", process

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.redis
def test_without_redis_a_process_hears_itself_and_later_the_others(
    loop: asyncio.AbstractEventLoop,
    redis: Callable[[], tuple[str, subprocess.Popen[bytes]]],
) -> None:
    async def run() -> None:
        url, process = redis()
        one, two = RedisBus(url, "test:"), RedisBus(url, "test:")
        heard: list[int] = []
        mine: list[int] = []
        one.listen("post", lambda signal: mine.append(signal.subject))
        two.listen("post", lambda signal: heard.append(signal.subject))
        await one.start()
        await two.start()
        one.tell([Signal("post", 1)])
        await until(lambda: heard == [1])
        process.kill()
        process.wait()
        one.tell([Signal("post", 2)])
        await until(lambda: mine == [1, 2])
        redis()
        for number in range(3, 100):
            one.tell([Signal("post", number)])
            await asyncio.sleep(0.1)
            if any(subject > 2 for subject in heard):
                break
        assert heard[-1] > 2
        await one.stop()
        await two.stop()

    loop.run_until_complete(run())
