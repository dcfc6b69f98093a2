"""Who may open what: made of the declarations on the routes, and tried on the routes as they are.

A row is a route, a column somebody who comes. What is expected is derived from what the route
declares and from the two tables here; what happens is what the dispatch answers, the function
behind the route being replaced by one that says only that somebody got in.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.dispatch import Resource
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NO_AUTH,
    NOT_OFFERED,
    OPTIONAL,
    PENDING,
    USER,
    Call,
    NoParams,
    Operation,
)
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.dispatch import Place
from folkmoot.surfaces.web.visits import Answer, Route, Visit

ROLES = ("reviewer", "administrator", "owner")
# The least role that holds each permission: written down here once more, so that a change of roles
# is looked at. A new permission needs its row.
LEAST: dict[Permission, str] = {
    Permission.INVITE: "member",
    Permission.SEE_DASHBOARD: "reviewer",
    Permission.REVIEW_REPORTS: "reviewer",
    Permission.SEE_AUDIT_LOG: "reviewer",
    Permission.DECIDE_SIGN_UPS: "reviewer",
    Permission.MANAGE_ACCOUNTS: "administrator",
    Permission.MANAGE_INVITATIONS: "administrator",
    Permission.MANAGE_RULES: "administrator",
    Permission.MANAGE_ANNOUNCEMENTS: "administrator",
    Permission.MANAGE_EMOJI: "administrator",
    Permission.MANAGE_TRENDS: "administrator",
    Permission.MANAGE_BLOCKS: "administrator",
    Permission.MANAGE_SETTINGS: "administrator",
    Permission.MANAGE_ROLES: "owner",
}


def _names(lines: str) -> frozenset[str]:
    return frozenset(line.strip() for line in lines.strip().splitlines())


# What is open to everybody without a word on the route, and may be: what a server says of itself,
# the way in, and what has a key of its own. Everything else declares who may.
OPEN_OPERATIONS = _names("""
    GET /.well-known/host-meta
    GET /.well-known/nodeinfo
    GET /.well-known/oauth-authorization-server
    GET /.well-known/service-card
    GET /.well-known/webfinger
    GET /api/folkmoot/v1/reports/{code}
    GET /api/oembed
    GET /api/openapi.json
    GET /api/v1/custom_emojis
    GET /api/v1/instance
    GET /api/v1/instance/activity
    GET /api/v1/instance/domain_blocks
    GET /api/v1/instance/extended_description
    GET /api/v1/instance/languages
    GET /api/v1/instance/peers
    GET /api/v1/instance/privacy_policy
    GET /api/v1/instance/rules
    GET /api/v1/instance/terms_of_service
    GET /api/v1/instance/terms_of_service/{date}
    GET /api/v1/instance/translation_languages
    GET /api/v1/streaming/health
    GET /api/v2/instance
    GET /health
    GET /metrics
    GET /nodeinfo/2.0
    GET /nodeinfo/2.1
    GET /readyz
    POST /api/v1/apps
    POST /oauth/revoke
    POST /oauth/token
""")
OPEN_PAGES = _names("""
    GET /
    GET /about
    GET /auth/confirmation
    GET /auth/confirmation/{key}
    GET /auth/confirmed
    GET /auth/leaving
    GET /auth/password-reset
    GET /auth/password-reset/{key}
    GET /auth/second-factor
    GET /auth/sign-in
    GET /auth/sign-up
    GET /auth/suspended
    GET /contact
    GET /detectors
    GET /disputes/strikes/{id}
    GET /flaggers
    GET /links/warning
    GET /log
    GET /log/figures
    GET /log/{position}
    GET /oauth/authorize
    GET /offline
    GET /privacy
    GET /report
    GET /reports/{code}
    GET /rules
    GET /rules/compare
    GET /rules/versions
    GET /rules/versions/{number}
    GET /search
    GET /statements/{id}
    GET /statements/{id}/proof.json
    GET /tags/{name}
    GET /terms
    GET /transparency
    GET /transparency/{code}
    GET /transparency/{code}/{name}
    GET /{handle}
    GET /{handle}/tagged/{name}
    GET /{handle}/{rest}
    GET /{handle}/{rest}/boosts
    GET /{handle}/{rest}/favourites
    GET /{handle}/{rest}/history
    GET /{handle}/{rest}/quotes
    POST /auth/confirmation/again
    POST /auth/confirmation/{key}
    POST /auth/leaving
    POST /auth/password-reset
    POST /auth/password-reset/{key}
    POST /auth/second-factor
    POST /auth/second-factor/passkey/options
    POST /auth/sign-in
    POST /auth/sign-in/passkey
    POST /auth/sign-in/passkey/options
    POST /auth/sign-out
    POST /auth/sign-up
    POST /report
    POST /reports/{code}/appeal
    POST /statements/{id}/appeal
    POST /theme
