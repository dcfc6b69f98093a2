"""Every route × everybody who may come: who gets in, and who reads which post."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from conftest import ALL_SCOPES, Client, Member
from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import Permission, Role, permissions_of
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.actions import act_automatically, decide
from folkmoot.domain.decisions.model import Draft, Step, Subject, SubjectKind
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.domain.sessions.actions import start_session
from folkmoot.domain.sessions.model import Visit as Coming
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon import operations as api
from folkmoot.surfaces.mastodon.operations import NOT_OFFERED, Operation
from folkmoot.surfaces.web import visits as web
from matrix import (
    LEAST,
    OPEN_OPERATIONS,
    OPEN_PAGES,
    Doors,
    Person,
    mismatches,
    name_of,
    undeclared,
)

OPERATIONS = [o for o in wiring.operations() if o.scope != NOT_OFFERED]
PAGES = wiring.pages()
EVERY_SCOPE = f"{ALL_SCOPES} admin:read admin:write"


def restrict(tx: Tx, by: int, account_id: Any, step: Step) -> None:
    subject = Subject(SubjectKind.ACCOUNT, account_id, account_id)
    draft = Draft(step=step, rule_code="spam-1", facts="Forty links.")
    decide(tx, by, subject, draft=draft)  # type: ignore[arg-type]


@pytest.fixture
def people(join: Callable[..., Member], db: Database) -> list[Person]:
    """Everybody who may come."""
    made = {
        name: join(name, role=role, scopes=EVERY_SCOPE)
        for name, role in (
            ("sue", "member"),
            ("ada", "member"),
            ("lim", "member"),
            ("pen", "member"),
            ("boss", "owner"),
        )
    }
    boss = made["boss"].account.id
    db.write_now(restrict, boss, made["sue"].account.id, Step.SUSPEND)
    db.write_now(restrict, boss, made["lim"].account.id, Step.UNLIST)
    db.write_now(restrict, boss, made["lim"].account.id, Step.LIMIT)
    made["half"] = join("half", role="administrator", scopes=EVERY_SCOPE)
    made["rex"] = join("rex", role="reviewer", scopes=EVERY_SCOPE)
    made["root"] = join("root", role="administrator", scopes=EVERY_SCOPE)

    def settle(tx: Tx) -> dict[str, str]:
        save_user(tx, get_user(tx, made["pen"].account.id), approved_at=None)
        save_user(tx, get_user(tx, made["half"].account.id), second_factor_at=None)
        sessions = {
            name: start_session(tx, get_user(tx, one.account.id), visit=Coming()).token
            for name, one in made.items()
            if name not in ("sue", "pen")
        }
        application = issue_token(tx, 1, account_id=None, scopes=EVERY_SCOPE)
        return {**sessions, "": application}

    sessions = db.write_now(settle)

    def person(name: str, standing: str = "member", role: str = "member") -> Person:
        return Person(name, standing, role, made[name].token, sessions.get(name, ""))

    return [
        Person("a visitor", "visitor"),
        Person("an application", "application", token=sessions[""]),
        person("ada"),
        person("lim"),
        person("half"),  # whose role rests
        person("sue", "suspended"),
        person("pen", "pending"),
        person("rex", role="reviewer"),
        person("root", role="administrator"),
        person("boss", role="owner"),
    ]


@pytest.fixture
def doors(app: App, loop: asyncio.AbstractEventLoop) -> Doors:
    return Doors(app, loop)


def test_every_route_says_who_may() -> None:
    assert undeclared(OPERATIONS, PAGES) == []


def test_nothing_is_called_open_that_is_not_there() -> None:
    assert OPEN_OPERATIONS - {name_of(one) for one in OPERATIONS} == set()
    assert OPEN_PAGES - {name_of(one) for one in PAGES} == set()


def test_every_permission_has_its_least_role() -> None:
    assert set(LEAST) == set(Permission)
    order = [Role.MEMBER, Role.REVIEWER, Role.ADMINISTRATOR, Role.OWNER]
    for permission, least in LEAST.items():
        holding = [role for role in order if permission in permissions_of(role)]
        assert holding == order[order.index(Role(least)) :], permission


def test_every_door_does_what_is_declared(people: list[Person], doors: Doors) -> None:
    operations = [(one, one) for one in OPERATIONS]
    pages = [(one, one) for one in PAGES]
    assert mismatches(doors, people, operations, pages) == []


def nothing(*given: Any) -> Any:
    return {}


def test_a_route_that_says_nothing_fails() -> None:
    router, pages = api.Router("new"), web.Router()
    router.get("/api/v1/secrets")(nothing)
    router.post("/api/v1/admin/secrets", scope="admin:write")(nothing)
    router.get("/api/v1/bookkeeping", scope="read", permission=Permission.REVIEW_REPORTS)(nothing)
    router.get("/api/v1/fine", scope="read:statuses")(nothing)
    router.post("/api/v1/admin/fine", scope="admin:write", permission=Permission.MANAGE_BLOCKS)(
        nothing
    )
    pages.get("/desk/secrets", members=True)(nothing)
    pages.get("/secrets")(nothing)
    pages.post("/fine")(nothing)
    pages.post("/settings/loose", checked=False)(nothing)
    found = undeclared(router.operations, pages.routes)
    assert [one.partition(":")[0] for one in found] == [
        "GET /api/v1/secrets",
        "POST /api/v1/admin/secrets",
        "GET /api/v1/bookkeeping",
        "GET /desk/secrets",
        "GET /secrets",
        "POST /settings/loose",
    ]


def test_a_door_that_does_not_do_what_is_declared_fails(people: list[Person], doors: Doors) -> None:
    """The same routes once as they should be and once as a slip would leave them."""
    router, pages = api.Router("new"), web.Router()
    held = {"scope": "admin:read", "permission": Permission.MANAGE_ACCOUNTS}
    router.get("/api/v1/admin/secrets", **held)(nothing)
    pages.get("/desk/secrets", permission=Permission.REVIEW_REPORTS)(nothing)
    (operation,), (route,) = router.operations, pages.routes
    assert mismatches(doors, people, [(operation, operation)], [(route, route)]) == []

    slipped = msgspec.structs.replace(operation, permission=None)
    loose = msgspec.structs.replace(route, permission=None)
    found = mismatches(doors, people, [(operation, slipped)], [(route, loose)])
    assert sorted(found) == [
        "GET /api/v1/admin/secrets as ada: 200, not 403",
        "GET /api/v1/admin/secrets as half: 200, not 403",
        "GET /api/v1/admin/secrets as lim: 200, not 403",
        "GET /api/v1/admin/secrets as rex: 200, not 403",
        "GET /desk/secrets as ada: 200, not 403",
        "GET /desk/secrets as half: 200, not 403",
        "GET /desk/secrets as lim: 200, not 403",
    ]


# What is read: each of a member's posts, by everybody, on every route that leads to posts.

VISIBILITIES = ("public", "unlisted", "private", "direct", "held", "quarantined")


def mark(visibility: str) -> str:
    """A word that stands in one post alone."""
    return f"zebra{visibility}zebra"


@pytest.fixture
def readers(app: App, loop: asyncio.AbstractEventLoop, join: Any) -> dict[str, Client]:
    """Who reads, by name; ada writes, bo follows, cy is mentioned, dee is a stranger."""
    roles = {"rex": "reviewer", "root": "administrator", "boss": "owner"}
    names = ("ada", "bo", "cy", "dee", "lim", *roles)
    found: dict[str, Client] = {
        name: join(name, role=roles.get(name, "member"), scopes=EVERY_SCOPE) for name in names
    }
    return {"a visitor": Client(wiring.build_asgi(app), loop), **found}


@pytest.fixture
def written(readers: dict[str, Any], db: Database) -> dict[str, str]:
    """Ada's posts by what became of them."""
    ada, bo, boss = readers["ada"], readers["bo"], readers["boss"]
    bo.post(f"/api/v1/accounts/{ada.id}/follow")
    db.write_now(restrict, boss.account.id, readers["lim"].account.id, Step.UNLIST)
    profile = {"discoverable": True, "indexable": True}
    ada.patch("/api/v1/accounts/update_credentials", **profile)
    made = {}
    for kind in VISIBILITIES:
        seen = kind if kind in ("public", "unlisted", "private", "direct") else "public"
        text = f"{'@cy ' if kind == 'direct' else ''}zebra {mark(kind)} #stripes"
        answered = {"in_reply_to_id": made["public"]} if made else {}
        post = ada.post("/api/v1/statuses", status=text, visibility=seen, **answered).json()
        made[kind] = post["id"]
    bo.post(f"/api/v1/statuses/{made['public']}/favourite")
    bo.post(f"/api/v1/statuses/{made['private']}/bookmark")
    readers["cy"].post(
        "/api/v1/reports", account_id=ada.id, status_ids=[made["direct"]], category="spam"
    )
    quoting = {"status": "Look", "quoted_status_id": made["public"]}
    readers["dee"].post("/api/v1/statuses", **quoting)
    listed = bo.post("/api/v1/lists", title="Stripes").json()["id"]
    bo.post(f"/api/v1/lists/{listed}/accounts", account_ids=[ada.id])

    def withhold(tx: Tx) -> None:
        until = tx.now + clock.HOUR
        of = {k: Subject(SubjectKind.POST, int(made[k]), ada.account.id) for k in made}
        held = Draft(
            step=Step.HOLD, rule_code="spam-1", facts="Looks it", ends_at=until, detector="d"
        )
        act_automatically(tx, of["held"], draft=held)
        taken = Draft(step=Step.QUARANTINE, rule_code="spam-1", facts="Forty links.")
        decide(tx, boss.account.id, of["quarantined"], draft=taken)

    db.write_now(withhold)
    return {**made, "list": listed}


