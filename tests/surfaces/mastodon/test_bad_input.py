"""Whatever is sent to any operation, it answers with a sentence and never with a defect. The
requests are made from the routes, so that new ones are covered; `answers.check` holds each answer
to the document, which knows no 500.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import answers
from conftest import ALL_SCOPES, Client, Member
from folkmoot import wiring
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.kit.db import Database
from folkmoot.surfaces.mastodon.operations import (
    APP,
    NO_AUTH,
    NOT_OFFERED,
    OPTIONAL,
    PENDING,
    USER,
    Operation,
)
from furnished import fill, furnish, furnish_team

OPERATIONS = [o for o in wiring.operations() if o.scope != NOT_OFFERED]
STREAMS = {o.path for o in OPERATIONS if "text/event-stream" in o.media}
# Ending things comes last, so that everything else has something to work on.
ORDERED = sorted(OPERATIONS, key=lambda o: (o.method == "DELETE" or "clear" in o.path, o.path))
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=x"}

HUGE = 10**400
PATH_VALUES = (
    *("0", "-1", "abc", "1e3", "１", "²", "{0}%s", "9223372036854775807", "9223372036854775808"),
    *(
        "9" * 30,
        "x" * 3_000,
        "%00",
        "%ff",
        "%ed%a0%80",
        "..%2F..",
        "ungrouped-1",
        "ungrouped-",
        "🌳",
    ),
    *("'; DROP TABLE posts; --", "ungrouped-" + "9" * 19, "2026-13-45", "\\", "%"),
)
VALUES: tuple[Any, ...] = (
    *("a\0b", "x" * 70_000, "{0}{x}%s", "𝔸" * 40, "", " ", "١", "²", "-1", "9" * 30, "\ud800"),
    *("1e400", "nan", "NaN,NaN", "inf,-inf", "2036-01-01", "+275760-09-13T00:00:00Z", "\x1b[0m"),
    *("9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+23:59", "data:image/png;base64,AAAA"),
    *(
        "https://[::1",
        "http://\0/",
        "a@b@c",
        "(" * 3_000,
        "\u202e\u0000",
        "#" * 500,
        "http:// " * 99,
    ),
    *(0, -1, 5, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, HUGE, 1.5, 1e308, True, None),
    *([], {}, {"a": 1}, [["x"]], [None], [{}], list(range(5_000)), {"": {"": ""}}),
    *([-1], [2**63], ["x"], ["\0"], {"0": {"a": "b"}}, [HUGE]),
)
BODIES: tuple[tuple[dict[str, str], bytes], ...] = (
    (JSON, b"{"),
    (JSON, b"[]"),
    (JSON, b"null"),
    (JSON, b'"text"'),
    (JSON, b"\xff\xfe"),
    (JSON, b'{"a": "\xed\xa0\x80"}'),
    (JSON, b'{"a":' * 3_000 + b"1" + b"}" * 3_000),
    (JSON, b"[" * 100_000),
    (JSON, b'{"a": NaN}'),
    (JSON, b'{"a": ' + b"9" * 5_000 + b"."),
    (JSON, b"x" * 1_100_000),
    (FORM, b"a=\xff"),
    (FORM, b"a=%ff"),
    (FORM, b"a=%ed%a0%80"),
    (FORM, b"a" + b"[a]" * 50 + b"=1"),
    (FORM, b"&".join(b"a%d=1" % i for i in range(3_000))),
    (FORM, b"x" * 1_100_000),
    ({"content-type": "multipart/form-data"}, b"a"),
    (PARTS, b"a"),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'),
    (
        PARTS,
        b'--x\r\nContent-Disposition: form-data; name="a' + b"[a]" * 50 + b'"\r\n\r\n1\r\n--x--',
    ),
)
QUERIES = (
    *("a=%ff", "a=%ed%a0%80", "a" + "[a]" * 50 + "=1", "&".join(f"a{i}=1" for i in range(2_500))),
    "%ff=1",
)


@pytest.fixture
def ada(join: Callable[..., Member]) -> Member:
    """Somebody who may do everything."""
    return join("ada", role="owner", scopes=f"{ALL_SCOPES} admin:read admin:write")


@pytest.fixture
def things(ada: Member, bo: Member) -> dict[str, str]:
    return furnish(ada, bo) | furnish_team(ada, bo.id)


def call(client: Client, operation: Operation, path: str, **kwargs: Any) -> httpx.Response:
    """Streams are asked by HEAD: what they would say never ends."""
    method = "HEAD" if operation.path in STREAMS else operation.method
    return client.request(method, path, **kwargs)


def refused(response: httpx.Response, status: int | None = None) -> bool:
    """Whether an answer is a refusal with a sentence, with this status or with any of 4xx."""
    fits = response.status_code == status if status else 400 <= response.status_code < 500
    if not fits or response.request.method == "HEAD":
        return fits
    told = response.json()
    return isinstance(told["error"], str) and len(told["error"]) > 3


def needing(*kinds: str) -> list[Operation]:
    return [o for o in ORDERED if o.auth in kinds]


def test_without_a_token(visitor: Client) -> None:
    for operation in needing(USER, APP, PENDING):
        response = call(visitor, operation, fill(operation.path, {}))
        assert refused(response, 401), (operation.path, response.status_code)
        assert response.headers["www-authenticate"].startswith("Bearer ")


def test_with_a_token_that_nobody_gave(visitor: Client) -> None:
    for token in ("unknown", "\xff", "x" * 5_000, ""):
        for operation in needing(USER, APP, PENDING, OPTIONAL):
            headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
            response = call(visitor, operation, fill(operation.path, {}), headers=headers)
            assert refused(response, 401), (operation.path, token, response.status_code)


def test_with_a_scope_for_something_else(
    join: Callable[..., Member], loop: Any, db: Database
) -> None:
    members = {scope: join(f"m{i}", scopes=scope) for i, scope in enumerate(("push", "profile"))}
    for operation in ORDERED:
        if operation.scope and operation.auth != OPTIONAL:
            member = members["profile" if "push" in operation.scope.split() else "push"]
            response = call(member, operation, fill(operation.path, {}))
            assert refused(response, 403), (operation.path, response.status_code)


def test_with_an_application_s_token(visitor: Client, db: Database) -> None:
    visitor.token = db.write_now(issue_token, 1, account_id=None, scopes=ALL_SCOPES)
    for operation in needing(USER, PENDING):
        response = call(visitor, operation, fill(operation.path, {}))
        assert refused(response, 401), (operation.path, response.status_code)


def complaint(client: Client, operation: Operation, path: str, **request: Any) -> str:
    """What is wrong with the answer; empty when it is a success or a documented refusal."""
    try:
        response = call(client, operation, path, **request)
    except AssertionError as error:
        return f"{error} <- {str(request)[:120]}"
    fine = response.status_code < 400 or refused(response)
    return "" if fine else f"{operation.path} {response.status_code} <- {str(request)[:120]}"


def test_bodies_that_cannot_be_read(ada: Member) -> None:
    for operation in ORDERED:
        if operation.method == "GET" or operation.auth == APP:
            continue
        path = fill(operation.path, {})
        for headers, body in BODIES:
            response = ada.request(operation.method, path, content=body, headers=headers)
            assert refused(response), (path, headers, body[:40], response.status_code)


def test_queries_that_cannot_be_read(ada: Member) -> None:
    for operation in ORDERED:
        if operation.auth == APP or operation.path in STREAMS:
            continue
        for query in QUERIES:
            path = f"{fill(operation.path, {})}?{query}"
            assert refused(call(ada, operation, path), 400), path[:80]


def test_paths_that_lead_nowhere(ada: Member, things: dict[str, str]) -> None:
    wrong = [
        complaint(ada, operation, fill(operation.path, things, **{part[1:-1]: value}))
        for operation in ORDERED
        for part in operation.path.split("/")
        if part.startswith("{")
        for value in PATH_VALUES
    ]
    assert [each for each in wrong if each] == []


def requests_to(operation: Operation) -> Iterator[dict[str, Any]]:
    """For each parameter each nasty value, as JSON or in the query, with what else is needed."""
    entry = answers.document()["paths"][operation.path][operation.method.lower()]
    body = entry.get("requestBody", {}).get("content", {}).get("application/json")
    if body is None:
        for parameter in entry["parameters"]:
            if parameter["in"] == "query":
                for value in VALUES:
                    yield {"params": _query(parameter["name"], value)}
        return
    schema = body["schema"]
    needed = dict.fromkeys(schema.get("required", []), "1")
    for name in schema["properties"]:
        for value in VALUES:
            content = json.dumps(needed | {name: value}).encode()
            yield {"content": content, "headers": JSON}


def _query(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {name: value.encode("utf-8", "replace")[:40_000].decode("utf-8", "ignore")}
    if isinstance(value, list):
        return {name: [str(each) for each in value[:1_500]]}
    if isinstance(value, dict):
        return {f"{name}[{key}]": str(inner) for key, inner in value.items()}
    return {name: "" if value is None else str(value)}


@pytest.mark.slow
def test_values_that_do_not_fit(ada: Member, things: dict[str, str], db: Database) -> None:
    token = db.write_now(issue_token, 1, account_id=None, scopes=ALL_SCOPES)
    application = Client(ada._asgi, ada._loop, token)
    wrong = [
        complaint(
            application if operation.auth == APP else ada,
            operation,
            fill(operation.path, things),
            **request,
        )
        for operation in ORDERED
        for request in requests_to(operation)
    ]
    assert [each for each in wrong if each] == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"sensitive": "perhaps"}, "sensitive is not valid: it must be true or false"),
        ({"status": 5}, "status is not valid: it must be a text"),
        ({"media_ids": ["x"]}, "media_ids[0] is not valid: it must be a whole number"),
        ({"poll": "x"}, "poll is not valid: it must be an object with names and values"),
        ({"in_reply_to_id": 2**63}, "in_reply_to_id is not valid: it must be a whole number"),
    ],
)
def test_what_does_not_fit_is_told_in_words(
    ada: Member, body: dict[str, Any], sentence: str
) -> None:
    refusal = ada.post("/api/v1/statuses", **body)
    assert (refusal.status_code, refusal.json()) == (
        422,
        {"error": sentence},
    )


def test_what_is_missing_is_told_in_words(ada: Member) -> None:
    refusal = ada.post("/api/v1/reports")
    assert refusal.json()["error"] == "The request is not valid: account_id is missing"


def test_every_kind_of_access_is_tried() -> None:
    assert {o.auth for o in OPERATIONS} == {USER, APP, PENDING, OPTIONAL, NO_AUTH}
