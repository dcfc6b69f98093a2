"""The way out of an account, and back, in a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.factors.actions import begin_totp, confirm_totp
from folkmoot.domain.leaving.queries import find_deletion
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD


def leave(ada: Browser, password: str = PASSWORD) -> None:
    ada.open("/settings/account")
    assert "/settings/deletion" in ada.page.text
    ada.open("/settings/deletion")
    ada.submit("/settings/deletion", current=password)


def test_leaving_and_coming_back(
    at_home: Callable[..., Browser], browser: Browser, db: Database
) -> None:
    ada = at_home("ada")
    assert browser.open("/@ada").status_code == 200
    leave(ada)
    assert ada.page.url.path == "/"
    assert "Your account is hidden" in ada.page.text
    assert browser.open("/@ada").status_code == 404
    ada.open("/settings/profile")
    assert ada.page.url.path == "/auth/sign-in"
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert ada.page.url.path == "/auth/leaving"
    assert "Your account is going to be deleted" in ada.page.text
    assert ada.open("/home").url.path == "/auth/leaving"
    assert ada.open("/oauth/authorize?client_id=x").status_code < 500
    ada.open("/settings/profile")
    ada.submit("/auth/leaving")
    assert ada.page.url.path == "/settings/profile"
    assert "Your account stays" in ada.page.text
    assert browser.open("/@ada").status_code == 200
    account = db.read_now(find_account_by_name, "ada")
    assert account
    assert db.read_now(find_deletion, account.id) is None


def test_leaving_wants_the_password(at_home: Callable[..., Browser], browser: Browser) -> None:
    ada = at_home("ada")
    leave(ada, "a wrong guess altogether")
    assert ada.page.status_code == 403
    assert "That is not your present password" in ada.page.text
    assert browser.open("/@ada").status_code == 200


def test_leaving_wants_a_fresh_sign_in_with_the_second_factor(
    at_home: Callable[..., Browser], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = at_home("ada")
    account = db.read_now(find_account_by_name, "ada")
    user = db.read_now(find_user_by_login, "ada")
    assert account
    assert user
    setup = db.write_now(begin_totp, user, account)
    secret = pyotp.TOTP(setup.secret)
    db.write_now(confirm_totp, user, secret.now())
    ada.open("/settings/deletion")
    page = ada.page
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 2 * clock.HOUR)
    ada.page = page
    ada.submit("/settings/deletion", current=PASSWORD)
    assert ada.page.status_code == 403
    ada.open("/settings/deletion")
    assert ada.page.url.path == "/auth/sign-in"
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    assert ada.page.url.path == "/auth/second-factor"
    code = secret.at(int(clock.now() / 1000))
    ada.submit("/auth/second-factor", code=code, method="totp")
    assert ada.page.url.path == "/settings/deletion"
    ada.submit("/settings/deletion", current=PASSWORD)
    assert db.read_now(find_deletion, account.id)


def test_who_signs_out_lets_it_go(at_home: Callable[..., Browser], db: Database) -> None:
    ada = at_home("ada")
    leave(ada)
    ada.open("/auth/sign-in")
    ada.submit("/auth/sign-in", login="ada", password=PASSWORD)
    ada.submit("/auth/sign-out")
    assert ada.open("/auth/leaving").url.path == "/auth/sign-in"


def test_nobody_without_a_session_keeps_an_account(browser: Browser, member: Any) -> None:
    member("ada")
    browser.open("/auth/sign-in")
    assert browser.open("/auth/leaving").url.path == "/auth/sign-in"
    assert browser.post("/auth/leaving").status_code == 403