def may_read(name: str, kind: str) -> bool:
    """The rule that all routes are held to."""
    if name == "ada" or kind in ("public", "unlisted"):
        return True
    return (name, kind) in (("bo", "private"), ("cy", "direct"))


# Asked for by other than its author, a post that may be read has no source to be edited.
OF_THE_AUTHOR = {"/api/v1/statuses/{id}/source"}
# Its path names another post as well.
_OTHER = "{quoting_status_id}"


def of_a_post(operation: Operation) -> bool:
    return operation.path.startswith("/api/v1/statuses/{id}") and _OTHER not in operation.path


READING = [o for o in OPERATIONS if o.method == "GET" and of_a_post(o)]
ACTING = [o for o in OPERATIONS if o.method != "GET" and of_a_post(o)]


def test_there_are_routes_to_posts() -> None:
    assert len(READING) >= 7
    assert len(ACTING) >= 12


def test_a_post_is_read_by_who_may_on_every_route_to_it(
    readers: dict[str, Any], written: dict[str, str]
) -> None:
    wrong = []
    for name, reader in readers.items():
        for operation in READING:
            for kind in VISIBILITIES:
                if operation.auth == api.USER and name == "a visitor":
                    continue
                status = reader.get(operation.path.replace("{id}", written[kind])).status_code
                seen = may_read(name, kind)
                fine = status == (200 if seen else 404)
                if seen and operation.path in OF_THE_AUTHOR and name != "ada":
                    fine = status in (200, 403, 404)
                if not fine:
                    wrong.append(f"{operation.path} of {kind} as {name}: {status}")
    assert wrong == []


