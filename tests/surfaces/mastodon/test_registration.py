import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from conftest import decode
from folkmoot.domain.auth import actions
from folkmoot.domain.auth.model import LinkExpired
from folkmoot.domain.auth.queries import find_user_by_login, list_members
from folkmoot.domain.registration.actions import approve_sign_up, make_invitation, reject_sign_up
from folkmoot.kit.db import Database, Page
from folkmoot.kit.settings import RateLimits, Registration, Settings, Testing
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.application import Token
from folkmoot.surfaces.mastodon.errors import Error

Letters = Callable[[], list[EmailMessage]]
GOOD = {
    "username": "cora",
    "email": "Cora@Example.test",
    "password": "a lantern over wet stones",
    "agreement": True,
    "locale": "en",
    "date_of_birth": "1990-02-28",
}


@pytest.fixture
def registration() -> Registration:
    return Registration(mode="open", blocked_email_domains=("trash.test",))


@pytest.fixture
def settings(settings: Settings, registration: Registration) -> Settings:
    return msgspec.structs.replace(settings, registration=registration)


@pytest.fixture
def kite(visitor: Any) -> Any:
    """An application that speaks for itself."""
    body = {"client_name": "Kite", "redirect_uris": "kite://back", "scopes": "read write"}
    app = visitor.post("/api/v1/apps", **body).json()
    ids = {name: app[name] for name in ("client_id", "client_secret")}
    grant = {"grant_type": "client_credentials", "scope": "read write"}
    visitor.token = visitor.post("/oauth/token", **ids, **grant).json()["access_token"]
    return visitor


def key_in(letter: EmailMessage) -> str:
    found = re.search(r"/auth/(?:confirmation|password-reset)/(\S+)", letter.get_content())
    assert found
    return found[1]


@pytest.mark.parametrize("encoding", ["json", "data", "files"])
def test_a_person_signs_up_and_confirms(
    kite: Any, db: Database, letters: Letters, encoding: str
) -> None:
    body: dict[str, Any] = dict(GOOD)
    if encoding == "files":  # multipart, as masto.js sends it
        body = {name: (None, str(value).lower()) for name, value in GOOD.items()}
        body["password"] = (None, GOOD["password"])
    answer = kite.request("POST", "/api/v1/accounts", **{encoding: body})
    assert answer.status_code == 200, answer.text
    token = decode(answer, Token)
    assert token.scope == "read write"
    app_token, kite.token = kite.token, token.access_token

    waiting = kite.get("/api/v1/accounts/verify_credentials")
    assert waiting.status_code == 403
    assert waiting.json()["error"] == "Your login is missing a confirmed e-mail address"
    kite.token = app_token
    assert kite.get("/api/v1/accounts/lookup", acct="cora").status_code == 404

    (letter,) = letters()
    assert letter["To"].lower() == "cora@example.test"
    db.write_now(actions.confirm_email, key_in(letter))
    kite.token = token.access_token
    assert kite.get("/api/v1/accounts/verify_credentials").json()["username"] == "cora"
    with pytest.raises(LinkExpired):
        db.write_now(actions.confirm_email, key_in(letter))


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"username": ""}, "username", "ERR_BLANK"),
        ({"username": "co ra"}, "username", "ERR_INVALID"),
        ({"username": "c" * 31}, "username", "ERR_TOO_LONG"),
        ({"username": "Admin"}, "username", "ERR_RESERVED"),
        ({"username": "ADA"}, "username", "ERR_TAKEN"),
        ({"email": ""}, "email", "ERR_BLANK"),
        ({"email": "cora"}, "email", "ERR_INVALID"),
        ({"email": "cora@in.trash.test"}, "email", "ERR_BLOCKED"),
        ({"email": "ADA@example.test"}, "email", "ERR_TAKEN"),
        ({"password": ""}, "password", "ERR_BLANK"),
        ({"password": "short"}, "password", "ERR_TOO_SHORT"),
        ({"password": "password123"}, "password", "ERR_INVALID"),
        ({"password": "cora@example.test"}, "password", "ERR_INVALID"),
        ({"password": "x" * 2000}, "password", "ERR_TOO_LONG"),
        ({"agreement": False}, "agreement", "ERR_ACCEPTED"),
        ({"date_of_birth": ""}, "date_of_birth", "ERR_BLANK"),
        ({"date_of_birth": "last year"}, "date_of_birth", "ERR_INVALID"),
        ({"date_of_birth": "2020-01-01"}, "date_of_birth", "ERR_BELOW_LIMIT"),
        ({"reason": "x" * 501}, "reason", "ERR_TOO_LONG"),
    ],
)
def test_what_is_wrong_is_said_for_each_field(
    kite: Any, ada: Any, wrong: Any, field: str, code: str
) -> None:
    answer = kite.post("/api/v1/accounts", **(GOOD | wrong))
    assert answer.status_code == 422
    error = decode(answer, Error)
    assert error.error.startswith("Validation failed: ")
    assert [told["error"] for told in error.details[field]] == [code]
    assert set(error.details) == {field}


