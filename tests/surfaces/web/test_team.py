"""Who may come in: invitations, the team's decisions, and the record of sign-ins."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from folkmoot.domain.auth.actions import confirm_user, save_user
from folkmoot.domain.auth.model import Role
from folkmoot.domain.auth.queries import find_user_by_login, get_user
from folkmoot.domain.registration.actions import sign_up
from folkmoot.domain.registration.model import Form as SignUp
from folkmoot.domain.sessions.model import Visit
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.settings import Registration, Settings
from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD, Counted

Letters = Callable[[], list[EmailMessage]]
HERE = "/desk/sign-ups"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    registration = Registration(mode="approval", min_age=0)
    testing = msgspec.structs.replace(settings.testing, enabled=False)
    return msgspec.structs.replace(settings, registration=registration, testing=testing)


@pytest.fixture
def asked(db: Database) -> Callable[..., int]:
    """Somebody who asked to join and confirmed the address."""

    def work(tx: Tx, name: str, reason: str, locale: str) -> int:
        form = SignUp(
            username=name,
            email=f"{name}@example.test",
            agreement=True,
            reason=reason,
            locale=locale,
        )
        user = sign_up(tx, form, "hash", visit=Visit("192.0.2.1", "Firefox"))
        return confirm_user(tx, user).account_id

    def make(name: str, reason: str = "I knit", locale: str = "en") -> int:
        return db.write_now(work, name, reason, locale)

    return make


@pytest.fixture
def admin(at_home: Callable[..., Browser], db: Database) -> Browser:
    """An administrator whose role is in effect."""
    made = at_home("root", Role.ADMINISTRATOR)

    def prove(tx: Tx) -> None:
        user = find_user_by_login(tx, "root")
        assert user
        save_user(tx, user, second_factor_at=tx.now)

    db.write_now(prove)
    return made


def test_the_team_lets_in_and_turns_away_with_reasons(
    admin: Browser, asked: Callable[..., int], letters: Letters, db: Database
) -> None:
    kit, noor = asked("kit", "I mend nets <b>"), asked("noor", "", "zh-CN")
    letters()
    admin.open(HERE)
    assert "I mend nets &lt;b&gt;" in admin.page.text
    assert "No reason given." in admin.page.text
    admin.submit(f"{HERE}/{kit}/approve")
    assert "They are let in" in admin.page.text
    (welcome,) = letters()
    assert welcome["To"] == "kit@example.test"
    admin.submit(f"{HERE}/{noor}/reject", reason="  ")
    assert admin.page.status_code == 422
    assert "nobody is turned away without a reason" in admin.page.text
    assert letters() == []
    admin.submit(f"{HERE}/{noor}/reject", reason="请先说明来意。")
    assert "told why" in admin.page.text
    (told,) = letters()
    assert "请先说明来意。" in told.get_content()
    assert told["Content-Language"] == "zh-Hans"
    assert "Nobody is waiting" in admin.page.text
    assert db.read_now(find_user_by_login, "noor") is None
    assert db.read_now(get_user, kit).approved_at is not None


def test_the_unconfirmed_do_not_wait_for_the_team_yet(
    admin: Browser, asked: Callable[..., int], db: Database
) -> None:
    number = asked("kit")
    db.write_now(lambda tx: save_user(tx, get_user(tx, number), confirmed_at=None))
    assert "Nobody is waiting" in admin.open(HERE).text


def test_members_decide_nothing(
    at_home: Callable[..., Browser], asked: Callable[..., int], db: Database
) -> None:
    number = asked("kit")
    for name, role in (("ada", Role.MEMBER), ("rex", Role.REVIEWER)):  # rex has no second factor
        browser = at_home(name, role)
        token = browser.form("/compose")["fields"]["csrf"]
        assert HERE not in browser.page.text
        assert browser.open(HERE).status_code == 403
        assert "kit" not in browser.page.text.split("<main")[1]
        for act in ("approve", "reject"):
            answer = browser.post(f"{HERE}/{number}/{act}", csrf=token, reason="No")
            assert answer.status_code == 403
    assert db.read_now(get_user, number).approved_at is None


def test_what_was_decided_meanwhile_is_said(admin: Browser, asked: Callable[..., int]) -> None:
    number = asked("kit")
    token = admin.open(HERE) and admin.form(f"{HERE}/{number}/approve")["fields"]["csrf"]
    assert admin.post(f"{HERE}/{number}/approve", csrf=token).status_code == 303
    again = admin.post(f"{HERE}/{number}/approve", csrf=token)
    assert again.status_code == 422
    assert "does not wait for a decision" in again.text
    assert admin.post(f"{HERE}/77/approve", csrf=token).status_code == 404


def test_an_invitation_is_made_used_and_ended(
    at_home: Callable[..., Browser], browser: Browser, letters: Letters
) -> None:
    ada = at_home("ada")
    ada.open("/settings/invitations")
    ada.submit("/settings/invitations", uses="11")
    assert ada.page.status_code == 422
    assert "up to 10 people" in ada.page.text
    ada.submit("/settings/invitations", uses="2", note="For my sister")
    assert "For my sister" in ada.page.text
    (code,) = set(re.findall(r"/auth/sign-up\?invitation=([\w-]+)", ada.page.text))
    browser.open(f"/auth/sign-up?invitation={code}")
    browser.submit(
        "/auth/sign-up",
        username="kit",
        email="kit@example.test",
        password=PASSWORD,
        agreement="1",
    )
    assert browser.page.status_code == 200, browser.page.text
    assert "1 of 2 used" in ada.open("/settings/invitations").text
    (end,) = re.findall(r"/settings/invitations/\d+/revoke", ada.page.text)
    ada.submit(end)
    assert "opens no doors any more" in ada.page.text
    assert ">Over<" in ada.page.text
    assert code not in ada.page.text


def test_everybodys_invitations_are_for_who_manages_them(
    at_home: Callable[..., Browser], admin: Browser
) -> None:
    ada = at_home("ada")
    ada.open("/settings/invitations")
    ada.submit("/settings/invitations", uses="1", note="Between us")
    (end,) = re.findall(r"/settings/invitations/\d+/revoke", ada.page.text)
    bo = at_home("bo")
    assert "Between us" not in bo.open("/settings/invitations?of=everybody").text
    token = bo.open("/home") and bo.form("/compose")["fields"]["csrf"]
    assert bo.post(end, csrf=token).status_code == 404
    assert "Between us" not in admin.open("/settings/invitations").text
    admin.open("/settings/invitations?of=everybody")
    assert "Between us" in admin.page.text
    admin.submit(end)
    assert "Over" in admin.page.text


def test_sign_ins_and_failed_tries_are_on_record(
    at_home: Callable[..., Browser], browser: Browser
) -> None:
    ada = at_home("ada")
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login="ada", password="wrong", headers={"User-Agent": "curl/8"})
    ada.open("/settings/security/sign-ins")
    assert "by password, from" in ada.page.text
    assert "Failed" in ada.page.text
    assert "curl" in ada.page.text
    assert "Failed" not in at_home("bo").open("/settings/security/sign-ins").text


def test_the_browsers_language_is_that_of_the_letters(
    browser: Browser, letters: Letters, admin: Browser
) -> None:
    browser.open("/auth/sign-up")
    browser.submit(
        "/auth/sign-up",
        headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"},
        username="kit",
        email="kit@example.test",
        password=PASSWORD,
        agreement="1",
        reason="我会修网。",
    )
    (letter,) = letters()
    assert letter["Subject"].startswith("请确认您的邮箱地址")


def test_the_language_of_letters_is_a_preference(
    at_home: Callable[..., Browser], db: Database
) -> None:
    ada = at_home("ada")
    ada.open("/settings/preferences")
    ada.submit("/settings/preferences", letters="zh")
    user = db.read_now(find_user_by_login, "ada")
    assert user
    assert user.locale == "zh"
    ada.submit("/settings/preferences", letters="tlh")
    assert ada.page.status_code == 422
    db.write_now(lambda tx: save_user(tx, user, locale="zh-TW"))
    ada.open("/settings/preferences")
    ada.submit("/settings/preferences")
    kept = db.read_now(find_user_by_login, "ada")
    assert kept
    assert kept.locale == "zh-TW"


def test_long_lists_cost_no_more_questions(
    admin: Browser, asked: Callable[..., int], counted: Counted
) -> None:
    paths = (HERE, "/settings/invitations", "/settings/security/sign-ins")
    seen: list[Any] = []
    for name in ("kit", "noor", "sam"):
        asked(name)
        admin.open("/settings/invitations")
        admin.submit("/settings/invitations", uses="1")
        seen.append([counted(admin, path) for path in paths])
    assert seen[1] == seen[2]
