"""Whatever is sent to the doors, they answer; nothing of it is a defect."""

import base64
import json
from typing import Any

import pytest

NASTY = ["a\0b", "x" * 100_000, {"a": 1}, [["x"]], 5, None, 10**400, "{0}{x}%s", "𝔸" * 40, "\ud800"]
GRANT = {
    "grant_type": "authorization_code",
    "code": "x",
    "redirect_uri": "x",
    "code_verifier": "x",
    "scope": "read",
}
SIGN_UP = {
    "username": "cora",
    "email": "cora@example.test",
    "password": "x",
    "agreement": True,
    "locale": "en",
    "reason": "",
    "date_of_birth": "1990-01-01",
    "invite_code": "",
}
APP = {"client_name": "Kite", "redirect_uris": "kite://back", "scopes": "read write"}


@pytest.fixture
def ids(visitor: Any) -> dict[str, str]:
    app = visitor.post("/api/v1/apps", **APP).json()
    return {name: app[name] for name in ("client_id", "client_secret")}


def mangled(body: dict[str, Any]) -> list[bytes]:
    made = [json.dumps(body | {f: v}).encode() for f in body for v in NASTY[:-1]]
    made += [json.dumps(body | {f: NASTY[-1]}).encode() for f in body]
    return [*made, b"", b"[]", b"{", b"\xff", b"null", b'{"client_id":"\xed\xa0\x80"}']


def send(client: Any, path: str, body: dict[str, Any]) -> set[int]:
    kind = {"content-type": "application/json"}
    sent = [client.request("POST", path, content=c, headers=kind) for c in mangled(body)]
    return {answer.status_code for answer in sent}


def test_registering(visitor: Any) -> None:
    assert send(visitor, "/api/v1/apps", APP | {"website": ""}) <= {200, 400, 422}


def test_tokens(visitor: Any, ids: Any) -> None:
    assert send(visitor, "/oauth/token", ids | GRANT) <= {400, 401, 422}
    assert send(visitor, "/oauth/revoke", ids | {"token": "x"}) <= {200, 400, 401, 422}
    for header in ("Basic ****", "Basic", "Basic 4oK", "Basic /w==", "Bearer ", "Bearer \xff"):
        answer = visitor.request(
            "POST",
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": header.encode("latin-1")},
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_signing_up(visitor: Any, ids: Any, ada: Any) -> None:
    grant = {"grant_type": "client_credentials", "scope": "read write"}
    visitor.token = visitor.post("/oauth/token", **ids, **grant).json()["access_token"]
    assert send(visitor, "/api/v1/accounts", SIGN_UP) <= {400, 403, 422}
    assert send(ada, "/api/v1/emails/confirmations", {"email": ""}) <= {400, 403, 422}


def test_consent_and_sign_in_pages(visitor: Any, ids: Any) -> None:
    fine = {"client_id": ids["client_id"], "redirect_uri": "kite://back", "response_type": "code"}
    for field in (*fine, "scope", "state", "code_challenge", "code_challenge_method"):
        for value in ("\0", "\xff", "{x}", "x" * 9_000):
            page = visitor.get("/oauth/authorize/", **(fine | {field: value}))
            assert page.status_code in {200, 303, 400}, (field, value)
    for path in ("/auth/confirmation/%00", "/auth/password-reset/%00", "/auth/password-reset/x"):
        assert visitor.get(path).status_code in {200, 404}


def test_credentials_in_the_header_are_those_of_the_client(visitor: Any, ids: Any) -> None:
    pair = base64.b64encode(f"{ids['client_id']}:wrong".encode()).decode()
    answer = visitor.request(
        "POST",
        "/oauth/token",
        data=ids | {"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 401