def test_everything_wrong_is_said_at_once(kite: Any) -> None:
    error = decode(kite.post("/api/v1/accounts"), Error)
    assert set(error.details) == {"username", "email", "password", "agreement", "date_of_birth"}
    assert "Username can't be blank, E-mail address can't be blank" in error.error


def test_signing_up_needs_an_application_that_may(visitor: Any, join: Any) -> None:
    assert visitor.post("/api/v1/accounts", **GOOD).status_code == 401
    assert join("rea", scopes="read").post("/api/v1/accounts", **GOOD).status_code == 403


def test_the_letter_is_sent_again_also_elsewhere(
    kite: Any, db: Database, letters: Letters, ada: Any
) -> None:
    kite.token = kite.post("/api/v1/accounts", **GOOD).json()["access_token"]
    (first,) = letters()
    assert kite.post("/api/v1/emails/confirmations").status_code == 200
    (second,) = letters()
    assert key_in(first) != key_in(second)
    taken = kite.post("/api/v1/emails/confirmations", email="ada@example.test")
    assert taken.status_code == 422
    kite.post("/api/v1/emails/confirmations", email="cora@elsewhere.test")
    (third,) = letters()
    assert third["To"] == "cora@elsewhere.test"
    with pytest.raises(LinkExpired):
        db.write_now(actions.confirm_email, key_in(second))
    db.write_now(actions.confirm_email, key_in(third))
    assert kite.post("/api/v1/emails/confirmations").status_code == 403


def test_only_the_application_of_the_sign_up_sends_again(kite: Any, ada: Any) -> None:
    refused = ada.post("/api/v1/emails/confirmations")
    assert refused.status_code == 403
    assert "originally signed-up" in refused.json()["error"]


