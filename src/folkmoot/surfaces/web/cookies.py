"""Cookies: reading them, setting them safely, and the tokens that keep forms our own.

A form's token is a hash of a random cookie that scripts cannot read: whoever can state it has
been shown the form by us. Over https the names carry `__Host-`, so that no other host sets them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

SESSION = "session"
STEP = "step"
VISITOR = "visitor"
THEME = "theme"
NOTICE = "notice"

YEAR_S = 31_536_000


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


def form_token(seed: str) -> str:
    """What forms shown to the bearer of a cookie carry."""
    digest = hashlib.sha256(b"folkmoot form\0" + seed.encode()).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def is_form_token(token: str, seed: str) -> bool:
    return bool(seed) and hmac.compare_digest(token.encode(), form_token(seed).encode())
