"""The client, against a server on loopback that misbehaves."""

import asyncio
import gzip
import os
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trustme
from aiohttp import web

from folkmoot.kit.http import (
    AddressRefused,
    BadStatus,
    BrokenBody,
    Client,
    FetchFailed,
    TimedOut,
    TooBig,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
    WrongType,
)
from folkmoot.kit.http.connection import GuardedResolver

LOOPBACK = ["127.0.0.0/8", "::1/128"]


class Server:
    """Answers by path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path_qs, request.headers, await request.read()))
        handler = getattr(self, "on_" + request.path.strip("/").replace("/", "_"))
        response: web.StreamResponse = await handler(request)
        return response

    async def on_(self, request: web.Request) -> web.Response:
        return web.Response(text="home", headers={"X-Mine": "yes"})

    async def on_json(self, request: web.Request) -> web.Response:
        return web.Response(text='{"a": 1}', content_type="application/activity+json")

    async def on_charset(self, request: web.Request) -> web.Response:
        return web.Response(
            body="你好".encode("gb18030"), headers={"Content-Type": 'text/html; charset="GB18030"'}
        )

    async def on_gone(self, request: web.Request) -> web.Response:
        return web.Response(status=410)

    async def on_loop(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/loop"})

    async def on_to(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query["url"]})

    async def on_big(self, request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 5000)

    async def on_endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(b"x" * 10_000)
        return response

    async def on_drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async def on_packed(self, request: web.Request) -> web.Response:
        kind = request.query["kind"]
        body = b"hello " * 1000
        bare = zlib.compressobj(wbits=-15)
        packed = {
            "gzip": gzip.compress(body),
            "two": gzip.compress(body[:3000]) + gzip.compress(body[3000:]),
            "deflate": zlib.compress(body),
            "bare": bare.compress(body) + bare.flush(),
            "cut": gzip.compress(body)[:-12],
            "noise": b"\x1f\x8bnoise" + b"n" * 100,
            "bomb": gzip.compress(b"\0" * 50_000_000),
            "chain": gzip.compress(b"") * 400,
            "br": b"whatever",
        }[kind]
        encoding = {"bare": "deflate", "deflate": "deflate", "br": "br"}.get(kind, "gzip")
        return web.Response(body=packed, headers={"Content-Encoding": encoding})

    async def on_post(self, request: web.Request) -> web.Response:
        return web.Response(status=202)


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


Scene = Callable[[Server, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    options.setdefault("allow_networks", LOOPBACK)

    async def run() -> None:
        async with serving() as server, Client(user_agent="Tester/1", **options) as client:
            await scene(server, client)

    asyncio.run(asyncio.wait_for(run(), 20))


def test_getting() -> None:
    async def scene(server: Server, client: Client) -> None:
        response = await client.get(
            f"{server.url}/?b=2&a=%20#part", headers={"Accept": "text/plain"}
        )
        assert (response.status, response.text(), response.is_ok) == (200, "home", True)
        assert response.headers["x-mine"] == "yes"
        assert response.url == f"{server.url}/?b=2&a=%20"
        method, path, headers, _ = server.seen[0]
        assert (method, path) == ("GET", "/?b=2&a=%20")
        assert headers["User-Agent"] == "Tester/1"
        assert headers["Accept"] == "text/plain"

    play(scene)


def test_types_and_charsets() -> None:
    async def scene(server: Server, client: Client) -> None:
        response = await client.get(f"{server.url}/json", types=["application/activity+json"])
        assert response.json() == {"a": 1}
        assert (await client.get(f"{server.url}/json", types=["application/*"])).is_ok
        with pytest.raises(WrongType):
            await client.get(f"{server.url}/json", types=["text/html"])
        with pytest.raises(BrokenBody):
            (await client.get(server.url)).json()
        assert (await client.get(f"{server.url}/charset")).text() == "你好"

    play(scene)


def test_statuses() -> None:
    async def scene(server: Server, client: Client) -> None:
        response = await client.get(f"{server.url}/gone", types=["text/html"])
        assert response.status == 410
        with pytest.raises(BadStatus) as caught:
            response.require_ok()
        assert caught.value.is_gone
        assert not caught.value.is_passing

    play(scene)


def test_head_and_post() -> None:
    async def scene(server: Server, client: Client) -> None:
        head = await client.head(f"{server.url}/big")
        assert head.headers["content-length"] == "5000"
        assert head.body == b""
        done = await client.post(f"{server.url}/post", body=b"{}", content_type="application/json")
        assert done.status == 202
        method, _, headers, body = server.seen[-1]
        assert (method, headers["Content-Type"], body) == ("POST", "application/json", b"{}")
        moved = await client.post(f"{server.url}/to?url=/", body=b"{}", content_type="a/b")
        assert moved.status == 302

    play(scene)


def test_redirects() -> None:
    async def scene(server: Server, client: Client) -> None:
        response = await client.get(f"{server.url}/to?url=/to?url=/json")
        assert response.url == f"{server.url}/json"
        with pytest.raises(TooManyRedirects):
            await client.get(f"{server.url}/loop")
        assert len(server.seen) == 3 + 6

    play(scene)


def test_what_proves_who_asks_stays_with_the_first_server() -> None:
    async def scene(server: Server, client: Client) -> None:
        async with serving() as other:
            await client.get(
                f"{server.url}/to?url={other.url}/",
                headers={"Authorization": "secret", "Cookie": "c", "Accept": "a/b"},
            )
            assert server.seen[0][2]["Authorization"] == "secret"
            assert other.seen[0][2]["Accept"] == "a/b"
            assert not {"Authorization", "Cookie"} & set(other.seen[0][2])

    play(scene)


def test_each_hop_is_signed_anew() -> None:
    def sign(method: str, url: str, body: bytes) -> Mapping[str, str]:
        return {"Signature": f"{method} {url} {len(body)}"}

    async def scene(server: Server, client: Client) -> None:
        await client.get(f"{server.url}/to?url=/json", sign=sign)
        first, second = (seen[2]["Signature"] for seen in server.seen)
        assert first == f"GET {server.url}/to?url=/json 0"
        assert second == f"GET {server.url}/json 0"

    play(scene)


def test_sizes() -> None:
    async def scene(server: Server, client: Client) -> None:
        assert len((await client.get(f"{server.url}/big", max_bytes=5000)).body) == 5000
        for path in ("big", "endless"):
            with pytest.raises(TooBig):
                await client.get(f"{server.url}/{path}", max_bytes=4999)

    play(scene)


@pytest.mark.parametrize("kind", ["gzip", "two", "deflate", "bare"])
def test_packed_bodies(kind: str) -> None:
    async def scene(server: Server, client: Client) -> None:
        response = await client.get(f"{server.url}/packed?kind={kind}")
        assert response.body == b"hello " * 1000

    play(scene)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("bomb", TooBig),
        ("cut", BrokenBody),
        ("noise", BrokenBody),
        ("chain", BrokenBody),
        ("br", BrokenBody),
    ],
)
def test_badly_packed_bodies(kind: str, error: type[FetchFailed]) -> None:
    async def scene(server: Server, client: Client) -> None:
        with pytest.raises(error):
            await client.get(f"{server.url}/packed?kind={kind}", max_bytes=10_000)

    play(scene)


def test_time() -> None:
    async def scene(server: Server, client: Client) -> None:
        began = time.monotonic()
        with pytest.raises(TimedOut):
            await client.get(f"{server.url}/drip", timeout_s=0.3)
        assert time.monotonic() - began < 2

    play(scene)


LOOPBACK_NAMES = [
    *("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "127.1"),
    *("2130706433", "0x7f000001", "127.0.0.1.", "0177.0.0.1"),
]


@pytest.mark.parametrize("name", LOOPBACK_NAMES)
def test_loopback_is_closed_by_whatever_name(name: str) -> None:
    async def scene(server: Server, client: Client) -> None:
        with pytest.raises((AddressRefused, UrlRefused, Unreachable)):
            await client.get(f"http://{name}:{server.port}/")
        assert not server.seen

    play(scene, allow_networks=[])


@pytest.mark.parametrize("name", LOOPBACK_NAMES)
def test_a_redirect_does_not_open_it(name: str) -> None:
    async def run() -> None:
        async with serving() as closed, serving() as trusted:
            async with Client(user_agent="T", allow_hosts=[f"127.0.0.1:{trusted.port}"]) as client:
                with pytest.raises((AddressRefused, UrlRefused, Unreachable)):
                    await client.get(f"{trusted.url}/to?url=http://{name}:{closed.port}/")
            assert trusted.seen
            assert not closed.seen

    asyncio.run(run())


def test_a_name_that_resolves_differently_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver lets everything through, as if the answer had changed after its check."""
    resolve = GuardedResolver.resolve

    async def rebound(self: GuardedResolver, host: str, *args: Any, **options: Any) -> Any:
        return await resolve(GuardedResolver(None, self._threads), "localhost", *args, **options)

    monkeypatch.setattr(GuardedResolver, "resolve", rebound)

    async def scene(server: Server, client: Client) -> None:
        with pytest.raises(AddressRefused):
            await client.get(f"http://rebinding.example:{server.port}/")
        assert not server.seen

    play(scene, allow_networks=[])


