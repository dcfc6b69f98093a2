"""Letting an application in: the page, the code, the refusal, and ending it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
BACK = "https://app.example/back?kept=1"


@pytest.fixture
def registered(visitor: Any) -> Callable[..., dict[str, Any]]:
    def register(**more: str) -> dict[str, Any]:
        body = {
            "client_name": "A <b>Client</b>",
            "redirect_uris": f"{BACK} {OUT_OF_BAND} client://done",
            "scopes": "read write push",
            **more,
        }
        made: dict[str, Any] = visitor.post("/api/v1/apps", **body).json()
        return made

    return register


def ask(app: dict[str, Any], **more: str) -> str:
    return "/oauth/authorize?" + urlencode(
        {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": BACK,
            "scope": "read write:statuses",
            **more,
        }
    )


def exchange(visitor: Any, app: dict[str, Any], code: str, redirect_uri: str) -> Any:
    return visitor.post(
        "/oauth/token",
        grant_type="authorization_code",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        redirect_uri=redirect_uri,
        code=code,
    )


def test_a_member_lets_an_application_in(
    browser: Browser,
    member: Callable[..., Any],
    registered: Callable[..., dict[str, Any]],
    visitor: Any,
) -> None:
    member("ada")
    app = registered()
    browser.open(ask(app, state="s p&ce"))
    assert browser.page.url.path == "/auth/sign-in"
    assert "A &lt;b&gt;Client&lt;/b&gt;" in browser.page.text
    browser.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert browser.page.url.path == "/oauth/authorize"
    assert "Read everything you can read" in browser.page.text
    assert "Post, boost and delete in your name" in browser.page.text
    policy = browser.page.headers["content-security-policy"]
    assert "form-action 'self' https://app.example" in policy
    answer = browser.submit("/oauth/authorize", decision="allow", follow=False)
    there = urlsplit(answer.headers["location"])
    told = parse_qs(there.query)
    assert (there.netloc, told["kept"], told["state"]) == ("app.example", ["1"], ["s p&ce"])
    token = exchange(visitor, app, told["code"][0], BACK).json()
    assert token["scope"] == "read write:statuses"
    browser.open(ask(app))
    assert "let this application in before" in browser.page.text
    browser.open("/settings/applications")
    assert "post, boost and delete in your name" in browser.page.text
    action = f"/settings/applications/{app['id']}/revoke"
    browser.submit(action)
    assert "No applications yet" in browser.page.text
    gone = visitor.request(
        "GET",
        "/api/v1/accounts/verify_credentials",
        headers={"Authorization": f"Bearer {token['access_token']}"},
    )
    assert gone.status_code == 401


def test_a_refusal_is_told_to_the_application(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    ada.open(ask(registered(), state="x"))
    answer = ada.submit("/oauth/authorize", decision="deny", follow=False)
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (told["error"], told["state"]) == (["access_denied"], ["x"])
    assert told["iss"] == ["http://127.0.0.1:8080"]


def test_a_code_can_be_carried_by_hand(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]], visitor: Any
) -> None:
    ada = at_home("ada")
    app = registered()
    ada.open(ask(app, redirect_uri=OUT_OF_BAND))
    ada.submit("/oauth/authorize", decision="allow")
    code = ada.page.text.split('id="code">')[1].split("<")[0]
    assert exchange(visitor, app, code, OUT_OF_BAND).status_code == 200


def test_an_application_on_the_device_is_answered_by_its_scheme(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    ada.open(ask(registered(), redirect_uri="client://done"))
    assert "form-action 'self' client:" in ada.page.headers["content-security-policy"]
    answer = ada.submit("/oauth/authorize", decision="allow", follow=False)
    assert answer.headers["location"].startswith("client://done?code=")


def test_what_is_not_to_be_trusted_is_told_to_the_person(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    app = registered()
    for wrong in (
        ask(app, redirect_uri="https://evil.example/"),
        ask({"client_id": "nobody"}),
        "/oauth/authorize",
    ):
        page = ada.open(wrong)
        assert page.status_code == 400, wrong
        assert "evil" not in page.headers.get("location", "")


def test_other_mistakes_are_told_to_the_application(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    answer = ada.open(ask(registered(), scope="read nonsense"), follow=False)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["invalid_scope"]


def test_a_new_sign_in_can_be_asked_for(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    ada.open(ask(registered(), force_login="true"))
    assert ada.page.url.path == "/auth/sign-in"
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert ada.page.url.path == "/oauth/authorize"


def test_no_other_site_can_press_the_button(
    at_home: Callable[..., Browser], registered: Callable[..., dict[str, Any]]
) -> None:
    ada = at_home("ada")
    ada.open(ask(registered()))
    fields = {**ada.form("/oauth/authorize")["fields"], "decision": "allow"}
    assert "frame-ancestors 'none'" in ada.page.headers["content-security-policy"]
    assert ada.post("/oauth/authorize", **{**fields, "csrf": ""}).status_code == 403
