"""Asking other servers for things, within limits of time, size and place.

Every hop of a redirect passes the same checks as the first.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec

from folkmoot.kit.http.body import Unreadable, decoder_for
from folkmoot.kit.http.errors import (
    AddressRefused,
    BadStatus,
    BrokenBody,
    TimedOut,
    TooBig,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
    WrongType,
)
from folkmoot.kit.http.guard import Guard, Refused, is_web_port

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

MAX_REDIRECTS = 5
MAX_URL_CHARS = 4096
DEFAULT_TIMEOUT_S = 10.0
DEFAULT_MAX_BYTES = 1_000_000

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PRIVATE_HEADERS = frozenset({"authorization", "cookie", "signature", "signature-input"})
# A name in its ASCII form, or an IPv6 address without its brackets.
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f]*:[0-9a-f:.]*(?:%[a-z0-9]+)?", re.IGNORECASE)
_READ_BYTES = 64 * 1024

Method = Literal["GET", "HEAD", "POST"]

Signer = Callable[[str, str, bytes], Mapping[str, str]]
"""Gives further headers for a method, a URL and a body; asked anew for each hop."""


class Response(msgspec.Struct, frozen=True):
    """An answer, whole. `url` is where it came from after redirects; header names are lowered."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The media type without parameters, lowered; empty when the answer names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower() or None
        return None

    def require_ok(self) -> Self:
        """Give the response itself. Raises BadStatus for anything but success."""
        if not self.is_ok:
            raise BadStatus(self.url, self.status)
        return self

    def text(self) -> str:
        try:
            return self.body.decode(self.charset or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Decode the body as JSON. Raises BrokenBody when it is none."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BrokenBody(self.url, "not JSON") from error


def matches_type(media_type: str, wanted: Collection[str]) -> bool:
    """Tell whether a media type is among `wanted`, whose entries may be families as `image/*`."""
    family = media_type.partition("/")[0] + "/*"
    return media_type in wanted or family in wanted


class Client:
    """Fetches from the public internet, and from hosts and networks the operator allows.

    One for the process; opened on first use, to be closed in the same event loop.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_hosts: Iterable[str] = (),
        allow_networks: Iterable[str] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = Guard(allow_hosts=allow_hosts, allow_networks=allow_networks)
        self._user_agent = user_agent
        self._tls = tls
        self._threads: ThreadPoolExecutor | None = None
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        types: Collection[str] = (),
        max_bytes: int = DEFAULT_MAX_BYTES,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        sign: Signer | None = None,
    ) -> Response:
        """Fetch `url`, following redirects.

        `types` are the media types of a successful answer worth reading; none given, all are. The
        limits hold for the whole exchange and for the body as decompressed. Raises FetchFailed.
        """
        return await self._ask(
            "GET",
            url,
            headers=headers,
            types=types,
            max_bytes=max_bytes,
            timeout_s=timeout_s,
            sign=sign,
        )

    async def head(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Response:
        """Ask what `url` is, following redirects. Raises FetchFailed."""
        return await self._ask("HEAD", url, headers=headers, timeout_s=timeout_s)

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        content_type: str,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        sign: Signer | None = None,
    ) -> Response:
        """Send `body` to `url`. A redirect is given as it is, not followed. Raises FetchFailed."""
        return await self._ask(
            "POST",
            url,
            headers={**(headers or {}), "Content-Type": content_type},
            body=body,
            max_bytes=max_bytes,
            timeout_s=timeout_s,
            sign=sign,
        )

    async def _ask(
        self,
        method: Method,
        url: str,
        *,
        headers: Mapping[str, str] | None,
        timeout_s: float,
        types: Collection[str] = (),
        body: bytes = b"",
        max_bytes: int = DEFAULT_MAX_BYTES,
        sign: Signer | None = None,
    ) -> Response:
        request = _Request(method, dict(headers or {}), body, types, max_bytes, sign)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._follow(request, url)
        except TimeoutError as error:
            raise TimedOut(url) from error

    async def _follow(self, request: "_Request", url: str) -> Response:
        target = self._check(url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._hop(request, target)
            if isinstance(answer, Response):
                return answer
            if answer.origin() != target.origin():
                request = request.without_secrets()
            target = answer
        raise TooManyRedirects(url)

    def _check(self, url: str, base: "URL | None" = None) -> "URL":
        """Read and judge a URL. The very object that was judged is what is connected to."""
        from yarl import URL

        if len(url) > MAX_URL_CHARS:
            raise UrlRefused(url[:100], "too long")
        try:
            target = URL(url) if base is None else base.join(URL(url))
            host, port = target.host, target.port
        except ValueError as error:
            raise UrlRefused(url, "malformed") from error
        if target.scheme not in {"http", "https"} or not host or port is None:
            raise UrlRefused(url, "neither http nor https")
        if not _HOST.fullmatch(target.raw_host or ""):
            raise UrlRefused(url, "malformed")
        if target.user is not None or target.password is not None:
            raise UrlRefused(url, "carries a user name or password")
        if not is_web_port(port) and not self._guard.trusts(host, port):
            raise UrlRefused(url, f"port {port}")
        return target.with_fragment(None)

    async def _hop(self, request: "_Request", target: "URL") -> "Response | URL":
        """Ask once; give the answer, or where it redirects to."""
        import aiohttp

        url = str(target)
        session = self._session(trusted=self._guard.trusts(target.host or "", target.port or 0))
        try:
            async with session.request(
                request.method,
                target,
                headers=request.headers_for(url),
                data=request.body or None,
                allow_redirects=False,
            ) as reply:
                location = reply.headers.get("Location")
                if location and reply.status in _REDIRECTS and request.method != "POST":
                    return self._check(location, target)
                return await self._read(request, reply, url)
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Refused):
                raise AddressRefused(url) from error
            raise Unreachable(url, type(error).__name__) from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise UrlRefused(url, "malformed") from error
        except aiohttp.ClientPayloadError as error:
            raise BrokenBody(url, "cut short") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise TimedOut(url) from error
            raise Unreachable(url, type(error).__name__) from error

    def _session(self, *, trusted: bool) -> "aiohttp.ClientSession":
        session = self._sessions.get(trusted)
        if session is None:
            from folkmoot.kit.http.connection import DNS_THREADS, open_session

            if self._threads is None:
                self._threads = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")
            session = self._sessions[trusted] = open_session(
                None if trusted else self._guard,
                threads=self._threads,
                user_agent=self._user_agent,
                tls=self._tls,
            )
        return session

    async def _read(
        self, request: "_Request", reply: "aiohttp.ClientResponse", url: str
    ) -> Response:
        headers = {name.lower(): value for name, value in reply.headers.items()}
        head = Response(reply.status, url, headers, b"")
        if head.is_ok and request.types and not matches_type(head.media_type, request.types):
            raise WrongType(url, head.media_type)
        if request.method == "HEAD":
            return head
        if (reply.content_length or 0) > request.max_bytes:
            raise TooBig(url)
        try:
            body = await _read_body(reply, headers.get("content-encoding", ""), request.max_bytes)
        except Unreadable as error:
            raise BrokenBody(url, str(error)) from error
        if body is None:
            raise TooBig(url)
        return msgspec.structs.replace(head, body=body)


class _Request(msgspec.Struct, frozen=True):
    """What is asked, apart from where."""

    method: Method
    headers: dict[str, str]
    body: bytes
    types: Collection[str]
    max_bytes: int
    sign: Signer | None

    def headers_for(self, url: str) -> dict[str, str]:
        if self.sign is None:
            return self.headers
        return {**self.headers, **self.sign(self.method, url, self.body)}

    def without_secrets(self) -> Self:
        """Give the request to send to another origin: what proves who asks stays behind."""
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in _PRIVATE_HEADERS
        }
        return msgspec.structs.replace(self, headers=kept)


async def _read_body(
    reply: "aiohttp.ClientResponse", encoding: str, max_bytes: int
) -> bytes | None:
    """Read and decompress; None as soon as more than `max_bytes` came in or came out."""
    decoder = decoder_for(encoding)
    pieces: list[bytes] = []
    came_in = came_out = 0
    async for data in reply.content.iter_chunked(_READ_BYTES):
        came_in += len(data)
        for piece in decoder.feed(data):
            pieces.append(piece)
            came_out += len(piece)
            if came_out > max_bytes:
                return None
        if came_in > max_bytes:
            return None
    decoder.end()
    return b"".join(pieces)
