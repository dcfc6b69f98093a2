"""Who listens: one open connection, what it listens to, and what waits to be sent to it."""

import asyncio
from collections import deque

from folkmoot.domain.oauth.model import Bearer
from folkmoot.surfaces.mastodon.streaming.channels import Channel, Stream
from folkmoot.surfaces.mastodon.streaming.messages import Message


class Connection:
    """Messages for one client, at most `limit` of them waiting: who falls behind is cut off."""

    def __init__(self, bearer: Bearer | None, *, who: str, limit: int) -> None:
        self.bearer = bearer
        self.who = who
        self.listening: dict[Channel, list[str]] = {}
        self.ended = ""
        self._limit = limit
        self._waiting: deque[tuple[str, Message]] = deque()
        self._arrived = asyncio.Event()
        self._over = asyncio.Event()
        self._was_quiet = False

    @property
    def account_id(self) -> int:
        """The member who listens, or 0 for a visitor."""
        return self.bearer.account_id if self.bearer else 0

    def add(self, stream: Stream) -> list[Channel]:
        """Listens to a stream; returns the channels that are new to the connection."""
        new = [channel for channel in stream.channels if channel not in self.listening]
        for channel in stream.channels:
            labels = self.listening.setdefault(channel, [])
            if stream.label not in labels:
                labels.append(stream.label)
        return new

    def remove(self, stream: Stream) -> list[Channel]:
        """Listens to a stream no longer; returns the channels that nothing is heard of any more."""
        silent = []
        for channel in stream.channels:
            labels = self.listening.get(channel, [])
            if stream.label in labels:
                labels.remove(stream.label)
                if not labels:
                    del self.listening[channel]
                    silent.append(channel)
        return silent

    @property
    def is_behind(self) -> bool:
        """Whether so much waits that what can be done without is better left out."""
        return len(self._waiting) > self._limit // 2

    def push(self, channel: Channel, message: Message) -> None:
        """Lets a message wait to be sent, once for each stream it belongs to."""
        if self.ended:
            return
        for label in self.listening.get(channel, ()):
            self._waiting.append((label, message))
        if len(self._waiting) > self._limit:
            self.end("too slow")
        self._was_quiet = False
        self._arrived.set()

    def beat(self) -> None:
        """Lets a sign of life be sent when nothing else was since the last beat."""
        if self._was_quiet:
            self._arrived.set()
        self._was_quiet = True

    def end(self, reason: str) -> None:
        """Ends the connection; what waits is not sent any more."""
        self.ended = self.ended or reason
        self._waiting.clear()
        self._arrived.set()
        self._over.set()

    async def wait_for_end(self) -> None:
        """Returns when the connection was ended from here."""
        await self._over.wait()

    async def next(self) -> list[tuple[str, Message]]:
        """What waits to be sent; nothing when it is time for a sign of life, or at the end."""
        if not self._waiting and not self.ended:
            self._arrived.clear()
            await self._arrived.wait()
        taken = list(self._waiting)
        self._waiting.clear()
        return taken