class TestByApproval:
    @pytest.fixture
    def registration(self) -> Registration:
        return Registration(mode="approval", min_age=0)

    def test_a_reason_is_asked(self, kite: Any) -> None:
        error = decode(kite.post("/api/v1/accounts", **GOOD), Error)
        assert error.details["reason"][0]["error"] == "ERR_BLANK"

    def test_the_team_is_told_and_lets_in(
        self, kite: Any, db: Database, letters: Letters, join: Any
    ) -> None:
        rex = join("rex", role="reviewer")
        reason = {"reason": "I knit, and talk about it"}
        kite.token = kite.post("/api/v1/accounts", **GOOD, **reason).json()["access_token"]
        (letter,) = letters()
        user = db.write_now(actions.confirm_email, key_in(letter))
        (told,) = letters()
        assert told["To"] == "rex@example.test"
        assert "I knit" in told.get_content()
        waiting = kite.get("/api/v1/accounts/verify_credentials")
        assert waiting.json()["error"] == "Your login is currently pending approval"

        team = db.read_now(find_user_by_login, "rex")
        assert rex.id
        db.write_now(approve_sign_up, team, user.account_id)
        (welcome,) = letters()
        assert welcome["Subject"].startswith("You are in")
        assert kite.get("/api/v1/accounts/verify_credentials").status_code == 200

    def test_or_turns_away_and_says_why(self, kite: Any, db: Database, letters: Letters) -> None:
        kite.token = kite.post("/api/v1/accounts", **GOOD, reason="?").json()["access_token"]
        letters()
        user = db.read_now(find_user_by_login, "cora")
        assert user
        db.write_now(reject_sign_up, None, user.account_id, "We are a place for knitters.")
        (told,) = letters()
        assert "a place for knitters" in told.get_content()
        assert kite.get("/api/v1/accounts/verify_credentials").status_code == 401
        assert db.read_now(list_members, Page()) == []

    def test_an_invitation_is_an_approval(
        self, kite: Any, db: Database, ada: Any, letters: Letters
    ) -> None:
        by = db.read_now(find_user_by_login, "ada")
        invitation = db.write_now(make_invitation, by)
        answer = kite.post("/api/v1/accounts", **GOOD, invite_code=invitation.code)
        assert answer.status_code == 200, answer.text
        (letter,) = letters()
        db.write_now(actions.confirm_email, key_in(letter))
        other = GOOD | {"username": "dora", "email": "dora@example.test"}
        app_token, kite.token = kite.token, answer.json()["access_token"]
        assert kite.get("/api/v1/accounts/verify_credentials").status_code == 200
        kite.token = app_token
        used_up = kite.post("/api/v1/accounts", **other, invite_code=invitation.code)
        assert used_up.status_code == 422
        assert "invitation" in used_up.json()["error"]


class TestByInvitation:
    @pytest.fixture
    def registration(self) -> Registration:
        return Registration(mode="invitation", confirm_email=False)

    def test_nobody_comes_without(self, kite: Any, db: Database, ada: Any) -> None:
        assert kite.post("/api/v1/accounts", **GOOD).status_code == 403
        invitation = db.write_now(make_invitation, db.read_now(find_user_by_login, "ada"))
        made = kite.post("/api/v1/accounts", **GOOD, invite_code=invitation.code)
        kite.token = made.json()["access_token"]
        assert kite.get("/api/v1/accounts/verify_credentials").status_code == 200


class TestClosed:
    @pytest.fixture
    def registration(self) -> Registration:
        return Registration(mode="closed")

    def test_nobody_comes(self, kite: Any) -> None:
        refused = kite.post("/api/v1/accounts", **GOOD)
        assert refused.status_code == 403
        assert refused.json()["error"] == "Nobody can sign up here at present"


class TestForTests:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(
            settings,
            registration=Registration(mode="approval", min_age=0),
            testing=Testing(enabled=True),
        )

    def test_sign_up_is_complete_at_once_and_a_password_is_a_grant(self, kite: Any) -> None:
        simple = GOOD | {"password": "password"}
        kite.token = kite.post("/api/v1/accounts", **simple).json()["access_token"]
        assert kite.get("/api/v1/accounts/verify_credentials").status_code == 200
        body = {"client_name": "Kite", "redirect_uris": "kite://back", "scopes": "read write"}
        app = kite.post("/api/v1/apps", **body).json()
        grant = {name: app[name] for name in ("client_id", "client_secret")}
        grant |= {"grant_type": "password", "username": "cora@example.test", "scope": "read"}
        right = kite.post("/oauth/token", **grant, password="password")
        assert decode(right, Token).scope == "read"
        wrong = kite.post("/oauth/token", **grant, password="passwort")
        assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


class TestLimited:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, rate_limits=RateLimits())

    def test_sign_ups_from_one_address_are_counted(self, kite: Any, app: App) -> None:
        for _ in range(app.settings.rate_limits.sign_ups.count):
            assert kite.post("/api/v1/accounts").status_code == 422
        refused = kite.post("/api/v1/accounts")
        assert refused.status_code == 429
        assert refused.headers["x-ratelimit-remaining"] == "0"
