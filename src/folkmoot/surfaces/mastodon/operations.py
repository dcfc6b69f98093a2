"""Turns plain functions into operations of the API.

A function that takes `(call, params)` runs whole, with its token check and its answer's encoding,
in one thread hop: on a reading connection for GET, in a write transaction otherwise. An `async`
function has no transaction and uses `call.app.db` itself.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, get_type_hints

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.oauth.model import Bearer
from folkmoot.kit.db import Page, Tx
from folkmoot.kit.errors import Forbidden, NotFound
from folkmoot.kit.ids import MAX_ID, parse_id
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.errors import Unauthorised

NO_AUTH = "none"
OPTIONAL = "optional"
APP = "app"
USER = "user"
PENDING = "pending"

# In place of a scope: an operation that exists to say, honestly, that it is not offered.
NOT_OFFERED = "not offered"

# masto.js updates by PUT what the documentation updates by PATCH; each answers for the other.
TWINS = {"PUT": "PATCH", "PATCH": "PUT"}

ID_KEY = "x-id"
NEEDED_KEY = "x-needed"
# An id of a parameter, in the document a text: JavaScript cannot hold such numbers.
Id = Annotated[int, msgspec.Meta(extra_json_schema={ID_KEY: True})]
# Marks what must be sent although it has a default here: the domain words the refusal.
NEEDED = msgspec.Meta(extra_json_schema={NEEDED_KEY: True})


def one_of(values: Iterable[str]) -> msgspec.Meta:
    """Marks a text that must be one of these: for the document, the domain words the refusal."""
    return msgspec.Meta(extra_json_schema={"enum": [str(value) for value in values]})


class MissingScope(Forbidden):
    """This action is outside the authorized scopes"""


class NotOffered(NotFound):
    """This server does not offer this"""


class NoParams(msgspec.Struct):
    """An operation without parameters."""


class PageParams(msgspec.Struct):
    """The paging parameters of every list; ids are exclusive bounds."""

    max_id: Id | None = None
    since_id: Id | None = None
    min_id: Id | None = None
    limit: int | None = None

    def page(self, default: int = 20, most: int = 40) -> Page:
        """The stretch asked for, at most `most` long."""
        return Page(
            limit=max(1, min(self.limit or default, most)),
            max_id=min(self.max_id, MAX_ID) if self.max_id is not None else MAX_ID,
            since_id=max(0, min(self.since_id or 0, MAX_ID)),
            min_id=max(0, min(self.min_id, MAX_ID)) if self.min_id is not None else None,
        )


class Upload(msgspec.Struct):
    """A file of a multipart body; `file` is open for reading and closed after the call."""

    name: str
    content_type: str
    size: int
    file: Any


class Incoming(msgspec.Struct):
    """What of the request operations may look at, beside their parameters."""

    method: str
    path: str
    query: str
    headers: dict[bytes, bytes]
    address: str
    path_params: dict[str, str]
    token: str | None = None


class Call:
    """One call of an operation."""

    __slots__ = ("app", "bearer", "incoming", "path", "tx")

    def __init__(self, app: App, incoming: Incoming, bearer: Bearer | None, tx: Tx | None) -> None:
        self.app = app
        self.incoming = incoming
        self.path = incoming.path_params
        self.bearer = bearer
        # None only in async operations, which have no business with it.
        self.tx: Tx = tx  # type: ignore[assignment]

    @property
    def viewer_id(self) -> int:
        """The member who calls, or 0 for a visitor."""
        return self.bearer.account_id if self.bearer else 0

    @property
    def me(self) -> Bearer:
        """Who calls, in operations that need a member."""
        if self.bearer is None:
            raise Unauthorised
        return self.bearer

    def id(self, name: str = "id") -> int:
        """An id from the path; one that is not a number belongs to nothing."""
        return parse_id(self.path[name])


class Answer:
    """What an operation returns: a body to encode (bytes stand as they are), status, headers."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self,
        body: Any = None,
        status: int = 200,
        headers: Sequence[tuple[str, str]] = (),
        content_type: bytes = b"application/json; charset=utf-8",
    ) -> None:
        self.body = body
        self.status = status
        self.headers = headers
        self.content_type = content_type


