"""Brings what is committed anywhere to the connections that listen in this process.

Signals that come while one batch is read and presented make up the next: an idle hub answers at
once, a busy one reads for many posts together.
"""

import asyncio
from collections import Counter as Tally
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import structlog

from folkmoot.domain.feeds.model import read_loss
from folkmoot.domain.oauth.model import Bearer
from folkmoot.domain.oauth.queries import find_bearer, hash_token
from folkmoot.kit.db.tx import Signal
from folkmoot.kit.errors import Refusal, TooMany
from folkmoot.kit.metrics import Counter, Gauge
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.streaming.channels import (
    Channel,
    Stream,
    direct_channel,
    feed_channel,
    is_public,
    member_channel,
    notification_channel,
)
from folkmoot.surfaces.mastodon.streaming.connections import Connection
from folkmoot.surfaces.mastodon.streaming.gathering import Audience, Gathered, Work, gather
from folkmoot.surfaces.mastodon.streaming.messages import Message

log = structlog.get_logger("streaming")

_OPEN = Gauge("folkmoot_streams_open", "Open streaming connections")
_SAID = Counter("folkmoot_stream_messages_total", "Messages put on streaming connections")
_CUT = Counter("folkmoot_streams_ended_total", "Streaming connections ended by us", "reason")

# So much is gathered at once, so that nobody waits long for a batch; and so much may wait.
_BATCH = 200
_MAX_WAITING = 20_000
# A post may come into further feeds a moment later; of so many it is known where they were.
_REMEMBERED = 200


class TooManyStreams(TooMany):
    """Too many streams are open already"""


