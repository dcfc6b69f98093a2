"""Carries a visit to its route and the page back, with the headers every page has.

A refusal becomes the form once more, the door, or a page that says what is wrong; a defect
becomes an apology and a line in the log.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import msgspec
import structlog
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from folkmoot.domain.auth.model import PermissionMissing, SecondFactorMissing, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.leaving.queries import find_leaver
from folkmoot.kit import clock
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from folkmoot.surfaces.app import client_address
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.forms import MAX_TEXT, Sent, TooLarge, Unreadable, parse_pairs, read_form
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.errors import error_page
from folkmoot.surfaces.web.readers import find_reader, find_suspended_reader, session_token
from folkmoot.surfaces.web.rendering import render
from folkmoot.surfaces.web.visits import (
    Answer,
    Incoming,
    NotFromHere,
    Route,
    SignInNeeded,
    Visit,
    redirect,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from litestar.types import ASGIApp

    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.app import App

log = structlog.get_logger("web")

_GZIP_FROM = 1_000

_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (SignInNeeded, 401),
    (TooLarge, 413),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
    (TooMany, 429),
)

# Whom a route turns away is shown no form of it either.
_AT_THE_DOOR = (NotFromHere, SignInNeeded, PermissionMissing, SecondFactorMissing)


class TooManyVisits(TooMany):
    """There were too many requests from you in a short time."""


class Reply:
    """An answer as it goes out: an ASGI application that sends itself."""

    __slots__ = ("body", "headers", "status", "stream")

    def __init__(
        self,
        status: int,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        stream: AsyncIterator[bytes] | None = None,
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.stream is not None:
            await self._send_stream(self.stream, scope, send)
            return
        headers = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})

    async def _send_stream(self, stream: AsyncIterator[bytes], scope: Any, send: Any) -> None:
        """Who goes away meanwhile makes `send` fail, which ends it."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        if scope["method"] != "HEAD":
            async for chunk in stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class Place:
    """All routes on one address."""

    def __init__(self, app: App, routes: Iterable[Route]) -> None:
        self._app = app
        self._routes = {route.method: route for route in routes}

    @property
    def methods(self) -> list[Any]:
        return ["HEAD", *self._routes] if "GET" in self._routes else [*self._routes]

    async def reply(self, scope: Any, receive: Any) -> Reply:
        """Answers a request, whatever happens on the way."""
        incoming = incoming_of(self._app, scope)
        route = self._routes["GET" if incoming.method == "HEAD" else incoming.method]  # type: ignore[index]
        try:
            if "\0" in incoming.path:
                raise NotFound
            if route.method == "GET":
                return await self._run(route, incoming)
            check_origin(self._app, incoming)
            if route.large:
                await self._app.db.read(self._check_member, incoming)
            most = self._largest(route)
            async with read_form(scope, receive, largest=most) as sent:
                return await self._take(route, incoming, sent)
        except Refusal as refusal:
            return await refused(self._app, incoming, refusal)
        except Exception:
            log.exception("page failed", path=incoming.path)
            return await failed(self._app, incoming)

    def _check_member(self, tx: Tx, incoming: Incoming) -> None:
        """Nobody else sends so much."""
        if find_reader(self._app, tx, incoming) is None:
            raise SignInNeeded

    def _largest(self, route: Route) -> int:
        settings = self._app.settings
        if route.large:
            return settings.portability.import_bytes + MAX_TEXT
        return settings.media.image_bytes * route.pictures

    @property
    def largest(self) -> int | None:
        """Bytes of the longest request, where it is longer than others may be."""
        large = [self._largest(route) for route in self._routes.values() if route.large]
        return max(large, default=None)

    async def _take(self, route: Route, incoming: Incoming, sent: Sent) -> Reply:
        """Does what a form asks for; a refused form is shown again where the route can."""
        arrived = _with_form(incoming, sent)
        try:
            return await self._run(route, arrived)
        except _AT_THE_DOOR:
            raise
        except Refusal as refusal:
            if route.again is None:
                raise
            return await self._app.db.read(self._again, route, arrived, refusal)

    async def _run(self, route: Route, incoming: Incoming) -> Reply:
        if route.bare:
            visit = Visit(self._app, incoming, None, None)
            return finish(visit, route.function(visit))
        if route.is_async:
            visit = await self._app.db.read(self._admit, route, incoming)
            visit.end_transaction()
            return finish(visit, await route.function(visit))
        unit = self._app.db.write if route.method == "POST" else self._app.db.read
        return await unit(self._in_one, route, incoming)

    def _in_one(self, tx: Tx, route: Route, incoming: Incoming) -> Reply:
        visit = self._admit(tx, route, incoming)
        return finish(visit, route.function(visit))

    def _visit(self, tx: Tx, route: Route, incoming: Incoming) -> Visit:
        reader = find_reader(self._app, tx, incoming)
        if reader is None and route.suspended:
            reader = find_suspended_reader(self._app, tx, incoming)
        return Visit(self._app, incoming, reader, tx)

    def _admit(self, tx: Tx, route: Route, incoming: Incoming) -> Visit:
        visit = self._visit(tx, route, incoming)
        count(visit, route.rate)
        if route.members and visit.reader is None:
            raise SignInNeeded
        if route.checked and not cookies.is_form_token(visit.field("csrf"), visit.seed):
            raise NotFromHere
        if route.permission is not None:
            require(get_user(tx, visit.me.account.id), route.permission)
        return visit

    def _again(self, tx: Tx, route: Route, incoming: Incoming, refusal: Refusal) -> Reply:
        visit = self._visit(tx, route, incoming)
        assert route.again is not None
        answer = route.again(visit, refusal)
        answer.status = _status_of(refusal)
        return finish(visit, answer)