def test_nobody_acts_on_a_post_that_they_cannot_read(
    readers: dict[str, Any], written: dict[str, str]
) -> None:
    """They are answered as if it were not there."""
    wrong = []
    for name, reader in readers.items():
        for operation in ACTING:
            nowhere = reader.request(operation.method, operation.path.replace("{id}", "1"), json={})
            assert nowhere.status_code in (401, 404, 422)
            for kind in VISIBILITIES:
                if may_read(name, kind):
                    continue
                path = operation.path.replace("{id}", written[kind])
                answer = reader.request(operation.method, path, json={})
                if (answer.status_code, answer.text) != (nowhere.status_code, nowhere.text):
                    wrong.append(f"{name_of(operation)} of {kind} as {name}: {answer.text}")
    assert wrong == []


POST_PAGES = [r for r in PAGES if r.method == "GET" and r.path.startswith("/{handle}/{rest}")]


def test_a_post_s_pages_are_there_for_who_may_read_it(
    readers: dict[str, Any], written: dict[str, str], db: Database
) -> None:
    assert len(POST_PAGES) >= 5
    wrong = []
    for name, reader in readers.items():
        headers = session_of(db, reader)
        for route in POST_PAGES:
            for kind in VISIBILITIES:
                path = route.path.replace("{handle}", "@ada").replace("{rest}", written[kind])
                page = reader.request("GET", path, headers=headers)
                seen = may_read(name, kind)
                if page.status_code != (200 if seen else 404):
                    wrong.append(f"{route.path} of {kind} as {name}: {page.status_code}")
                if not seen and mark(kind) in page.text:
                    wrong.append(f"{route.path} tells {name} of {kind}")
    assert wrong == []


