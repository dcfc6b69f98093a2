"""Carries the signals of committed transactions to whoever listens, in the event loop: within
the process, and through Redis to the other processes of the same instance.
"""

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from folkmoot.kit.db.tx import Signal

log = structlog.get_logger("bus")

Listener = Callable[[Signal], None]

_CHANNEL = "signals"
_MAX_WAITING = 10_000
_CONNECT_S = 5.0
_LAST_WORDS_S = 1.0
_RETRY_S = (0.1, 0.5, 1.0, 5.0)


class Bus:
    """Within one process. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, topic: str, listener: Listener) -> None:
        """Calls `listener(signal)` in the event loop for every signal of a topic."""
        self._listeners[topic].append(listener)

    async def start(self) -> None:
        """Delivers from now on; before, nobody listens."""
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        """Delivers no longer."""
        self._loop = None

    def tell(self, signals: Sequence[Signal]) -> None:
        """Passes signals on; those nobody listens to cost nothing."""
        wanted = [signal for signal in signals if signal.topic in self._listeners]
        if wanted:
            self._hand_over(self._deliver, wanted)

    def _hand_over(self, take: Callable[[Any], None], what: Any) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(take, what)

    def _deliver(self, signals: Sequence[Signal]) -> None:
        for signal in signals:
            for listener in self._listeners.get(signal.topic, ()):
                listener(signal)


class Told(msgspec.Struct, array_like=True):
    """What one process tells the others: who it is, and its signals."""

    teller: str
    signals: list[Signal]


class RedisBus(Bus):
    """Between processes. Without Redis, for as long as it is away, each process hears only itself:
    what must not be lost is a job, never a signal.
    """

    def __init__(self, url: str, prefix: str) -> None:
        super().__init__()
        self._url = url
        self._channel = prefix + _CHANNEL
        self._me = os.urandom(8).hex()
        self._waiting: asyncio.Queue[list[Signal]] = asyncio.Queue(_MAX_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._client: Any = None

    async def start(self) -> None:
        """Delivers from now on, and hears the others as soon as Redis answers."""
        import redis.asyncio

        await super().start()
        self._client = redis.asyncio.from_url(self._url)
        heard = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._keep_doing(self._speak)),
            asyncio.create_task(self._keep_doing(lambda: self._hear(heard))),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), _CONNECT_S)

    async def stop(self) -> None:
        """Delivers no longer, says what is still to be said, and hangs up."""
        await super().stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._waiting.join(), _LAST_WORDS_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._client is not None:
            await self._client.aclose()

    def tell(self, signals: Sequence[Signal]) -> None:
        """Passes signals on, here at once and to the others by Redis."""
        super().tell(signals)
        self._hand_over(self._enqueue, list(signals))

    def _enqueue(self, signals: list[Signal]) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()  # the oldest is the least worth
            self._waiting.task_done()
        self._waiting.put_nowait(signals)

    async def _speak(self) -> None:
        while True:
            taken = [await self._waiting.get()]
            while not self._waiting.empty():
                taken.append(self._waiting.get_nowait())
            told = Told(self._me, [signal for signals in taken for signal in signals])
            try:
                await self._client.publish(self._channel, msgspec.msgpack.encode(told))
            finally:
                for _ in taken:
                    self._waiting.task_done()

    async def _hear(self, heard: asyncio.Event) -> None:
        async with self._client.pubsub(ignore_subscribe_messages=False) as subscription:
            await subscription.subscribe(self._channel)
            async for message in subscription.listen():
                if message["type"] == "subscribe":
                    heard.set()
                elif message["type"] == "message":
                    self._take(message["data"])

    def _take(self, data: bytes) -> None:
        try:
            told = msgspec.msgpack.decode(data, type=Told)
        except msgspec.DecodeError:
            log.warning("a message that is not ours came through Redis")
            return
        if told.teller != self._me:
            self._deliver(told.signals)

    async def _keep_doing(self, work: Callable[[], Any]) -> None:
        """Begins anew whenever the connection breaks, waiting longer each time."""
        from redis.exceptions import RedisError

        tries = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await work()
            except (RedisError, OSError) as error:
                if asyncio.get_running_loop().time() - began > _RETRY_S[-1]:
                    tries = 0
                pause = _RETRY_S[min(tries, len(_RETRY_S) - 1)]
                tries += 1
                log.warning("redis is away", error=str(error), again_in_s=pause)
                await asyncio.sleep(pause)