""")


class Person(msgspec.Struct, frozen=True):
    """Somebody who comes: with a token or a session, or with neither. `standing` is `visitor`,
    `application`, `pending`, `suspended` or `member`, `role` the role in effect."""

    name: str
    standing: str = "member"
    role: str = "member"
    token: str = ""
    session: str = ""

    def holds(self, permission: Permission) -> bool:
        order = ("member", *ROLES)
        return order.index(self.role) >= order.index(LEAST[permission])


def name_of(route: Operation | Route) -> str:
    return f"{route.method} {route.path}"


def undeclared(operations: Iterable[Operation], routes: Iterable[Route]) -> list[str]:
    """The routes that say nothing of who may, and whose area or nature asks for it."""
    wrong = [(name_of(one), fault) for one in operations for fault in _faults(one)]
    wrong += [(name_of(one), fault) for one in routes for fault in _page_faults(one)]
    return [f"{name}: {fault}" for name, fault in wrong]


def _faults(operation: Operation) -> Iterable[str]:
    team, scope = operation.permission is not None, operation.scope
    if scope == NOT_OFFERED:
        return
    if operation.auth == NO_AUTH and name_of(operation) not in OPEN_OPERATIONS:
        yield "says neither whose token it needs nor that it is open"
    if ("/admin/" in operation.path or scope.startswith("admin:")) and not team:
        yield "no permission"
    if team and not scope.startswith("admin:"):
        yield "a permission without an admin scope"


def _page_faults(route: Route) -> Iterable[str]:
    said = route.members or route.bare or route.permission is not None
    if f"{route.path}/".startswith("/desk/") and route.permission is None:
        yield "no permission"
    if not said and name_of(route) not in OPEN_PAGES:
        yield "says neither who may nor that it is open"
    if route.method == "POST" and not route.checked and route.path != "/theme":
        yield "a form without a token"


def expected_of_operation(operation: Operation, person: Person) -> int:
    """200 for who gets in, else how they are refused."""
    standing = person.standing
    if standing == "suspended":
        return 403  # their tokens open nothing
    if operation.auth == NO_AUTH:
        return 200
    if standing == "visitor":
        return 200 if operation.auth == OPTIONAL else 401
    if standing == "pending" and operation.auth != PENDING:
        return 403
    if standing == "application" and operation.auth in (USER, PENDING):
        return 401
    assert operation.auth in (OPTIONAL, APP, USER, PENDING)
    if operation.permission is not None and not person.holds(operation.permission):
        return 403
    return 200


def expected_of_page(route: Route, person: Person) -> int:
    """200 for who gets in, 303 for who is led to the door, 403 for whose role does not do."""
    inside = person.standing == "member"
    if not inside and (route.members or route.permission is not None):
        return 303
    if route.permission is not None and not person.holds(route.permission):
        return 403
    return 200


class Doors:
    """The doors of an instance, tried without what lies behind them."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop

    def try_operation(self, operation: Operation, person: Person) -> int:
        def inside(call: Call) -> dict[str, Any]:
            return {}

        hollow = msgspec.structs.replace(
            operation, function=inside, params=NoParams, is_async=False, status=200
        )
        token = [(b"authorization", f"Bearer {person.token}".encode())] if person.token else []
        resource: Any = Resource(self._app, [hollow])
        return self._ask(resource, operation, token)

    def try_page(self, route: Route, person: Person) -> int:
        def inside(visit: Visit) -> Answer:
            return Answer(b"inside")

        hollow = msgspec.structs.replace(route, function=inside, is_async=False, again=None)
        seed = person.session or "nobody in particular"
        cookie = f"{cookies.SESSION if person.session else cookies.VISITOR}={seed}"
        place: Any = Place(self._app, [hollow])
        body = f"csrf={cookies.form_token(seed)}".encode()
        return self._ask(place, route, [(b"cookie", cookie.encode())], body)

    def _ask(
        self, place: Any, route: Any, headers: list[tuple[bytes, bytes]], body: bytes = b""
    ) -> int:
        kind = (b"content-type", b"application/x-www-form-urlencoded")
        length = (b"content-length", b"%d" % len(body))
        sends = route.method != "GET" and body
        scope = {
            "type": "http",
            "method": route.method,
            "path": route.path,
            "query_string": b"",
            "headers": [*headers, kind, length] if sends else headers,
            "client": ("192.0.2.1", 1),
            "path_params": {},
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        reply = self._loop.run_until_complete(place.reply(scope, receive))
        return int(reply.status)


def mismatches(
    doors: Doors,
    people: Sequence[Person],
    operations: Iterable[tuple[Operation, Operation]],
    routes: Iterable[tuple[Route, Route]],
) -> list[str]:
    """Where a door does not do what is declared. Each route comes twice: as it is declared, and as
    it stands."""
    found = []
    for person in people:
        for declared, standing in operations:
            wanted, got = (
                expected_of_operation(declared, person),
                doors.try_operation(standing, person),
            )
            if got != wanted:
                found.append(f"{name_of(declared)} as {person.name}: {got}, not {wanted}")
        for page, served in routes:
            wanted, got = expected_of_page(page, person), doors.try_page(served, person)
            if got != wanted:
                found.append(f"{name_of(page)} as {person.name}: {got}, not {wanted}")
    return found