def session_of(db: Database, reader: Any) -> dict[str, str]:
    if not hasattr(reader, "account"):
        return {}

    def start(tx: Tx) -> str:
        return start_session(tx, get_user(tx, reader.account.id), visit=Coming()).token

    return {"Cookie": f"session={db.write_now(start)}"}


# Everything else that is read: no answer holds a word of a post that the reader may not read.
# The desk shows reported posts to who holds the case, on record: its own tests hold that.
STREAMS = {o.path for o in OPERATIONS if "text/event-stream" in o.media}
ASKED = {
    "q": "zebra",
    "limit": "40",
    "acct": "ada",
    "exclude_replies": "false",
    "resolved": "true",
    "unresolved": "true",
    "url": "https://news.example/",
}


def fill_in(path: str, written: dict[str, str], ada: Any) -> list[str]:
    """The addresses of a route about ada, her posts, their tag and bo's list."""
    fixed = {
        "{account_id}": ada.id,
        "{hashtag}": "stripes",
        "{list_id}": written["list"],
        "{handle}": "@ada",
        "{name}": "stripes",
        "{username}": "ada",
    }
    for part, value in fixed.items():
        path = path.replace(part, value)
    if "{id}" in path or "{rest}" in path:
        ids = [ada.id, written["list"], *(written[kind] for kind in VISIBILITIES)]
        path = path.replace("{rest}", "{id}")
        return [path.replace("{id}", one) for one in ids]
    return [path]


def test_no_answer_tells_of_a_post_that_its_reader_may_not_read(
    readers: dict[str, Any], written: dict[str, str]
) -> None:
    leaks, told = [], set()
    reading = [o for o in OPERATIONS if o.method == "GET" and o.path not in STREAMS]
    for name, reader in readers.items():
        for operation in reading:
            for path in fill_in(operation.path, written, readers["ada"]):
                answer = reader.get(path, **ASKED)
                for kind in VISIBILITIES:
                    if mark(kind) not in answer.text:
                        continue
                    told.add(operation.path)
                    if not may_read(name, kind):
                        leaks.append(f"{path} tells {name} of {kind}")
    assert leaks == []
    # It would find them: these tell of the posts that one may read.
    assert told >= {
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/{hashtag}",
        "/api/v1/timelines/list/{list_id}",
        "/api/v1/accounts/{id}/statuses",
        "/api/v1/bookmarks",
        "/api/v1/conversations",
        "/api/v1/favourites",
        "/api/v1/notifications",
        "/api/v2/search",
        "/api/v1/statuses/{id}/context",
    }


def test_no_page_tells_of_a_post_that_its_reader_may_not_read(
    readers: dict[str, Any], written: dict[str, str], db: Database
) -> None:
    leaks, told = [], set()
    reading = [
        r
        for r in PAGES
        if r.method == "GET" and not r.bare and not f"{r.path}/".startswith("/desk/")
    ]
    for name, reader in readers.items():
        headers = session_of(db, reader)
        for route in reading:
            for path in fill_in(route.path, written, readers["ada"]):
                page = reader.request("GET", path, headers=headers, params={"q": "zebra"})
                for kind in VISIBILITIES:
                    if mark(kind) not in page.text:
                        continue
                    told.add(route.path)
                    if not may_read(name, kind):
                        leaks.append(f"{path} tells {name} of {kind}")
    assert leaks == []
    assert told >= {"/", "/home", "/{handle}", "/{handle}/{rest}", "/tags/{name}", "/search"}
