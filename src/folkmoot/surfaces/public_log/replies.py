"""Answers as they go out: open to every origin, with validators, packed where that helps."""

import gzip
from hashlib import blake2b
from typing import Any

from folkmoot.surfaces.app import matches_etag

Headers = list[tuple[bytes, bytes]]

_ALWAYS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
]
FOR_EVER = b"public, max-age=31536000, immutable"
SECONDS = b"public, max-age=5"
NOT = b"no-store"
TEXT = b"text/plain; charset=utf-8"
JSON = b"application/json"
BINARY = b"application/octet-stream"
_GZIP_FROM = 1_000


class Reply:
    """An answer whole."""

    def __init__(self, body: bytes, *, kind: bytes, cache: bytes = NOT, status: int = 200) -> None:
        self.body = body
        self.kind = kind
        self.cache = cache
        self.status = status

    async def send(self, scope: Any, send: Any) -> None:
        """Sends it, or 304 to whoever has it already."""
        given = dict(scope["headers"])
        headers: Headers = [*_ALWAYS, (b"cache-control", self.cache), (b"content-type", self.kind)]
        body, status = self.body, self.status
        if status == 200 and self.cache != NOT:
            etag = b'"%s"' % blake2b(body, digest_size=16).hexdigest().encode()
            headers.append((b"etag", etag))
            if matches_etag(given.get(b"if-none-match", b""), etag):
                body, status = b"", 304
        headers.append((b"vary", b"Accept-Encoding"))
        if len(body) >= _GZIP_FROM and b"gzip" in given.get(b"accept-encoding", b""):
            body = gzip.compress(body, 5, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})


def plain(status: int, sentence: str) -> Reply:
    """A refusal in words."""
    return Reply(f"{sentence}\n".encode(), kind=TEXT, status=status)


def preflight() -> Reply:
    return Reply(b"", kind=TEXT, status=204)