def _with_form(incoming: Incoming, sent: Sent) -> Incoming:
    return msgspec.structs.replace(incoming, sent=sent)


def incoming_of(app: App, scope: Any) -> Incoming:
    """What of a request pages look at."""
    headers = dict(scope["headers"])
    raw = scope["query_string"].decode("latin-1")
    return Incoming(
        method=scope["method"],
        path=scope["path"],
        query=_query(raw),
        raw_query=raw,
        headers=headers,
        cookies=cookies.parse_cookies(headers.get(b"cookie", b"")),
        address=client_address(scope, headers, app.settings.server.trusted_proxies),
        params=scope.get("path_params", {}),
    )


def _query(raw: str) -> dict[str, list[str]]:
    """The names in an address; one that makes no sense asks for nothing."""
    try:
        return parse_pairs(raw) if raw else {}
    except Unreadable:
        return {}


def check_origin(app: App, incoming: Incoming) -> None:
    """Refuses a form that the browser says another site sent."""
    origin = incoming.headers.get(b"origin")
    if origin is not None:
        host = urlsplit(origin.decode("latin-1")).netloc
        own = incoming.headers.get(b"host", b"").decode("latin-1")
        if host not in (own, app.settings.server.domain):
            raise NotFromHere
    elif incoming.headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        raise NotFromHere


