"""/api/v1/streaming: many streams over one WebSocket, or one named in the address."""

import asyncio
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.handlers import WebsocketRouteHandler

from folkmoot.domain.oauth.model import Bearer
from folkmoot.domain.oauth.queries import find_bearer, hash_token
from folkmoot.kit.errors import Refusal
from folkmoot.surfaces.app import App, client_address
from folkmoot.surfaces.mastodon.errors import BadRequest, Unauthorised, present_refusal
from folkmoot.surfaces.mastodon.params import parse_pairs
from folkmoot.surfaces.mastodon.streaming.channels import (
    MAX_STREAMS,
    Asked,
    Stream,
    grant_stream,
)
from folkmoot.surfaces.mastodon.streaming.connections import Connection

PATH = "/api/v1/streaming"

_MAX_ORDER = 8_192
# A message that belongs to no stream: ASGI knows no ping, and proxies cut what is silent.
_HEARTBEAT = '{"stream":[],"event":"heartbeat"}'
# Close codes (RFC 6455, 7.4.1) by why we end a connection.
_CODES = {"shutdown": 1001, "revoked": 1008, "too slow": 1008}
_NORMAL = 1000


class Order(msgspec.Struct):
    """What a client says: subscribe or unsubscribe, and which stream."""

    type: str
    stream: str = ""
    tag: str = ""
    list: str | int = ""

    @property
    def asked(self) -> Asked:
        return Asked(self.stream, self.tag, self.list)


class TooManySubscriptions(BadRequest):
    """Too many streams on one connection"""


def socket_handler(app: App) -> WebsocketRouteHandler:
    """Litestar's handler of the WebSocket."""

    async def handle(socket: WebSocket[Any, Any, Any]) -> None:
        await _Session(app, socket).serve()

    return WebsocketRouteHandler(PATH)(handle)


class _Session:
    """One WebSocket from its handshake to its end."""

    def __init__(self, app: App, socket: WebSocket[Any, Any, Any]) -> None:
        self._app = app
        self._socket: Any = socket
        self._headers = dict(socket.scope["headers"])
        self._query = dict(parse_pairs(socket.scope["query_string"].decode("latin-1")))
        self._protocol = self._headers.get(b"sec-websocket-protocol", b"").decode("latin-1")
        self._granted: dict[Asked, Stream] = {}

    async def serve(self) -> None:
        await self._socket.receive()  # the handshake, which ASGI wants heard before it is answered
        token = self._token()
        try:
            bearer = await self._app.db.read(_admit, token)
            connection = self._app.hub.open(bearer, token=token, address=self._address())
        except Refusal as refusal:
            await self._reject(refusal)
            return
        try:
            await self._accept()
            await self._first_stream(connection)
            await self._exchange(connection)
        finally:
            self._app.hub.close(connection)

    def _token(self) -> str:
        """From the address, the Authorization header, or in place of a protocol's name, as
        browsers can send it."""
        if "access_token" in self._query:
            return str(self._query["access_token"])
        authorization = self._headers.get(b"authorization", b"").decode("latin-1")
        if authorization[:7].lower() == "bearer ":
            return authorization[7:].strip()
        return self._protocol.partition(",")[0].strip()

    def _address(self) -> str:
        trusted = self._app.settings.server.trusted_proxies
        return client_address(self._socket.scope, self._headers, trusted)

    async def _accept(self) -> None:
        chosen = self._protocol.partition(",")[0].strip()
        await self._socket.send(
            {
                "type": "websocket.accept",
                "subprotocol": chosen or None,
                "headers": [],
            }
        )

    async def _reject(self, refusal: Refusal) -> None:
        status, error = present_refusal(refusal)
        if "websocket.http.response" in (self._socket.scope.get("extensions") or {}):
            await self._socket.send(
                {
                    "type": "websocket.http.response.start",
                    "status": status,
                    "headers": [(b"content-type", b"application/json; charset=utf-8")],
                }
            )
            body = msgspec.json.encode(error)
            await self._socket.send({"type": "websocket.http.response.body", "body": body})
        else:
            await self._socket.send({"type": "websocket.close", "code": 1008, "reason": ""})

    async def _first_stream(self, connection: Connection) -> None:
        if name := self._query.get("stream"):
            asked = Asked(name, self._query.get("tag", ""), self._query.get("list", ""))
            await self._obey(connection, "subscribe", asked)

    async def _exchange(self, connection: Connection) -> None:
        """Listens and speaks until the client leaves or the connection is ended from here."""
        tasks = [
            asyncio.create_task(work)
            for work in (
                self._listen(connection),
                self._speak(connection),
                connection.wait_for_end(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if connection.ended:
            code = _CODES.get(connection.ended, _NORMAL)
            await self._socket.send(
                {"type": "websocket.close", "code": code, "reason": connection.ended}
            )

    async def _speak(self, connection: Connection) -> None:
        while not connection.ended:
            waiting = await connection.next()
            for label, message in waiting:
                await self._say(message.frame(label))
            if not waiting and not connection.ended:
                await self._say(_HEARTBEAT)

    async def _say(self, text: str) -> None:
        await self._socket.send({"type": "websocket.send", "text": text})

    async def _listen(self, connection: Connection) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            said = event.get("text") or event.get("bytes") or ""
            if len(said) > _MAX_ORDER:
                connection.end("too much said")
                return
            try:
                order = msgspec.json.decode(said, type=Order)
            except (msgspec.DecodeError, UnicodeDecodeError):
                await self._refuse(BadRequest("The message could not be read"))
            else:
                await self._obey(connection, order.type, order.asked)

    async def _obey(self, connection: Connection, order: str, asked: Asked) -> None:
        try:
            if order == "subscribe":
                await self._subscribe(connection, asked)
            elif order == "unsubscribe":
                stream = self._granted.pop(asked, None)
                if stream is not None:
                    self._app.hub.unsubscribe(connection, stream)
            else:
                raise BadRequest("The type must be subscribe or unsubscribe")
        except Refusal as refusal:
            await self._refuse(refusal)

    async def _subscribe(self, connection: Connection, asked: Asked) -> None:
        if asked in self._granted:
            return
        if len(self._granted) >= MAX_STREAMS:
            raise TooManySubscriptions
        stream = await self._app.db.read(grant_stream, asked, connection.bearer)
        self._granted[asked] = stream
        self._app.hub.subscribe(connection, stream)

    async def _refuse(self, refusal: Refusal) -> None:
        status, error = present_refusal(refusal)
        said = msgspec.json.encode({"error": error.error, "status": status})
        await self._say(said.decode())


def _admit(tx: Any, token: str) -> Bearer | None:
    """Who a token speaks for; Unauthorised for one that is not known, None for none at all."""
    if not token:
        return None
    bearer = find_bearer(tx, hash_token(token))
    if bearer is None:
        raise Unauthorised
    return bearer