class Streamed:
    """What an operation returns that answers bit by bit: an ASGI application of its own."""

    __slots__ = ("headers",)

    def __init__(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.headers = list(headers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise NotImplementedError


class Operation(msgspec.Struct, frozen=True):
    """A method on a path, what it needs and what it returns."""

    method: str
    path: str
    function: Callable[..., Any]
    params: type
    returns: Any
    scope: str
    auth: str
    writes: bool
    is_async: bool
    tag: str
    status: int
    rate: str
    also: tuple[int, ...] = ()
    refuses: tuple[int, ...] = ()
    media: tuple[str, ...] = ("application/json",)
    headers: tuple[tuple[str, str], ...] = ()
    permission: Permission | None = None

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.function) or "").splitlines()[0]

    @property
    def details(self) -> str:
        """What the function's docstring says below its first line."""
        return (inspect.getdoc(self.function) or "").partition("\n")[2].strip()


class Router:
    """Collects the operations of one file."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: list[Operation] = []

    def operation(
        self,
        method: str,
        *paths: str,
        scope: str = "",
        auth: str | None = None,
        returns: Any = dict,
        writes: bool | None = None,
        status: int = 200,
        rate: str = "",
        also: tuple[int, ...] = (),
        refuses: tuple[int, ...] = (),
        media: tuple[str, ...] = ("application/json",),
        headers: dict[str, str] | None = None,
        permission: Permission | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Registers a function. `auth` is USER where a scope is given, else NO_AUTH; `rate` names
        a further limit of `settings.rate_limits`; `status` is what success answers, `also` what
        else it may answer, `media` in which formats; `returns` may be a tuple of entities, one of
        which is answered. `refuses` adds to the refusals that `openapi.py` knows by itself,
        `headers` are those of the request it looks at, each with what it is for. `permission` is
        what the member's role must allow, beside the token's scope.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            for path in paths:
                self.operations.append(
                    Operation(
                        method=method,
                        path=path,
                        function=function,
                        params=_params_of(function),
                        returns=returns,
                        scope=scope,
                        auth=auth or (USER if scope else NO_AUTH),
                        writes=method != "GET" if writes is None else writes,
                        is_async=inspect.iscoroutinefunction(function),
                        tag=self.tag,
                        status=status,
                        rate=rate,
                        also=also,
                        refuses=refuses,
                        media=media,
                        headers=tuple((headers or {}).items()),
                        permission=permission,
                    )
                )
            return function

        return register

    def not_offered(self, *operations: str, why: str) -> None:
        """Answers `METHOD /path` operations by NotOffered with a sentence that says why."""

        def refuse(call: Call) -> None:
            raise NotOffered(why)

        refuse.__doc__ = why
        for operation in operations:
            method, _, path = operation.partition(" ")
            register = self.operation(
                method, path, scope=NOT_OFFERED, auth=NO_AUTH, writes=False, returns=dict[str, str]
            )
            register(refuse)

    def get(self, *paths: str, **facts: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("GET", *paths, **facts)

    def post(self, *paths: str, **facts: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("POST", *paths, **facts)

    def put(self, *paths: str, **facts: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("PUT", *paths, **facts)

    def delete(
        self, *paths: str, **facts: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("DELETE", *paths, **facts)


def _params_of(function: Callable[..., Any]) -> type:
    hints = get_type_hints(function)
    hints.pop("return", None)
    names = list(inspect.signature(function).parameters)
    return hints[names[1]] if len(names) > 1 else NoParams


def check_access(operation: Operation, bearer: Bearer | None) -> None:
    """Unauthorised or MissingScope unless the token, if any, opens the operation."""
    if operation.auth == NO_AUTH:
        return
    if bearer is None:
        if operation.auth == OPTIONAL:
            return
        raise Unauthorised
    if operation.auth in (USER, PENDING) and not bearer.account_id:
        raise Unauthorised("This method requires an authenticated user")
    if operation.scope and not any(bearer.allows(scope) for scope in operation.scope.split()):
        raise MissingScope


def link_header(
    call: Call,
    *,
    first: int | str | None,
    last: int | str | None,
    full: bool,
    newer: str = "min_id",
) -> list[tuple[str, str]]:
    """`Link` (RFC 8288): `next` below the last item when the page was full, `prev` above the
    first. Other parameters of the request are kept.
    """
    if first is None or last is None:
        return []
    kept = "&".join(
        pair
        for pair in call.incoming.query.split("&")
        if pair and pair.partition("=")[0] not in {"max_id", "since_id", "min_id", "access_token"}
    )
    base = f"{call.app.base_url}{call.incoming.path}?{kept}{'&' if kept else ''}"
    links = [f'<{base}max_id={last}>; rel="next"'] if full else []
    links.append(f'<{base}{newer}={first}>; rel="prev"')
    return [("link", ", ".join(links))]
