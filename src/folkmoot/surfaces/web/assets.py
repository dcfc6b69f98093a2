"""The look and the small scripts, read once and served under an address made of their content.

All stylesheets become one; everything shares one hash, so that scripts may import each other
by relative names and a stylesheet never meets a script of another release.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

STATIC = Path(__file__).parent / "static"
STYLESHEET = "folkmoot.css"
# What only some pages load beside it: members need not fetch how the desk looks.
APART = ("desk.css", "quality.css")

# Tokens first, then elements, then components: later files may rely on earlier ones.
STYLE_ORDER = (
    *("tokens", "base", "layout", "controls", "panels"),
    *("posts", "people", "places", "policy", "log"),
)

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
}


class Asset(msgspec.Struct, frozen=True):
    """One file as it goes over the wire; `gzipped` only where that makes it smaller."""

    body: bytes
    content_type: str
    gzipped: bytes | None


class Bundle(msgspec.Struct, frozen=True):
    """All assets by name, and the hash that stands in their addresses."""

    version: str
    files: dict[str, Asset]

    def url(self, name: str) -> str:
        if name not in self.files:
            raise KeyError(f"no such asset: {name}")
        return f"/static/{self.version}/{name}"


@lru_cache(maxsize=1)
def bundle() -> Bundle:
    """Read the assets, once; about a millisecond, paid by the first page."""
    bodies = {STYLESHEET: _stylesheet()}
    bodies |= {name: (STATIC / "css" / name).read_bytes() for name in APART}
    for folder in ("js", "img"):
        for path in sorted((STATIC / folder).iterdir()):
            if path.suffix in CONTENT_TYPES:
                bodies[path.name] = path.read_bytes()
    digest = hashlib.sha256()
    for name, body in sorted(bodies.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return Bundle(
        version=digest.hexdigest()[:12],
        files={name: _asset(name, body) for name, body in bodies.items()},
    )


def _stylesheet() -> bytes:
    sheets = ((STATIC / "css" / f"{name}.css").read_bytes() for name in STYLE_ORDER)
    return b"\n".join(sheets)


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0)
    return Asset(
        body=body,
        content_type=CONTENT_TYPES[Path(name).suffix],
        gzipped=packed if len(packed) < len(body) * 0.9 else None,
    )
