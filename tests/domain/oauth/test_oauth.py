from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Role
from folkmoot.domain.oauth import actions, queries
from folkmoot.domain.oauth.model import (
    OUT_OF_BAND,
    Bearer,
    ClientInvalid,
    OAuthRefusal,
    RequestInvalid,
    ResponseUnsupported,
    ScopeInvalid,
    covered,
    is_redirect_uri,
)
from folkmoot.domain.oauth.queries import hash_token
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx


@pytest.fixture
def kite(db: Database) -> actions.Registered:
    return db.write_now(
        lambda tx: actions.register_app(
            tx,
            name="Kite",
            redirect_uris=["https://kite.test/back"],
            scopes="read write:statuses admin:read",
        )
    )


def request(made: actions.Registered, **more: str) -> actions.Request:
    fine = {
        "response_type": "code",
        "client_id": made.app.client_id,
        "redirect_uri": "https://kite.test/back",
        "scope": "read:lists write:statuses",
    }
    return actions.Request(**(fine | more))


@pytest.mark.parametrize(
    ("wrong", "refusal", "told_here"),
    [
        ({"client_id": "x"}, ClientInvalid, True),
        ({"redirect_uri": "https://kite.test/back/"}, RequestInvalid, True),
        ({"redirect_uri": OUT_OF_BAND}, RequestInvalid, True),
        ({"response_type": "token"}, ResponseUnsupported, False),
        ({"scope": "read fly"}, ScopeInvalid, False),
        ({"scope": "write"}, ScopeInvalid, False),
        ({"scope": "admin:read"}, ScopeInvalid, False),
        ({"code_challenge": "x" * 43}, RequestInvalid, False),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, RequestInvalid, False),
        ({"code_challenge": "x" * 42, "code_challenge_method": "S256"}, RequestInvalid, False),
        ({"code_challenge_method": "S256"}, RequestInvalid, False),
    ],
)
def test_a_wrong_request_is_refused(
    db: Database, kite: Any, wrong: Any, refusal: type[OAuthRefusal], told_here: bool
) -> None:
    with pytest.raises(refusal) as refused:
        db.read_now(actions.check_request, request(kite, **wrong))
    assert bool(refused.value.facts.get("told_here")) is told_here


def test_scopes_of_the_team_are_for_the_team(db: Database, kite: Any) -> None:
    both = request(kite, scope="read admin:read:reports")
    assert db.read_now(actions.check_request, both).scopes == ["read"]
    asked = db.read_now(actions.check_request, both, Role.REVIEWER)
    assert asked.scopes == ["read", "admin:read:reports"]


def test_consent_is_remembered_for_the_same_scopes(db: Database, kite: Any, ada: Any) -> None:
    me = AccountId(int(ada.id))

    def has(*scopes: str) -> bool:
        return db.read_now(queries.has_consented, me, kite.app.id, list(scopes))

    assert not has("read")
    for scope in ("read", "write:statuses"):
        db.write_now(lambda tx, s=scope: actions.grant_member_token(tx, kite.app, me, scope=s))
    assert has("read")
    assert not has("read", "write:statuses")


def test_applications_are_listed_once_and_revoked(db: Database, kite: Any, ada: Any) -> None:
    me = AccountId(int(ada.id))
    tokens = [
        db.write_now(lambda tx, s=s: actions.grant_member_token(tx, kite.app, me, scope=s))
        for s in ("read", "write:statuses")
    ]
    first = db.read_now(queries.find_bearer, hash_token(tokens[0].access_token))
    assert first
    used_at = clock.now() + 5
    db.write_now(actions.note_uses, {first.token_id: (me, used_at)})
    (one,) = db.read_now(queries.list_authorisations, me)
    assert (one.name, one.scopes, one.last_used_at) == ("Kite", "write:statuses read", used_at)
    assert one.granted_at == tokens[0].created_at
    db.write_now(actions.revoke_app, me, kite.app.id)
    assert db.read_now(queries.list_authorisations, me) == []
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200


def test_a_code_runs_out(db: Database, kite: Any, ada: Any) -> None:
    asked = db.read_now(actions.check_request, request(kite))
    code = db.write_now(actions.issue_code, AccountId(int(ada.id)), asked)

    def late(tx: Tx) -> None:
        tx.now += 11 * clock.MINUTE
        actions.exchange_code(tx, kite.app, code=code, redirect_uri=asked.redirect_uri)

    with pytest.raises(OAuthRefusal):
        db.write_now(late)
    db.write_now(actions.sweep_codes)
    assert db.read_now(lambda tx: tx.script("SELECT count(*) FROM oauth_codes")) == [(1,)]


def test_a_code_gives_one_token_however_many_ask_at_once(db: Database, kite: Any, ada: Any) -> None:
    asked = db.read_now(actions.check_request, request(kite))
    code = db.write_now(actions.issue_code, AccountId(int(ada.id)), asked)

    def attempt(_: int) -> bool:
        try:
            made = db.write_now(
                lambda tx: actions.exchange_code(
                    tx, kite.app, code=code, redirect_uri=asked.redirect_uri
                )
            )
        except OAuthRefusal:
            return False
        return made is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        (OUT_OF_BAND, True),
        ("https://kite.test/back?x=1", True),
        ("http://localhost:8000/", True),
        ("org.kite.app://back", True),
        ("org.kite.app:/back", True),
        ("https://", False),
        ("https:///path", False),
        ("kite", False),
        ("/back", False),
        ("data:text/html,x", False),
        ("JavaScript:alert(1)", False),
        ("https://kite.test/#here", False),
        ("https://[", False),
    ],
)
def test_where_an_application_may_be_answered(uri: str, fits: bool) -> None:
    assert is_redirect_uri(uri) is fits


def test_what_scopes_cover() -> None:
    bearer = Bearer(1, 1, covered("read write:lists follow admin:read"), AccountId(1))
    for covers in ("read", "read:statuses", "write:lists", "write:blocks", "admin:read:reports"):
        assert bearer.allows(covers)
    for beyond in ("write", "write:statuses", "push", "profile", "admin:write:reports"):
        assert not bearer.allows(beyond)


def test_the_token_check_is_one_query_by_a_key(db: Database) -> None:
    plan = db.read_now(lambda tx: tx.explain(queries._BEARER, hash="x"))
    assert "SCAN" not in plan.upper() or db.dialect == "postgresql"