class Hub:
    """The connections of this process by channel, and what waits to be brought to them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._by_channel: dict[Channel, dict[Connection, None]] = {}
        self._tokens: dict[Connection, str] = {}
        self._open_by: Tally[str] = Tally()
        self._audience: Audience | None = None
        self._waiting = _Waiting()
        self._feeds_of: OrderedDict[int, frozenset[int]] = OrderedDict()
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._asides: set[asyncio.Task[None]] = set()
        for topic, listener in self._listeners().items():
            app.bus.listen(topic, listener)

    def _listeners(self) -> dict[str, Callable[[Signal], None]]:
        waiting = self._waiting
        return {
            "post": lambda s: self._note(waiting.posts, s.subject),
            "post.placed": lambda s: self._note(waiting.placed, s.subject),
            "post.edited": lambda s: self._note(waiting.edited, s.subject),
            "post.deleted": self._tell_deleted,
            "notification": self._note_notification,
            "notifications.merged": self._tell_merged,
            "conversation": self._note_conversation,
            "filters": self._tell_filters,
            "announcement": lambda s: self._note(waiting.announcements, s.subject),
            "announcement.reaction": lambda s: self._note(waiting.reactions, (s.subject, s.detail)),
            "announcement.deleted": self._tell_withdrawn,
            "token": self._end_token,
            "tokens": self._check_tokens,
        }

    def open(self, bearer: Bearer | None, *, token: str, address: str) -> Connection:
        """A new connection; TooManyStreams when its member, or its address, has enough."""
        who = f"a{bearer.account_id}" if bearer and bearer.account_id else f"i{address}"
        settings = self._app.settings.streaming
        if self._open_by[who] >= settings.connections:
            raise TooManyStreams
        self._open_by[who] += 1
        connection = Connection(bearer, who=who, limit=settings.queue)
        self._tokens[connection] = token
        _OPEN.add()
        return connection

    def close(self, connection: Connection) -> None:
        """Forgets a connection."""
        for channel in list(connection.listening):
            self._leave(connection, channel)
        if self._tokens.pop(connection, None) is None:
            return
        _OPEN.add(by=-1)
        if connection.ended:
            _CUT.add(connection.ended)
        self._open_by[connection.who] -= 1
        if not self._open_by[connection.who]:
            del self._open_by[connection.who]

    def subscribe(self, connection: Connection, stream: Stream) -> None:
        """Lets a connection listen to a stream."""
        for channel in connection.add(stream):
            self._by_channel.setdefault(channel, {})[connection] = None
            self._audience = None

    def unsubscribe(self, connection: Connection, stream: Stream) -> None:
        """Lets a connection listen to a stream no longer."""
        for channel in connection.remove(stream):
            self._leave(connection, channel)

    def _leave(self, connection: Connection, channel: Channel) -> None:
        self._audience = None
        listeners = self._by_channel.get(channel, {})
        listeners.pop(connection, None)
        if not listeners:
            self._by_channel.pop(channel, None)

    async def start(self) -> None:
        """Delivers from now on."""
        self._ready = asyncio.Event()
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        """Ends every connection."""
        for connection in list(self._tokens):
            connection.end("shutdown")
        tasks = [*self._asides, *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._app.settings.streaming.heartbeat_s)
            for connection in self._tokens:
                connection.beat()

    def _note(self, waiting: "dict[Any, None]", what: Any) -> None:
        if self._by_channel and len(waiting) < _MAX_WAITING:
            waiting[what] = None
            self._ready.set()

    def _note_notification(self, signal: Signal) -> None:
        if notification_channel(signal.subject) in self._by_channel:
            self._note(self._waiting.notifications, (signal.subject, int(signal.detail)))

    def _note_conversation(self, signal: Signal) -> None:
        if direct_channel(signal.subject) in self._by_channel:
            self._note(self._waiting.conversations, (signal.subject, int(signal.detail)))

    async def _run(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            work = self._waiting.take(self._feeds_of)
            if self._waiting.is_any:
                self._ready.set()
            try:
                gathered = await self._app.db.read(
                    gather, self._app, work, self._describe_audience()
                )
            except Exception:
                log.exception("a batch of events was lost")
            else:
                self._deliver(gathered)

    def _describe_audience(self) -> Audience:
        if self._audience is None:
            self._audience = Audience({}, {})
            for channel, connections in self._by_channel.items():
                if channel.kind == "feed":
                    reader = next(iter(connections)).account_id
                    self._audience.feeds[int(channel.key)] = reader
                elif is_public(channel):
                    listeners = {each.account_id for each in connections}
                    self._audience.public[channel] = listeners
        return self._audience

    def _deliver(self, gathered: Gathered) -> None:
        for post_id, feeds in gathered.feeds_of.items():
            self._feeds_of[post_id] = self._feeds_of.pop(post_id, frozenset()) | feeds
        while len(self._feeds_of) > _REMEMBERED:
            self._feeds_of.popitem(last=False)
        for delivery in gathered.deliveries:
            for connection in self._by_channel.get(delivery.channel, ()):
                message = delivery.messages.get(connection.account_id)
                if message is not None:
                    connection.push(delivery.channel, message)
                    _SAID.add()
        for message in gathered.to_all:
            self._say(self._all("member"), message)

    def _say(self, channels: Iterable[Channel], message: Message) -> None:
        for channel in channels:
            for connection in self._by_channel.get(channel, ()):
                connection.push(channel, message)
                _SAID.add()

    def _all(self, *kinds: str) -> list[Channel]:
        return [channel for channel in self._by_channel if channel.kind in kinds]

    def _tell_deleted(self, signal: Signal) -> None:
        """Whoever is far behind does without: a client also finds out when it looks again."""
        loss = read_loss(signal.detail)
        if loss.feeds is None:
            channels = self._all("feed")
        else:
            channels = [feed_channel(feed_id) for feed_id in loss.feeds]
        if loss.public:
            channels += [channel for channel in self._by_channel if is_public(channel)]
        message = Message("delete", str(signal.subject).encode())
        for channel in channels:
            for connection in self._by_channel.get(channel, ()):
                if not connection.is_behind:
                    connection.push(channel, message)

    def _tell_merged(self, signal: Signal) -> None:
        self._say([notification_channel(signal.subject)], Message("notifications_merged", b"1"))

    def _tell_filters(self, signal: Signal) -> None:
        self._say([member_channel(signal.subject)], Message("filters_changed"))

    def _tell_withdrawn(self, signal: Signal) -> None:
        message = Message("announcement.delete", str(signal.subject).encode())
        self._say(self._all("member"), message)

    def _end_token(self, signal: Signal) -> None:
        for connection in list(self._tokens):
            if connection.bearer and connection.bearer.token_id == signal.subject:
                connection.end("revoked")

    def _check_tokens(self, signal: Signal) -> None:
        """Asks of each of a member's connections whether its token still opens anything."""
        for connection in list(self._tokens):
            if connection.account_id == signal.subject:
                self._do_aside(self._check_token(connection))

    async def _check_token(self, connection: Connection) -> None:
        token = self._tokens.get(connection, "")
        try:
            bearer = await self._app.db.read(find_bearer, hash_token(token))
        except Refusal:
            bearer = None
        if bearer is None:
            connection.end("revoked")

    def _do_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


class _Waiting:
    """What was committed and not yet gathered, each once and in order."""

    def __init__(self) -> None:
        self.posts: dict[int, None] = {}
        self.placed: dict[int, None] = {}
        self.edited: dict[int, None] = {}
        self.notifications: dict[tuple[int, int], None] = {}
        self.conversations: dict[tuple[int, int], None] = {}
        self.announcements: dict[int, None] = {}
        self.reactions: dict[tuple[int, str], None] = {}

    @property
    def is_any(self) -> bool:
        return any(vars(self).values())

    def take(self, feeds_of: "OrderedDict[int, frozenset[int]]") -> Work:
        """The oldest of everything, as much as is gathered at once."""
        posts = _take(self.posts)
        return Work(
            posts=posts,
            placed={i: feeds_of.get(i, frozenset()) for i in _take(self.placed) if i not in posts},
            edited=_take(self.edited),
            notifications=_take(self.notifications),
            conversations=_take(self.conversations),
            announcements=_take(self.announcements),
            reactions=_take(self.reactions),
        )


def _take(waiting: "dict[Any, None]") -> "list[Any]":
    taken = list(waiting)[:_BATCH]
    for each in taken:
        del waiting[each]
    return taken
