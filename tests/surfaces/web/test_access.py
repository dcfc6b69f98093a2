"""Signing up, in and out in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyotp
import pytest

from folkmoot import wiring
from folkmoot.kit.settings import Registration, Settings
from folkmoot.surfaces.app import App
from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, registration=Registration(mode="open"))


def deliver(app: App, loop: Any) -> str:
    """Runs the jobs that wait, and returns the newest letter."""

    async def work() -> None:
        worker = wiring.build_worker(app)
        await worker.run_due()

    loop.run_until_complete(work())
    letters = sorted(Path(app.settings.mail.folder).rglob("*.eml"))
    assert letters
    return letters[-1].read_text(encoding="utf-8")


def link_in(letter: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8080(/auth/\S+)", letter.replace("=\n", ""))
    assert found, letter
    return found[1]


def test_signing_in_and_out(browser: Browser, member: Callable[..., Any]) -> None:
    member("ada")
    browser.open("/settings/security")
    assert browser.page.url.path == "/auth/sign-in"
    browser.submit("/auth/sign-in", login="ada", password="wrong")
    assert browser.page.status_code == 403
    assert 'value="ada"' in browser.page.text
    assert "wrong" not in browser.page.text
    browser.submit("/auth/sign-in", login="ada@example.test", password=PASSWORD)
    assert browser.page.url.path == "/settings/security"
    assert "This one" in browser.page.text
    browser.submit("/auth/sign-out")
    assert browser.page.url.path == "/"
    assert "You are signed out." in browser.page.text
    assert browser.open("/home").url.path == "/auth/sign-in"
    assert "You are signed out." not in browser.page.text


def test_a_session_is_kept_from_scripts_and_other_sites(
    browser: Browser, member: Callable[..., Any]
) -> None:
    member("ada")
    browser.open("/auth/sign-in")
    answer = browser.submit("/auth/sign-in", login="ada", password=PASSWORD, follow=False)
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "no-store" in browser.open("/home").headers["cache-control"]


def test_a_form_needs_its_token(at_home: Callable[..., Browser], browser: Browser) -> None:
    ada = at_home("ada")
    for token in ("", "x", "é"):
        assert ada.post("/auth/sign-out", csrf=token).status_code == 403
    browser.open("/auth/sign-in")
    stolen = browser.form("/auth/sign-in")["fields"]["csrf"]
    assert ada.post("/auth/sign-out", csrf=stolen).status_code == 403
    assert ada.open("/home").status_code == 200


def test_nobody_is_led_elsewhere(browser: Browser, member: Callable[..., Any]) -> None:
    member("ada")
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        browser.open(f"/auth/sign-in?return_to={there}")
        answer = browser.submit(
            "/auth/sign-in", login="ada", password=PASSWORD, return_to=there, follow=False
        )
        assert answer.headers["location"] == "/home"
        browser.cookies.clear()


def test_signing_up_with_a_letter(app: App, browser: Browser, loop: Any) -> None:
    browser.open("/auth/sign-up")
    browser.submit("/auth/sign-up", username="n!", email="nope", password="short")
    assert browser.page.status_code == 422
    assert browser.page.text.count('aria-invalid="true"') >= 4
    browser.submit(
        "/auth/sign-up",
        username="nora",
        email="nora@example.test",
        password=PASSWORD,
        age="1",
        agreement="1",
    )
    assert "Look into your mailbox" in browser.page.text
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login="nora", password=PASSWORD)
    assert "Look into your mailbox" in browser.page.text
    link = link_in(deliver(app, loop))
    browser.open(link)
    assert "nora@example.test" in browser.page.text
    browser.submit(link)
    assert "Welcome to the ring" in browser.page.text
    browser.open(link)
    assert "run out" in browser.page.text
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login="nora", password=PASSWORD)
    assert browser.page.url.path == "/home"


def test_a_name_that_is_taken_is_said_at_its_field(
    browser: Browser, member: Callable[..., Any]
) -> None:
    member("ada")
    browser.open("/auth/sign-up")
    browser.submit(
        "/auth/sign-up",
        username="Ada",
        email="x@example.test",
        password=PASSWORD,
        age="1",
        agreement="1",
    )
    assert browser.page.status_code == 422
    assert "Has already been taken" in browser.page.text
    assert 'value="x@example.test"' in browser.page.text


def test_a_new_password_by_letter(
    app: App, browser: Browser, member: Callable[..., Any], loop: Any
) -> None:
    member("ada")
    browser.open("/auth/password-reset")
    browser.submit("/auth/password-reset", email="nobody@example.test")
    told = browser.page.text.replace("nobody@example.test", "*")
    browser.open("/auth/password-reset")
    browser.submit("/auth/password-reset", email="ada@example.test")
    assert "<strong>*</strong>" in told
    assert "letter with a link is on its way" in browser.page.text
    link = link_in(deliver(app, loop))
    browser.open(link)
    browser.submit(link, password="ada")
    assert 'aria-invalid="true"' in browser.page.text
    browser.submit(link, password="nine other herons")
    assert "Your password is changed" in browser.page.text
    browser.submit("/auth/sign-in", login="ada", password="nine other herons")
    assert browser.page.url.path == "/home"
    browser.open(link)
    assert "run out" in browser.page.text


def test_a_second_step_by_app_and_by_recovery_code(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/settings/security")
    ada.submit("/settings/security/totp/begin")
    assert ada.page.url.path == "/settings/security/totp"
    secret = re.search(r'id="totp-secret">([A-Z2-7 ]+)<', ada.page.text)
    assert secret
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    ada.submit("/settings/security/totp", code="000000")
    assert 'aria-invalid="true"' in ada.page.text
    assert secret[1] in ada.page.text
    ada.submit("/settings/security/totp", code=totp.now())
    codes = re.findall(r"<li>([a-z0-9-]{19})</li>", ada.page.text)
    assert len(codes) == 10
    ada.open("/settings/security")
    ada.submit("/auth/sign-out")
    ada.open("/auth/sign-in?return_to=/about")
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert ada.page.url.path == "/auth/second-factor"
    assert ada.open("/home").url.path == "/auth/sign-in"
    ada.open("/auth/second-factor?method=recovery&return_to=/about")
    ada.submit("/auth/second-factor", code="nonsense")
    assert ada.page.status_code == 403
    ada.submit("/auth/second-factor", code=codes[0])
    assert ada.page.url.path == "/about"
    ada.open("/settings/security")
    assert "9 codes are left" in ada.page.text


def test_sessions_can_be_ended(at_home: Callable[..., Browser], browser: Browser) -> None:
    ada = at_home("ada")
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login="ada", password=PASSWORD)
    ada.open("/settings/security")
    others = re.findall(r"/settings/security/sessions/\d+/end", ada.page.text)
    assert len(others) == 1
    ada.submit(others[0])
    assert browser.open("/home").url.path == "/auth/sign-in"
    assert ada.open("/home").url.path == "/home"


def test_changing_the_password_needs_the_present_one(at_home: Callable[..., Browser]) -> None:
    ada = at_home("ada")
    ada.open("/settings/security")
    ada.submit("/settings/security/password", current="wrong", password="nine other herons")
    assert "not your present password" in ada.page.text
    assert 'id="p-current-error"' in ada.page.text
    ada.submit("/settings/security/password", current=PASSWORD, password="nine other herons")
    assert ada.page.url.path == "/settings/security"
    assert "Your password is changed" in ada.page.text


def test_a_browser_left_open_opens_no_other_doors(
    app: App, at_home: Callable[..., Browser]
) -> None:
    ada = at_home("ada")
    ada.open("/settings/security")
    app.db.write_now(
        lambda tx: tx.script("UPDATE sessions SET admitted_at = admitted_at - 3600001")
    )
    ada.submit("/settings/security/totp/begin")
    assert ada.page.status_code == 403
    assert "sign in once more" in ada.page.text
    ada.open("/settings/security")
    assert ada.page.url.path == "/auth/sign-in"
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert ada.page.url.path == "/settings/security"
    ada.submit("/settings/security/totp/begin")
    assert ada.page.url.path == "/settings/security/totp"