def test_an_open_connection_to_a_trusted_name_is_not_borrowed() -> None:
    async def scene(server: Server, client: Client) -> None:
        assert (await client.get(f"http://localhost:{server.port}/")).is_ok
        with pytest.raises(AddressRefused):
            await client.get(f"http://127.0.0.1:{server.port}/")

    play(scene, allow_networks=[], allow_hosts=["localhost"])


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://ex.org/",
            "file:///etc/passwd",
            "gopher://ex.org",
            "data:,x",
            "javascript:alert(1)",
        ),
        *(
            "",
            "ex.org",
            "//ex.org/",
            "http://",
            "http:///x",
            "http://a:b@ex.org/",
            "http://a@ex.org/",
        ),
        *("http://ex.org:22/", "http://ex.org:0/", "http://ex.org:99999/", "http://ex.org:x/"),
        *("http://[::1/", "http://exa mple.org/", "http://\u0000/", "http://ex.org/" + "a" * 5000),
        *("http://ex.org\r\nHost: x/", "http://ex.org\\@localhost/", "http://" + "a." * 200),
    ],
)
def test_urls_that_are_not_fetched(url: str) -> None:
    async def scene(server: Server, client: Client) -> None:
        with pytest.raises(UrlRefused):
            await client.get(url)

    play(scene)


