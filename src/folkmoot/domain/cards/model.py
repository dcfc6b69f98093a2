"""Cards as values, and which links are one link."""

from typing import NewType
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit import clock

CardId = NewType("CardId", int)

FRESH = 14 * clock.DAY
"""How long a card is shown before its page is asked again."""

RETRY = clock.DAY
"""How long a page that gave no card is left alone."""

_PORTS = {"http": 80, "https": 443}
# What campaigns hang on a link to follow it: the page is the same without.
_TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid"})


class Card(msgspec.Struct):
    """A row of cards, in the table's order."""

    id: CardId
    key: str
    url: str
    state: str
    kind: str
    title: str
    description: str
    author_name: str
    author_url: str
    author_account_id: AccountId | None
    provider_name: str
    provider_url: str
    embed_url: str
    width: int
    height: int
    image: str
    image_description: str
    blurhash: str
    language: str
    published_at: int | None
    created_at: int
    fetched_at: int | None
    target: str

    def is_stale(self, now: int) -> bool:
        if self.fetched_at is None:
            return False
        return self.fetched_at + (FRESH if self.state == "ready" else RETRY) <= now


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a page said of itself; `creator` is `user@domain`, as the page claims. `target` is where
    the link led in the end, when that was another domain.
    """

    url: str
    kind: str = "link"
    title: str
    description: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    embed_url: str = ""
    width: int = 0
    height: int = 0
    image: str = ""
    image_description: str = ""
    blurhash: str = ""
    language: str = ""
    published_at: int | None = None
    target: str = ""
    creator: str = ""


def card_key(url: str) -> str:
    """What two links to one page share: no fragment, no default port, no tracking parameters."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.port is not None and parts.port != _PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in _TRACKING and not name.startswith("utm_")
    ]
    return urlunsplit((parts.scheme, host, parts.path or "/", urlencode(query), ""))


def may_sign_for(domains: list[str], url: str) -> bool:
    """Whether pages of a link's host may name an account as their author, who lists `domains`."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return any(host == d or host.endswith(f".{d}") for d in (d.lower() for d in domains) if d)
