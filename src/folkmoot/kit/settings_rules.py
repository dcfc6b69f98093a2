"""Which settings contradict each other. Pure: nothing is opened or reached."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from folkmoot.kit.settings import Settings


class Problem(NamedTuple):
    """One thing that is wrong: the key, where it was set, what was found, what is expected."""

    key: str
    source: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.key} ({self.source})" if self.key else self.source
        return f"{where}: found {self.found}; expected {self.expected}"


def contradictions(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What cannot work, whatever the world outside looks like."""
    yield from _server(settings)
    yield from _networks("server.trusted_proxies", settings.server.trusted_proxies)
    yield from _networks("outgoing.allowed_private", settings.outgoing.allowed_private)
    yield from _stores(settings)
    yield from _witnesses(settings)
    yield from _disclosure(settings)
    yield from _testing(settings, environ)


def is_loopback(url: str) -> bool:
    """Whether an address's host is this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _server(settings: Settings) -> Iterator[Problem]:
    server = settings.server
    if not _is_origin(server.base_url):
        yield Problem(
            "server.base_url",
            "",
            repr(server.base_url),
            "http:// or https://, a host and perhaps a port, no path, in lower case",
        )
    if bool(server.tls_cert) != bool(server.tls_key):
        yield Problem("server.tls_key", "", "one of two", "both tls_cert and tls_key, or neither")
    if server.workers > 1 and not (
        settings.redis.url and settings.database.url.startswith("postgresql")
    ):
        yield Problem(
            "server.workers", "", str(server.workers), "1, unless PostgreSQL and Redis are set"
        )
    if not settings.jobs.in_server and not settings.redis.url:
        expected = "true, unless Redis is set: word of jobs goes through it"
        yield Problem("jobs.in_server", "", "false", expected)


def _is_origin(url: str) -> bool:
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return False
    return url == f"{parts.scheme}://{parts.netloc}".lower() and "@" not in parts.netloc


def _networks(key: str, networks: tuple[str, ...]) -> Iterator[Problem]:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            yield Problem(key, "", repr(network), "an address or network such as 10.0.0.0/8")


def _stores(settings: Settings) -> Iterator[Problem]:
    url = settings.database.url
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        yield Problem("database.url", "", "(hidden)", "sqlite:///… or postgresql://…")
    if settings.redis.url and not settings.redis.url.startswith(
        ("redis://", "rediss://", "unix://")
    ):
        yield Problem("redis.url", "", "(hidden)", "redis://…, rediss://… or unix://…")
    media = settings.media
    if media.backend == "s3":
        for name in ("s3_bucket", "s3_access_key", "s3_secret_key"):
            if not getattr(media, name):
                yield Problem(f"media.{name}", "", "nothing", "a value, as media.backend is s3")


def _disclosure(settings: Settings) -> Iterator[Problem]:
    given = settings.disclosure
    if bool(given.eu_url) != bool(given.eu_token):
        expected = "both eu_url and eu_token, or neither"
        yield Problem("disclosure.eu_token", "", "one of two", expected)
    if given.eu_url and not given.eu_url.startswith(("https://", "http://")):
        yield Problem("disclosure.eu_url", "", repr(given.eu_url), "an address on the web")


def _witnesses(settings: Settings) -> Iterator[Problem]:
    """Verifier keys and addresses; what reads keys is loaded only where there are any."""
    given = settings.transparency
    if not given.witnesses and not given.witness_for:
        return
    from folkmoot.kit.tlog.notes import COSIGNATURE, ED25519, KeyBroken, parse_vkey

    asked = [("transparency.witnesses", COSIGNATURE, each) for each in given.witnesses]
    watched = [("transparency.witness_for", ED25519, each) for each in given.witness_for]
    for key, kind, line in asked + watched:
        text, _, url = line.partition(" ")
        try:
            found = parse_vkey(text)
        except KeyBroken as error:
            yield Problem(key, "", repr(text), f"a verifier key: {error}")
            continue
        if found.kind != kind:
            owner = "a witness (its base64 begins with B)" if kind == COSIGNATURE else "a log"
            yield Problem(key, "", repr(text), f"the key of {owner}")
        if (key == "transparency.witnesses") != url.startswith(("https://", "http://")):
            yield Problem(key, "", repr(line), "a key, then for witnesses a space and an address")


def _testing(settings: Settings, environ: Mapping[str, str]) -> Iterator[Problem]:
    """The test mode opens doors, so that two independent signs must agree that it is wanted."""
    if not settings.testing.enabled:
        return
    if not is_loopback(settings.server.base_url):
        yield Problem(
            "testing.enabled", "", "true", "false, unless server.base_url is a loopback address"
        )
    if not is_loopback(f"//{_in_url(settings.server.host)}"):
        yield Problem(
            "testing.enabled", "", "true", "false, unless server.host is a loopback address"
        )
    if environ.get("FOLKMOOT_TESTING") != "1":
        yield Problem(
            "testing.enabled", "", "true", "false, unless FOLKMOOT_TESTING=1 is in the environment"
        )