def test_a_redirect_to_another_scheme_is_refused() -> None:
    async def scene(server: Server, client: Client) -> None:
        for target in ("ftp://ex.org/", "file:///etc/passwd", "http://u:p@127.0.0.1/"):
            with pytest.raises(UrlRefused):
                await client.get(f"{server.url}/to?url={target}")

    play(scene)


def test_nobody_there() -> None:
    async def scene(server: Server, client: Client) -> None:
        with pytest.raises(Unreachable):
            await client.get("http://127.0.0.1:9/x".replace(":9/", f":{unused_port()}/"))
        with pytest.raises(Unreachable):
            await client.get("http://nothing.invalid/")

    play(scene)


def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_certificates_are_checked() -> None:
    authority = trustme.CA()
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)

    async def run() -> None:
        async with serving(server_side) as server:
            url = f"https://localhost:{server.port}/"
            async with Client(user_agent="T", allow_networks=LOOPBACK, tls=client_side) as knowing:
                assert (await knowing.get(url)).is_ok
                with pytest.raises(Unreachable):
                    await knowing.get(url.replace("localhost", "127.0.0.1"))
            async with Client(user_agent="T", allow_networks=LOOPBACK) as stranger:
                with pytest.raises(Unreachable):
                    await stranger.get(url)

    asyncio.run(run())


def test_importing_the_client_leaves_aiohttp_for_later() -> None:
    code = "import folkmoot.kit.http, sys; sys.exit('aiohttp' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": "src"}, check=False
    )
    assert result.returncode == 0
