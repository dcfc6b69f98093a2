import base64
from typing import Any

import pytest

from conftest import decode
from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.oauth.actions import Request, check_request, issue_code
from folkmoot.domain.oauth.model import proves
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.mastodon.entities.application import CredentialApplication, Token
from folkmoot.surfaces.mastodon.entities.credential_account import CredentialAccount

OOB = "urn:ietf:wg:oauth:2.0:oob"
# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def register(client: Any, **more: Any) -> dict[str, Any]:
    body = {"client_name": "Kite", "redirect_uris": OOB, "scopes": "read write follow push"} | more
    answer = client.post("/api/v1/apps", **body)
    assert answer.status_code == 200, answer.text
    return decode_app(answer)


def decode_app(answer: Any) -> dict[str, Any]:
    decode(answer, CredentialApplication)
    shown: dict[str, Any] = answer.json()
    return shown


def code_for(db: Database, account_id: str, app: dict[str, Any], **request: Any) -> str:
    asked = Request(
        response_type="code",
        client_id=app["client_id"],
        redirect_uri=app["redirect_uris"][0],
        **request,
    )

    def consent(tx: Tx) -> str:
        return issue_code(tx, AccountId(int(account_id)), check_request(tx, asked))

    return db.write_now(consent)


def exchange(client: Any, app: dict[str, Any], code: str, **more: Any) -> Any:
    return client.post(
        "/oauth/token",
        grant_type="authorization_code",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        redirect_uri=app["redirect_uris"][0],
        code=code,
        **more,
    )


@pytest.mark.parametrize("encoding", ["json", "data"])
def test_an_application_registers_in_either_encoding(visitor: Any, encoding: str) -> None:
    body = {
        "client_name": "Kite",
        "redirect_uris": f"{OOB}\nhttps://kite.test/back",
        "scopes": "read write:statuses",
        "website": "https://kite.test",
    }
    answer = visitor.request("POST", "/api/v1/apps", **{encoding: body})
    app = decode_app(answer)
    assert app["redirect_uris"] == [OOB, "https://kite.test/back"]
    assert app["redirect_uri"] == f"{OOB}\nhttps://kite.test/back"
    assert app["scopes"] == ["read", "write:statuses"]
    assert app["client_secret_expires_at"] == 0
    assert register(visitor, redirect_uris=[OOB])["redirect_uris"] == [OOB]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"client_name": " "}, "Application name can't be blank"),
        ({"redirect_uris": ""}, "Redirect URI can't be blank"),
        ({"redirect_uris": "kite"}, "Redirect URI must be an absolute URI."),
        ({"redirect_uris": "javascript:alert(1)"}, "Redirect URI must be an absolute URI."),
        ({"redirect_uris": "https://kite.test/#x"}, "Redirect URI must be an absolute URI."),
        ({"scopes": "read fly"}, "Scopes doesn't match configured on the server."),
        ({"website": "ftp://kite.test"}, "Website is invalid"),
    ],
)
def test_a_wrong_registration_is_told_why(visitor: Any, wrong: Any, sentence: str) -> None:
    body = {"client_name": "Kite", "redirect_uris": OOB} | wrong
    answer = visitor.post("/api/v1/apps", **body)
    assert answer.status_code == 422
    assert answer.json()["error"] == f"Validation failed: {sentence}"


