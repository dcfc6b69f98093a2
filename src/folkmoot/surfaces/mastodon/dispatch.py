"""Carries a request to its operation and the answer back: the one way through the API.

Raw ASGI on purpose: a page's answer is built as bytes in the thread that read it, and what
remains for the event loop is to send them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from folkmoot.domain.auth.model import require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.oauth.model import Bearer
from folkmoot.domain.oauth.queries import find_bearer, hash_token
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.kit.errors import NotFound, Refusal, TooMany
from folkmoot.kit.ratelimit import Hit
from folkmoot.surfaces.app import App, client_address
from folkmoot.surfaces.mastodon.body import read_body
from folkmoot.surfaces.mastodon.errors import (
    Error,
    MethodNotAllowed,
    Unauthorised,
    present_refusal,
)
from folkmoot.surfaces.mastodon.operations import (
    NO_AUTH,
    PENDING,
    TWINS,
    Answer,
    Call,
    Incoming,
    NoParams,
    Operation,
    Streamed,
    check_access,
)
from folkmoot.surfaces.mastodon.params import convert, nest, parse_pairs

log = structlog.get_logger("api")

_encode = msgspec.json.Encoder().encode
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id",
    ),
    (b"vary", b"Authorization, Origin"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT = [
    *_CORS,
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Idempotency-Key"),
    (b"access-control-max-age", b"86400"),
]


class TooManyRequests(TooMany):
    """Too many requests: wait until the time in X-RateLimit-Reset"""


class Reply(Streamed):
    """An answer as it goes out: an ASGI application that sends itself."""

    __slots__ = ("body", "status")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        super().__init__(headers)
        self.status = status
        self.body = body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers.append((b"content-length", b"%d" % len(self.body)))
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": body})


class Resource:
    """All operations on one path."""

    def __init__(self, app: App, operations: Sequence[Operation]) -> None:
        self._app = app
        self._operations = {operation.method: operation for operation in operations}
        for method, twin in TWINS.items():
            if method in self._operations:
                self._operations.setdefault(twin, self._operations[method])

    @property
    def methods(self) -> list[Any]:
        """What the path answers."""
        heads = ["HEAD"] if "GET" in self._operations else []
        return ["OPTIONS", *heads, *self._operations]

    async def reply(self, scope: Any, receive: Any) -> Streamed:
        """Answers a request; a refusal or a defect too is an answer."""
        method = scope["method"]
        if method == "OPTIONS":
            return Reply(204, list(_PREFLIGHT), b"")
        hits: list[Hit] = []
        reply: Streamed
        try:
            operation = self._operations["GET" if method == "HEAD" else method]
            reply = await self._answer(operation, scope, receive, hits)
        except Refusal as refusal:
            reply = _refused(refusal)
        except Exception:
            log.exception("operation failed", path=scope["path"])
            reply = _reply(Answer(Error("Something went wrong on our side"), 500))
        if hits:
            reply.headers += _rate_headers(hits[-1])
        return reply

    async def _answer(
        self, operation: Operation, scope: Any, receive: Any, hits: list[Hit]
    ) -> Streamed:
        if "\0" in scope["path"]:
            raise NotFound
        incoming = _incoming(scope, self._app.settings.server.trusted_proxies)
        if operation.is_async or operation.writes or _has_body(incoming):
            return await self._in_two_steps(operation, scope, receive, incoming, hits)
        return await self._app.db.read(self._read, operation, incoming, hits)

    def _read(self, tx: Tx, operation: Operation, incoming: Incoming, hits: list[Hit]) -> Reply:
        bearer = self._admit(tx, operation, incoming, hits)
        tree = nest(parse_pairs(incoming.query))
        return self._run(tx, operation, incoming, bearer, tree)

    async def _in_two_steps(
        self, operation: Operation, scope: Any, receive: Any, incoming: Incoming, hits: list[Hit]
    ) -> Streamed:
        """Admits on a reading connection, so that nobody without a token costs a write."""
        bearer = await self._app.db.read(self._admit, operation, incoming, hits)
        async with read_body(scope, receive, self._app.settings) as pairs_or_tree:
            tree = nest(parse_pairs(incoming.query)) | pairs_or_tree
            if not operation.is_async:
                unit = self._app.db.write if operation.writes else self._app.db.read
                return await unit(self._run, operation, incoming, bearer, tree)
            call = Call(self._app, incoming, bearer, None)
            answer = await operation.function(*_arguments(operation, call, tree))
            if isinstance(answer, Streamed):
                answer.headers += _CORS
                return answer
            return _reply(answer, operation.status)

    def _run(
        self,
        tx: Tx,
        operation: Operation,
        incoming: Incoming,
        bearer: Bearer | None,
        tree: dict[str, Any],
    ) -> Reply:
        call = Call(self._app, incoming, bearer, tx)
        return _reply(operation.function(*_arguments(operation, call, tree)), operation.status)

    def _admit(
        self, tx: Tx, operation: Operation, incoming: Incoming, hits: list[Hit]
    ) -> Bearer | None:
        bearer = None
        if incoming.token is not None:
            open_door = operation.auth in (NO_AUTH, PENDING)
            bearer = find_bearer(tx, hash_token(incoming.token), pending=open_door)
            if bearer is None and operation.auth != NO_AUTH:
                raise Unauthorised
            if bearer is not None:
                self._app.token_uses.note(bearer.token_id, bearer.account_id, tx.now)
        self._count(operation, incoming, bearer, hits)
        check_access(operation, bearer)
        if operation.permission is not None:
            require(get_user(tx, bearer.account_id if bearer else 0), operation.permission)
        return bearer

    def _count(
        self, operation: Operation, incoming: Incoming, bearer: Bearer | None, hits: list[Hit]
    ) -> None:
        rates = self._app.settings.rate_limits
        if not rates.enabled:
            return
        member = bearer is not None and bearer.account_id != 0
        who = f"a{bearer.account_id}" if bearer and member else f"i{incoming.address}"
        hits.append(self._app.limiter.hit(who, rates.account if member else rates.address))
        if operation.rate:
            rate = getattr(rates, operation.rate)
            hits.append(self._app.limiter.hit(f"{operation.rate}:{who}", rate))
        for hit in hits:
            if hit.exceeded:
                hits.append(hit)
                raise TooManyRequests


def _arguments(operation: Operation, call: Call, tree: dict[str, Any]) -> tuple[Any, ...]:
    if operation.params is NoParams:
        return (call,)
    return (call, convert(tree, operation.params))


def _incoming(scope: Any, trusted: Sequence[str]) -> Incoming:
    headers = dict(scope["headers"])
    authorization = headers.get(b"authorization", b"")
    query = scope["query_string"].decode("latin-1")
    token = None
    if authorization[:7].lower() == b"bearer ":
        token = authorization[7:].strip().decode("latin-1")
    elif "access_token=" in query:
        token = dict(parse_pairs(query)).get("access_token")
    return Incoming(
        method=scope["method"],
        path=scope["path"],
        query=query,
        headers=headers,
        address=client_address(scope, headers, trusted),
        path_params=scope.get("path_params", {}),
        token=token,
    )


def _has_body(incoming: Incoming) -> bool:
    """Whether parameters may come in the body: some clients put those of a GET there."""
    return incoming.headers.get(b"content-length", b"0") != b"0"


def _reply(answer: Any, status: int = 200) -> Reply:
    if not isinstance(answer, Answer):
        answer = Answer(answer, status)
    body = answer.body if isinstance(answer.body, bytes) else _encode(answer.body)
    headers = [(b"content-type", answer.content_type), *_CORS]
    headers += [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
    return Reply(answer.status, headers, body)


def _refused(refusal: Refusal) -> Reply:
    """A refusal as an answer; RFC 9110, 11.6.1 asks for the way to sign in beside a 401."""
    status, error = present_refusal(refusal)
    headers = [("www-authenticate", 'Bearer realm="Folkmoot"')] if status == 401 else []
    return _reply(Answer(error, status, headers))


def _rate_headers(hit: Hit) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-ratelimit-limit", b"%d" % hit.limit),
        (b"x-ratelimit-remaining", b"%d" % hit.remaining),
        (b"x-ratelimit-reset", iso(hit.reset_at).encode()),
    ]


_AREAS = ("/api", "/oauth", "/.well-known", "/nodeinfo")
_MACHINES = frozenset({"/health", "/readyz", "/metrics"})


def answers_for(path: str) -> bool:
    """Whether what is not found at a path is not found in the API."""
    return path in _MACHINES or any(path == a or path.startswith(f"{a}/") for a in _AREAS)


def answer_unknown(status: int, method: str, allow: str = "") -> Reply:
    """What an address of the API says that there is not, or not with this method (405); `allow`
    are the methods that it does answer (RFC 9110, 15.5.6)."""
    if method == "OPTIONS":
        return Reply(204, list(_PREFLIGHT), b"")
    if status != 405:
        return _refused(NotFound())
    reply = _refused(MethodNotAllowed())
    reply.headers.append((b"allow", allow.encode("latin-1")))
    return reply


def route_handlers(app: App, operations: Sequence[Operation]) -> list[Any]:
    """Litestar's handlers for operations, one for each path, with or without a final slash."""
    by_path: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        by_path[operation.path].append(operation)
    mounted = [_mount(path, Resource(app, found)) for path, found in by_path.items()]
    return [*mounted, *(_rest_of(area) for area in _AREAS[1:])]


def _rest_of(area: str) -> HTTPRouteHandler:
    """Keeps pages with variable addresses out of an area of the API."""

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        return answer_unknown(404, request.method)

    methods: list[Any] = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    path = f"{area}/{{rest:path}}"
    return HTTPRouteHandler(path, http_method=methods, include_in_schema=False)(handle)


def _mount(path: str, resource: Resource) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        return await resource.reply(request.scope, request.receive)

    typed = path.replace("}", ":str}")
    # The reply has its own status; Litestar's default for DELETE would forbid it a body.
    return HTTPRouteHandler(
        typed, http_method=resource.methods, status_code=200, include_in_schema=False
    )(handle)