def count(visit: Visit, rate: str) -> None:
    """Counts a visit against the limits."""
    rates = visit.app.settings.rate_limits
    if not rates.enabled:
        return
    who = f"a{visit.viewer_id}" if visit.viewer_id else f"i{visit.incoming.address}"
    hits = [visit.app.limiter.hit(who, rates.account if visit.viewer_id else rates.address)]
    if rate:
        hits.append(visit.app.limiter.hit(f"{rate}:{who}", getattr(rates, rate)))
    for hit in hits:
        if hit.exceeded:
            raise TooManyVisits(retry_after_s=max(1, (hit.reset_at - clock.now()) // 1_000))


def _status_of(refusal: Refusal) -> int:
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 400)


async def refused(app: App, incoming: Incoming, refusal: Refusal) -> Reply:
    """The page that says what is wrong; a visitor who has to sign in is led to the door."""

    def work(tx: Tx) -> Reply:
        visit = Visit(app, incoming, find_reader(app, tx, incoming), tx)
        if isinstance(refusal, SignInNeeded) and visit.reader is None:
            return finish(visit, _to_the_door(visit))
        status = _status_of(refusal)
        # The sentence of a plain 404 is written for clients; people get a friendlier one.
        sentence = None if status == 404 else refusal.sentence
        wait = refusal.facts.get("retry_after_s")
        page = error_page(frame(visit, forms=False), status, sentence, retry_after_s=wait)
        answer = Answer(render(page).encode(), status)
        if wait:
            answer.headers.append(("retry-after", str(wait)))
        return finish(visit, answer)

    return await app.db.read(work)


def _to_the_door(visit: Visit) -> Answer:
    """Who has signed in to an account on its way out is asked whether to keep it; who is suspended
    is told why."""
    there = visit.incoming.path
    door = "/auth/sign-in"
    if find_leaver(visit.tx, session_token(visit.app, visit.incoming)) is not None:
        door = "/auth/leaving"
    elif find_suspended_reader(visit.app, visit.tx, visit.incoming) is not None:
        return redirect(visit, "/auth/suspended")
    if visit.incoming.method == "POST":
        return redirect(visit, door)
    if visit.incoming.raw_query:
        there += "?" + visit.incoming.raw_query
    return redirect(visit, f"{door}?return_to=" + quote(there, safe=""))


async def failed(app: App, incoming: Incoming) -> Reply:
    """The apology; plain words if even the page cannot be made."""

    def work(tx: Tx) -> Reply:
        visit = Visit(app, incoming, None, tx)
        page = error_page(frame(visit, forms=False), 500)
        return finish(visit, Answer(render(page).encode(), 500))

    try:
        return await app.db.read(work)
    except Exception:
        log.exception("apology failed", path=incoming.path)
        plain = [(b"content-type", b"text/plain; charset=utf-8")]
        return Reply(500, plain, b"Something broke on our side. Please try again shortly.\n")


def finish(visit: Visit, answer: Answer) -> Reply:
    """The answer with the headers of every page, packed where the browser can unpack it."""
    given = {name for name, _ in answer.headers}
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
    headers += _policy(visit.app, given)
    kept = [*visit.keeping, *answer.cookies]
    headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in kept]
    if "content-type" not in given and answer.body:
        headers.append((b"content-type", b"text/html; charset=utf-8"))
    if "cache-control" not in given:
        headers.append((b"cache-control", b"private, no-store"))
    body, status = answer.body, answer.status
    if answer.stream is not None:
        return Reply(status, headers, b"", answer.stream)
    if status == 200 and not kept and "cache-control" in given:
        tag = b'W/"%s"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
        headers.append((b"etag", tag))
        if tag in visit.incoming.headers.get(b"if-none-match", b""):
            return Reply(304, headers, b"")
    if answer.ready:
        headers.append((b"vary", b"Accept-Encoding"))
        return Reply(status, headers, body)
    headers.append((b"vary", b"Cookie, Accept-Encoding"))
    unpacks = b"gzip" in visit.incoming.headers.get(b"accept-encoding", b"")
    if unpacks and len(body) >= _GZIP_FROM:
        body = gzip.compress(body, 5, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    return Reply(status, headers, body)


def _policy(app: App, given: set[str]) -> list[tuple[bytes, bytes]]:
    """What browsers may do with a page: load from here and from where media are kept."""
    found = []
    if "content-security-policy" not in given:
        found.append((b"content-security-policy", content_policy(app).encode("latin-1")))
    found += [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    ]
    if app.settings.server.secure:
        found.append((b"strict-transport-security", b"max-age=31536000"))
    return found


def content_policy(app: App, *, form_action: str = "'self'") -> str:
    """The content security policy. `form_action` is wider on the consent page, because browsers
    hold it against the redirect that follows as well."""
    media = urlsplit(app.media_url("x") or "")
    elsewhere = f" {media.scheme}://{media.netloc}" if media.netloc else ""
    return (
        "default-src 'self'; "
        f"img-src 'self'{elsewhere}; media-src 'self'{elsewhere}; "
        "object-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_action}"
    )


def route_handlers(app: App, routes: Sequence[Route]) -> list[Any]:
    """Litestar's handlers for routes, one for each address."""
    by_path: defaultdict[str, list[Route]] = defaultdict(list)
    for route in routes:
        by_path[route.path].append(route)
    return [_mount(path, Place(app, found)) for path, found in by_path.items()]


def _mount(path: str, place: Place) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        return await place.reply(request.scope, request.receive)

    typed = path.replace("}", ":str}")
    longer: dict[str, Any] = {"request_max_body_size": place.largest} if place.largest else {}
    made = HTTPRouteHandler(typed, http_method=place.methods, include_in_schema=False, **longer)
    return made(handle)