def test_a_code_becomes_a_token_once(db: Database, visitor: Any, ada: Any) -> None:
    app = register(visitor)
    code = code_for(db, ada.id, app, scope="read write:statuses")
    answer = exchange(visitor, app, code)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    token = decode(answer, Token)
    assert (token.token_type, token.scope) == ("Bearer", "read write:statuses")

    visitor.token = token.access_token
    me = visitor.get("/api/v1/accounts/verify_credentials")
    assert decode(me, CredentialAccount).acct == "ada"
    assert visitor.get("/api/v1/apps/verify_credentials").json()["name"] == "Kite"
    assert visitor.post("/api/v1/statuses", status="Hello").status_code == 200
    assert visitor.post("/api/v1/statuses/1/favourite").status_code == 403

    again = exchange(visitor, app, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    # RFC 6749, 4.1.2: a code used twice takes back the token it gave.
    assert visitor.get("/api/v1/accounts/verify_credentials").status_code == 401


def test_a_challenge_wants_its_verifier(db: Database, visitor: Any, ada: Any) -> None:
    assert proves(VERIFIER, CHALLENGE)
    app = register(visitor)
    bound = {"scope": "read", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    for wrong in ("", "x" * 43, VERIFIER + "="):
        code = code_for(db, ada.id, app, **bound)
        assert exchange(visitor, app, code, code_verifier=wrong).json()["error"] == "invalid_grant"
    code = code_for(db, ada.id, app, **bound)
    assert exchange(visitor, app, code, code_verifier=VERIFIER).status_code == 200
    # A verifier for a code that had no challenge is a sign of an attack (RFC 9700, 4.8.2).
    plain = code_for(db, ada.id, app, scope="read")
    assert exchange(visitor, app, plain, code_verifier=VERIFIER).status_code == 400


def test_a_code_belongs_to_one_client_and_one_address(db: Database, visitor: Any, ada: Any) -> None:
    app, other = register(visitor), register(visitor, redirect_uris="https://other.test/")
    code = code_for(db, ada.id, app)
    assert exchange(visitor, other, code).json()["error"] == "invalid_grant"
    moved = exchange(visitor, app | {"redirect_uris": ["https://evil.test/"]}, code)
    assert moved.json()["error"] == "invalid_grant"
    wrong = exchange(visitor, app | {"client_secret": "guess"}, code)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert "www-authenticate" in wrong.headers
    assert exchange(visitor, app, code).status_code == 200


def test_an_application_speaks_for_itself(visitor: Any) -> None:
    app = register(visitor)
    secret = f"{app['client_id']}:{app['client_secret']}".encode()
    answer = visitor.request(
        "POST",
        "/oauth/token",
        data={"grant_type": "client_credentials", "scope": "read"},
        headers={"Authorization": f"Basic {base64.b64encode(secret).decode()}"},
    )
    visitor.token = decode(answer, Token).access_token
    assert visitor.get("/api/v1/apps/verify_credentials").json()["name"] == "Kite"
    refused = visitor.get("/api/v1/accounts/verify_credentials")
    assert refused.status_code == 401


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "fly"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "admin:read"}, "invalid_scope"),
    ],
)
def test_refusals_speak_the_words_of_the_standard(visitor: Any, params: Any, error: str) -> None:
    app = register(visitor)
    secrets = {name: app[name] for name in ("client_id", "client_secret")}
    answer = visitor.post("/oauth/token", **(secrets | params))
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]


def test_a_token_is_revoked_by_its_own_client_alone(db: Database, visitor: Any, ada: Any) -> None:
    app, other = register(visitor), register(visitor)
    token = exchange(visitor, app, code_for(db, ada.id, app)).json()["access_token"]
    body = {"token": token, "token_type_hint": "access_token"}

    def revoke(client: dict[str, Any], **more: Any) -> Any:
        ids = {name: client[name] for name in ("client_id", "client_secret")}
        return visitor.post("/oauth/revoke", **(ids | body | more))

    assert revoke(other).status_code == 403
    assert revoke(app, client_secret="guess").status_code == 401
    visitor.token = token
    assert visitor.get("/api/v1/accounts/verify_credentials").status_code == 200
    assert (revoke(app).status_code, revoke(app).json()) == (200, {})
    assert visitor.get("/api/v1/accounts/verify_credentials").status_code == 401


def test_metadata_tells_where_everything_is(visitor: Any) -> None:
    told = visitor.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == "http://127.0.0.1:8080"
    assert told["token_endpoint"] == "http://127.0.0.1:8080/oauth/token"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert {"read", "write", "follow", "push", "profile"} <= set(told["scopes_supported"])


def test_scopes_open_what_they_say(join: Any) -> None:
    profile = join("pia", scopes="profile")
    assert profile.get("/api/v1/accounts/verify_credentials").status_code == 200
    assert profile.get("/oauth/userinfo").json()["preferred_username"] == "pia"
    assert profile.get("/api/v1/preferences").status_code == 403
    reader = join("rea", scopes="read:accounts")
    assert reader.get("/api/v1/preferences").json()["posting:default:visibility"] == "public"
