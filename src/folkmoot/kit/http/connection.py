"""aiohttp sessions that connect only where the guard lets them. Imported on first use: aiohttp
costs more to import than the rest of the kit together."""

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from folkmoot.kit.http.guard import Guard, Refused

DNS_THREADS = 16
DNS_CACHE_S = 60
CONNECTIONS = 200
CONNECTIONS_PER_HOST = 16
CONNECT_TIMEOUT_S = 5


class GuardedResolver(AbstractResolver):
    """Resolves names, leaving out addresses that are refused.

    Its threads are its own: a name server that never answers must not starve other work.
    """

    def __init__(self, guard: Guard | None, threads: ThreadPoolExecutor) -> None:
        self._guard = guard
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        allowed = [
            result for result in found if self._guard is None or self._guard.allows(result["host"])
        ]
        if found and not allowed:
            raise Refused(f"{host} has no public address")
        return allowed

    async def close(self) -> None:
        """The threads belong to whoever made them."""


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    infos = socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return [
        ResolveResult(
            hostname=host,
            host=_with_scope(address),
            port=port,
            family=family_found,
            proto=protocol,
            flags=flags,
        )
        for family_found, _, protocol, _, address in infos
    ]


def _with_scope(address: tuple[object, ...]) -> str:
    """Give the host of a socket address; a link-local IPv6 one is nothing without its scope."""
    host = str(address[0])
    if len(address) == 4 and address[3] and "%" not in host:
        return f"{host}%{address[3]}"
    return host


def open_session(
    guard: Guard | None,
    *,
    threads: ThreadPoolExecutor,
    user_agent: str,
    tls: ssl.SSLContext | None,
) -> aiohttp.ClientSession:
    """Open a session; without a guard, for hosts that the operator trusts by name."""
    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(guard, threads),
        socket_factory=guard.open_socket if guard is not None else None,
        ssl=tls if tls is not None else True,
        limit=CONNECTIONS,
        limit_per_host=CONNECTIONS_PER_HOST,
        ttl_dns_cache=DNS_CACHE_S,
    )
    return aiohttp.ClientSession(
        connector=connector,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
        # Decompressed in body.py, where the limit counts what comes out.
        auto_decompress=False,
        trust_env=False,
    )
