"""Cookies: reading them, setting them safely, and the tokens that keep forms our own.

A form's token is a hash of a random cookie that scripts cannot read: whoever can state it has
been shown the form by us. Over https the names carry `__Host-`, so that no other host sets them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

SESSION = "session"
STEP = "step"
VISITOR = "visitor"
THEME = "theme"
NOTICE = "notice"
KEYS = "keys"

YEAR_S = 31_536_000
# The longest that browsers keep a cookie; when a session ends is for the server to say.
LONGEST_S = 400 * 86_400

_TOKEN = 24


def parse_cookies(header: bytes) -> dict[str, str]:
    """The cookies of a request; of several with one name, the first."""
    found: dict[str, str] = {}
    for pair in header.decode("latin-1").split(";"):
        name, _, value = pair.strip().partition("=")
        if name:
            found.setdefault(name, value.strip('"'))
    return found


def secret_name(name: str, *, secure: bool) -> str:
    """The name under which a cookie that only the server reads is kept."""
    return f"__Host-{name}" if secure else name


def set_cookie(
    name: str,
    value: str,
    *,
    secure: bool,
    max_age_s: int | None = None,
    readable: bool = False,
) -> str:
    """A Set-Cookie header's value; `readable` lets scripts see it, no age ends with the browser."""
    parts = [f"{name}={value}", "Path=/", "SameSite=Lax"]
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    if not readable:
        parts.append("HttpOnly")
    if secure:
        parts.append("Secure")
    return "; ".join(parts)


def new_seed() -> str:
    """A visitor's random cookie."""
    return secrets.token_urlsafe(24)


def _digest(seed: str) -> bytes:
    return hashlib.sha256(b"folkmoot form\0" + seed.encode()).digest()[:_TOKEN]


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def form_token(seed: str) -> str:
    """What forms shown to the bearer of a cookie carry. It looks different each time, because
    pages are compressed: a constant could be guessed from their lengths (BREACH)."""
    mask = secrets.token_bytes(_TOKEN)
    return urlsafe_b64encode(mask + _mixed(mask, _digest(seed))).decode()


def is_form_token(token: str, seed: str) -> bool:
    """Whether a form carries the token of this cookie."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return False
    if not seed or len(raw) != 2 * _TOKEN:
        return False
    return hmac.compare_digest(_mixed(raw[:_TOKEN], raw[_TOKEN:]), _digest(seed))
