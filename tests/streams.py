"""Clients of the streaming API in process: a WebSocket, and server-sent events."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

PATH = "/api/v1/streaming"
PATIENCE_S = 5.0


class Socket:
    """A WebSocket over ASGI. `status` is what the handshake answered, 101 when it was accepted."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._asgi = asgi
        self._loop = loop
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.status = 0
        self.protocol: str | None = None
        self.close_code: int | None = None
        # A client that reads nothing: sending to it never ends.
        self.is_stuck = False

    def open(
        self,
        *,
        token: str = "",
        protocols: Sequence[str] = (),
        query: dict[str, str] | None = None,
        path: str = PATH,
    ) -> "Socket":
        headers = [(b"host", b"127.0.0.1:8080")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        if protocols:
            headers.append((b"sec-websocket-protocol", ", ".join(protocols).encode()))
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": urlencode(query or {}).encode(),
            "headers": headers,
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 8080),
            "subprotocols": list(protocols),
            "extensions": {"websocket.http.response": {}},
            "state": {},
        }
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._task = self._loop.create_task(self._asgi(scope, self._to_server.get, self._take))
        self.wait_until(lambda: self.status != 0)
        return self

    async def _take(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "websocket.accept":
            self.status, self.protocol = 101, event.get("subprotocol")
        elif kind == "websocket.http.response.start":
            self.status = event["status"]
        elif kind == "websocket.close":
            self.status = self.status or 403
            self.close_code = event.get("code", 1000)
        elif kind == "websocket.send":
            if self.is_stuck:
                await asyncio.sleep(3_600)
            self._heard.put_nowait(json.loads(event["text"]))

    def say(self, **order: Any) -> "Socket":
        self.say_text(json.dumps(order))
        return self

    def say_text(self, text: str) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})
        self.settle()

    def subscribe(self, stream: str, **more: Any) -> "Socket":
        return self.say(type="subscribe", stream=stream, **more)

    def next(self) -> dict[str, Any]:
        """The next message; its payload is read as JSON, except an id."""

        async def take() -> dict[str, Any]:
            async with asyncio.timeout(PATIENCE_S):
                return await self._heard.get()

        found = self._loop.run_until_complete(take())
        if "payload" in found and found["event"] not in ("delete", "announcement.delete"):
            found["payload"] = json.loads(found["payload"])
        return found

    def is_silent(self) -> bool:
        """Whether nothing comes, after everything that is under way has been done."""
        self.settle()
        return self._heard.empty()

    def settle(self) -> None:
        self._loop.run_until_complete(asyncio.sleep(0.05))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        async def wait() -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():  # noqa: ASYNC110 - it looks from outside
                    await asyncio.sleep(0.002)

        self._loop.run_until_complete(wait())

    def close(self) -> None:
        """Hangs up, and waits until the server has noticed."""
        if self._task is None:
            return
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
        task, self._task = self._task, None
        self._loop.run_until_complete(asyncio.wait([task], timeout=PATIENCE_S))
        assert task.done()


class EventSource:
    """Server-sent events over ASGI."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._asgi = asgi
        self._loop = loop
        self._hung_up = asyncio.Event()
        self.text = ""
        self._task: asyncio.Task[None] | None = None
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_over = False

    def open(
        self, path: str, *, token: str = "", query: dict[str, str] | None = None
    ) -> "EventSource":
        headers = [(b"host", b"127.0.0.1:8080")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"{PATH}/{path}",
            "raw_path": f"{PATH}/{path}".encode(),
            "root_path": "",
            "query_string": urlencode(query or {}).encode(),
            "headers": headers,
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 8080),
            "state": {},
        }
        requested = False

        async def receive() -> dict[str, Any]:
            nonlocal requested
            if not requested:
                requested = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._hung_up.wait()
            return {"type": "http.disconnect"}

        self._task = self._loop.create_task(self._asgi(scope, receive, self._take))
        self.wait_until(lambda: self.status != 0)
        return self

    async def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.status = event["status"]
            self.headers = {n.decode(): v.decode() for n, v in event["headers"]}
        else:
            self.text += event.get("body", b"").decode()
            self.is_over = not event.get("more_body")

    def next(self) -> tuple[str, Any]:
        """The next event: its name and its data."""
        while True:
            self.wait_until(lambda: "\n\n" in self.text)
            block, _, self.text = self.text.partition("\n\n")
            if block.startswith(":"):
                continue
            name, data = block.split("\n")
            assert name.startswith("event: ")
            text = data.removeprefix("data: ")
            is_json = text[:1] in "{["
            return name.removeprefix("event: "), json.loads(text) if is_json else text

    def wait_until(self, condition: Callable[[], bool]) -> None:
        async def wait() -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():  # noqa: ASYNC110 - it looks from outside
                    await asyncio.sleep(0.002)

        self._loop.run_until_complete(wait())

    def close(self) -> None:
        if self._task is None:
            return
        self._hung_up.set()
        task, self._task = self._task, None
        self._loop.run_until_complete(asyncio.wait([task], timeout=PATIENCE_S))
        assert task.done()
