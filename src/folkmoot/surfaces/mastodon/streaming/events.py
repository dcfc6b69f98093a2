"""/api/v1/streaming/…: one stream by server-sent events, and whether streaming is there at all."""

import asyncio
import contextlib
from typing import Annotated, Any

import msgspec

from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    OPTIONAL,
    Answer,
    Call,
    Router,
    Streamed,
)
from folkmoot.surfaces.mastodon.streaming.channels import Asked, grant_stream
from folkmoot.surfaces.mastodon.streaming.connections import Connection

router = Router("streaming")

_MEDIA = ("text/event-stream",)
_OPENING = b":)\n\n"
_HEARTBEAT = b":thump\n\n"


class TagParams(msgspec.Struct):
    """The hashtag to listen to."""

    tag: Annotated[str, NEEDED] = ""


class ListParams(msgspec.Struct):
    """The list to listen to."""

    list: Annotated[str, NEEDED] = ""


class PublicParams(msgspec.Struct):
    """Whether to leave out what has no media."""

    only_media: bool = False


class EventStream(Streamed):
    """A reply that goes on until the client leaves or the connection is ended from here."""

    def __init__(self, app: App, connection: Connection) -> None:
        super().__init__(
            [
                (b"content-type", b"text/event-stream"),
                (b"cache-control", b"private, no-store"),
                (b"x-accel-buffering", b"no"),
            ]
        )
        self._app = app
        self._connection = connection

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.headers})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
            else:
                await self._exchange(receive, send)
        finally:
            self._app.hub.close(self._connection)

    async def _exchange(self, receive: Any, send: Any) -> None:
        tasks = [
            asyncio.create_task(work)
            for work in (
                self._speak(send),
                _wait_for_hang_up(receive),
                self._connection.wait_for_end(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b""})

    async def _speak(self, send: Any) -> None:
        async def say(lines: bytes) -> None:
            await send({"type": "http.response.body", "body": lines, "more_body": True})

        await say(_OPENING)
        while not self._connection.ended:
            waiting = await self._connection.next()
            if waiting:
                await say(b"".join(message.sse() for _, message in waiting))
            elif not self._connection.ended:
                await say(_HEARTBEAT)


async def _wait_for_hang_up(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _listen(call: Call, asked: Asked) -> EventStream:
    app = call.app
    stream = await app.db.read(grant_stream, asked, call.bearer)
    connection: Connection = app.hub.open(
        call.bearer, token=call.incoming.token or "", address=call.incoming.address
    )
    app.hub.subscribe(connection, stream)
    return EventStream(app, connection)


router.not_offered("GET /api/v1/streaming", why="Streams are here, but by WebSocket only")


@router.get("/api/v1/streaming/health", media=("text/plain",), returns=str)
def health(call: Call) -> Answer:
    """Whether streaming is alive."""
    return Answer(b"OK", content_type=b"text/plain; charset=utf-8")


@router.get("/api/v1/streaming/user", scope="read:statuses", media=_MEDIA, returns=str)
async def user(call: Call) -> EventStream:
    """What appears in one's home, and what one is told of."""
    return await _listen(call, Asked("user"))


@router.get(
    "/api/v1/streaming/user/notification", scope="read:notifications", media=_MEDIA, returns=str
)
async def user_notification(call: Call) -> EventStream:
    """What one is told of."""
    return await _listen(call, Asked("user:notification"))


@router.get("/api/v1/streaming/public", auth=OPTIONAL, media=_MEDIA, returns=str)
async def public(call: Call, params: PublicParams) -> EventStream:
    """All public statuses."""
    return await _listen(call, Asked("public", only_media=params.only_media))


@router.get("/api/v1/streaming/public/local", auth=OPTIONAL, media=_MEDIA, returns=str)
async def public_local(call: Call, params: PublicParams) -> EventStream:
    """Public statuses of this server."""
    return await _listen(call, Asked("public:local", only_media=params.only_media))


@router.get("/api/v1/streaming/public/remote", auth=OPTIONAL, media=_MEDIA, returns=str)
async def public_remote(call: Call, params: PublicParams) -> EventStream:
    """Public statuses of other servers."""
    return await _listen(call, Asked("public:remote", only_media=params.only_media))


@router.get("/api/v1/streaming/hashtag", auth=OPTIONAL, media=_MEDIA, returns=str)
async def hashtag(call: Call, params: TagParams) -> EventStream:
    """Public statuses with a hashtag."""
    return await _listen(call, Asked("hashtag", tag=params.tag))


@router.get("/api/v1/streaming/hashtag/local", auth=OPTIONAL, media=_MEDIA, returns=str)
async def hashtag_local(call: Call, params: TagParams) -> EventStream:
    """Public statuses of this server with a hashtag."""
    return await _listen(call, Asked("hashtag:local", tag=params.tag))


@router.get(
    "/api/v1/streaming/list", scope="read:statuses", media=_MEDIA, returns=str, refuses=(404,)
)
async def list_(call: Call, params: ListParams) -> EventStream:
    """What appears in one of one's lists."""
    return await _listen(call, Asked("list", list=params.list))


@router.get("/api/v1/streaming/direct", scope="read:statuses", media=_MEDIA, returns=str)
async def direct(call: Call) -> EventStream:
    """What is said in one's direct conversations."""
    return await _listen(call, Asked("direct"))
