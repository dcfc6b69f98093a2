"""What a request can reach: made once by wiring.py, handed to every surface."""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from folkmoot.kit import clock
from folkmoot.kit.bus import Bus
from folkmoot.kit.cache import Cache
from folkmoot.kit.context import Context
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.ratelimit import Limiter
from folkmoot.kit.settings import Settings
from folkmoot.kit.uses import LastUses

FilterPosts = Callable[[Tx, int, Callable[[], dict[int, tuple[str, ...]]]], dict[int, list[Any]]]
"""`filter_posts(tx, viewer_id, texts)` gives, for posts that a filter of the viewer's matches, the
encoded results; `texts()` reads what the posts say, and is asked only for who has filters."""


class App:
    """The running instance. `built` keeps presentations by subject and revision."""

    def __init__(self, settings: Settings, db: Database, limiter: Limiter, bus: Bus) -> None:
        self.settings = settings
        self.db = db
        self.bus = bus
        self.context = Context(settings, db)
        self.limiter = limiter
        self.started_at = clock.now()
        self.base_url = settings.server.base_url
        self.operations: Sequence[Any] = ()
        self.emoji: dict[str, Any] = {}
        self.filter_posts: FilterPosts | None = None
        self._media_base = settings.media.public_url or f"{self.base_url}/media"
        self.built: Cache[Any, Any] = Cache(20_000)
        self.token_uses = LastUses()
        self.session_uses = LastUses()
        # Who listens to what happens: streaming's Hub.
        self.hub: Any = None
        self.on_start: list[Callable[[], Any]] = []
        self.on_stop: list[Callable[[], Any]] = []

    @cached_property
    def vapid_key(self) -> str:
        """The key that web push is signed with, as clients need it."""
        from folkmoot.kit.crypto import vapid_public_key

        return vapid_public_key(self.settings.secrets.vapid_private_key)

    def media_url(self, key: str) -> str | None:
        """Where a stored file can be fetched; None for no key."""
        return f"{self._media_base}/{key}" if key else None

    def avatar_url(self, account_id: int, key: str) -> str:
        """An account's avatar; without a key one of the program's own pictures."""
        return self.media_url(key) or f"{self.base_url}/pictures/avatar-{_number(account_id)}.jpg"

    def header_url(self, account_id: int, key: str) -> str:
        """An account's header; without a key one of the program's own pictures."""
        return self.media_url(key) or f"{self.base_url}/pictures/header-{_number(account_id)}.jpg"


def _number(account_id: int) -> int:
    """Which of the program's pictures (`kit.pictures`) stands for an account. Ids of one moment
    differ only in low bits, ids of one process only in high ones; multiplying mixes both."""
    return (account_id * 0x9E3779B97F4A7C15 % 2**64 >> 40) % 144


def client_address(scope: Any, headers: dict[bytes, bytes], trusted: Sequence[str]) -> str:
    """The caller's address: the last one in X-Forwarded-For that no trusted proxy added."""
    peer = str(scope["client"][0]) if scope.get("client") else ""
    forwarded = headers.get(b"x-forwarded-for")
    if not forwarded or not _is_trusted(peer, tuple(trusted)):
        return peer
    for address in reversed(forwarded.decode("latin-1").split(",")):
        if not _is_trusted(address.strip(), tuple(trusted)):
            return address.strip()
    return peer


def matches_etag(condition: bytes, etag: bytes) -> bool:
    """If-None-Match (RFC 9110, section 13.1.2); weak comparison."""
    tags = [tag.strip().removeprefix(b"W/") for tag in condition.split(b",")]
    return etag in tags or b"*" in tags


def range_asked(headers: dict[bytes, bytes], etag: bytes, size: int) -> tuple[int, int] | None:
    """From which byte up to which (exclusive); None when it cannot be satisfied.

    Several ranges, other units and malformed ones are answered whole, as RFC 9110 section 14.2
    allows; so is a range of a file that is not the one the client has (If-Range).
    """
    whole = 0, size
    text = headers.get(b"range", b"").decode("latin-1").strip()
    if not text.startswith("bytes=") or headers.get(b"if-range", etag) != etag:
        return whole
    first, dash, last = text.removeprefix("bytes=").strip().partition("-")
    if not dash or not (first + last).isdecimal() or not (first + last).isascii():
        return whole
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return whole
    return (start, end) if start < end else None


@lru_cache(maxsize=1_000)
def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    """Whether an address is one of, or lies in one of, these addresses and networks."""
    if address in trusted:
        return True
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(each, strict=False) for each in trusted)
