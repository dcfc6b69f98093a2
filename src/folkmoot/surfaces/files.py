"""Files over plain HTTP: stored media at /media/<key>, with ranges and validators (RFC 9110),
and the pictures of those who chose none at /pictures.

A key's content never changes, so answers may be kept for ever; nothing in them may ever run as
a page of ours.
"""

import asyncio
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from litestar import asgi
from litestar.handlers import ASGIRouteHandler

from folkmoot.domain.media.model import UPLOADS
from folkmoot.kit.storage import NoSuchFile, Stored, is_key
from folkmoot.surfaces.app import App, matches_etag, range_asked

_TYPES = {
    "jpg": b"image/jpeg",
    "png": b"image/png",
    "webp": b"image/webp",
    "gif": b"image/gif",
    "mp4": b"video/mp4",
    "mp3": b"audio/mpeg",
    "m4a": b"audio/mp4",
}
_ALWAYS = [
    (b"accept-ranges", b"bytes"),
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
]
_A_MONTH = (b"cache-control", b"public, max-age=2592000")
_GONE = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
    (b"content-length", b"0"),
]
_PICTURE = re.compile(r"(avatar|header)-([0-9]|[1-9][0-9]|1[0-4][0-9])\.jpg")
_START = "http.response.start"
_BODY = "http.response.body"
_PATHSEND = "http.response.pathsend"


def route_handlers(app: App) -> list[ASGIRouteHandler]:
    """The handlers of everything below /media and /pictures."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await _serve(app, scope, send)

    async def draw(scope: Any, receive: Any, send: Any) -> None:
        await _draw(scope, send)

    return [
        asgi("/media", is_mount=True, copy_scope=False)(serve),
        asgi("/pictures", is_mount=True, copy_scope=False)(draw),
    ]


class _Found:
    """A file that may be shown, and the headers it is shown with."""

    __slots__ = ("etag", "headers", "stored")

    def __init__(self, stored: Stored, kind: bytes) -> None:
        self.stored = stored
        self.etag = f'"{stored.key.rpartition("-")[2].partition(".")[0]}"'.encode()
        self.headers = [*_ALWAYS, (b"etag", self.etag), (b"content-type", kind)]


async def _serve(app: App, scope: Any, send: Any) -> None:
    method = scope["method"]
    if method not in ("GET", "HEAD"):
        await _bare(send, 405, [*_GONE, (b"allow", b"GET, HEAD")])
        return
    found = await asyncio.to_thread(_find, app, scope["path"])
    if found is None:
        await _bare(send, 404, _GONE)
        return
    headers, size = dict(scope["headers"]), found.stored.size
    if matches_etag(headers.get(b"if-none-match", b""), found.etag):
        await _bare(send, 304, found.headers[:-1])
        return
    span = range_asked(headers, found.etag, size)
    if span is None:
        beyond = [(b"content-range", b"bytes */%d" % size), (b"content-length", b"0")]
        await _bare(send, 416, [*found.headers, *beyond])
        return
    start, end = span
    about = [(b"content-length", b"%d" % (end - start))]
    if span != (0, size):
        about.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
    status = 200 if span == (0, size) else 206
    if method == "HEAD":
        await _bare(send, status, found.headers + about)
        return
    await send({"type": _START, "status": status, "headers": found.headers + about})
    await _send_content(app, scope, send, found.stored, start, end)


def _find(app: App, path: str) -> _Found | None:
    """The file at an address below the mount; never an upload that was not cleaned yet."""
    key = path.strip("/")
    kind = _TYPES.get(key.rpartition(".")[2])
    if kind is None or not is_key(key) or key.startswith(f"{UPLOADS}/"):
        return None
    stored = app.context.storage.find(key)
    return None if stored is None else _Found(stored, kind)


async def _send_content(
    app: App, scope: Any, send: Any, stored: Stored, start: int, end: int
) -> None:
    """By the server's own means where it is a whole local file, else chunk by chunk."""
    storage = app.context.storage
    whole = (start, end) == (0, stored.size)
    path = storage.local_path(stored.key) if whole else None
    if path is not None and _PATHSEND in (scope.get("extensions") or {}):
        await send({"type": _PATHSEND, "path": str(path)})
        return
    try:
        chunks = await asyncio.to_thread(storage.read, stored.key, start=start, end=end)
    except NoSuchFile:
        chunks = iter(())
    while chunk := await asyncio.to_thread(_next, chunks):
        await send({"type": _BODY, "body": bytes(chunk), "more_body": True})
    await send({"type": _BODY, "body": b""})


async def _draw(scope: Any, send: Any) -> None:
    named = _PICTURE.fullmatch(scope["path"].strip("/"))
    if named is None or scope["method"] not in ("GET", "HEAD"):
        await _bare(send, 404, _GONE)
        return
    headers = [header for header in _ALWAYS[1:] if header[0] != _A_MONTH[0]]
    etag = f'"{named[1]}-{named[2]}-1"'.encode()
    headers += [_A_MONTH, (b"etag", etag), (b"content-type", b"image/jpeg")]
    if matches_etag(dict(scope["headers"]).get(b"if-none-match", b""), etag):
        await _bare(send, 304, headers[:-1])
        return
    picture = await asyncio.to_thread(_picture, named[1], int(named[2]))
    headers.append((b"content-length", b"%d" % len(picture)))
    await send({"type": _START, "status": 200, "headers": headers})
    await send({"type": _BODY, "body": b"" if scope["method"] == "HEAD" else picture})


@lru_cache(maxsize=128)
def _picture(kind: str, number: int) -> bytes:
    from folkmoot.kit import pictures

    return pictures.avatar(number) if kind == "avatar" else pictures.header(number)


def _next(chunks: Iterator[bytes]) -> bytes:
    return next(chunks, b"")


async def _bare(send: Any, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": _START, "status": status, "headers": headers})
    await send({"type": _BODY, "body": b""})
