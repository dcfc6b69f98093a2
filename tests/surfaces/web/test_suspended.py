"""A suspended member's way in: reasons, appeal, their data and the way out, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.domain.accounts.queries import find_account, find_account_by_name
from folkmoot.domain.appeals.queries import list_open
from folkmoot.domain.auth.model import Role
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Draft, Ending, Step, Subject, SubjectKind
from folkmoot.kit.db import Database
from surfaces.web.browser import Browser
from surfaces.web.conftest import PASSWORD


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def suspend(db: Database, rev: Any) -> Callable[[str], Any]:
    """Suspends a member, and gives the decision; rev is alone, so that nobody has to agree."""

    def make(name: str) -> Any:
        account = db.read_now(find_account_by_name, name)
        assert account
        subject = Subject(SubjectKind.ACCOUNT, account.id, account.id)
        draft = Draft(step=Step.SUSPEND, rule_code="violence-1", facts="Forty threats.")
        return db.write_now(decisions.decide, rev.account.id, subject, draft=draft)

    return make


def sign_in(browser: Browser, name: str) -> None:
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login=name, password=PASSWORD)


def test_signing_in_leads_to_the_reasons_and_to_an_appeal(
    at_home: Callable[..., Browser], suspend: Callable[[str], Any], db: Database
) -> None:
    kit = at_home("kit")
    made = suspend("kit")
    kit.open("/home")
    assert kit.page.url.path == "/auth/suspended"
    kit.submit("/auth/sign-out")
    sign_in(kit, "kit")
    assert kit.page.url.path == "/auth/suspended"
    assert "Forty threats." in kit.page.text
    assert kit.open("/auth/sign-in").url.path == "/auth/suspended"
    kit.open(f"/statements/{made.id}")
    assert "The account is suspended" in kit.page.text
    kit.submit(f"/statements/{made.id}/appeal", text="Those were lyrics.")
    assert "You have contested this decision" in kit.page.text
    assert [a.text for a in db.read_now(list_open)] == ["Those were lyrics."]
    assert "Appeal waits" in kit.open("/settings/decisions").text


@pytest.mark.parametrize(
    "path", ["/home", "/alerts", "/settings/profile", "/settings/imports", "/messages", "/report/x"]
)
def test_nothing_else_is_open_to_them(
    at_home: Callable[..., Browser], suspend: Callable[[str], Any], path: str
) -> None:
    kit = at_home("kit", Role.ADMINISTRATOR)
    token = kit.form("/compose")["fields"]["csrf"]
    suspend("kit")
    kit.open(path)
    assert kit.page.url.path == "/auth/suspended" or kit.page.status_code == 404
    sent = kit.post("/compose", csrf=token, text="Hello")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/auth/suspended"
    assert "Bring something in" not in kit.open("/settings/data").text
    assert "/desk" not in kit.page.text


def test_they_take_their_data_along_and_may_leave(
    at_home: Callable[..., Browser],
    suspend: Callable[[str], Any],
    run_jobs: Callable[[], None],
    db: Database,
) -> None:
    kit = at_home("kit")
    kit.submit("/compose", text="A last word")
    suspend("kit")
    kit.open("/settings/data")
    kit.submit("/settings/data/exports")
    run_jobs()
    kit.open("/settings/data")
    (there,) = re.findall(r"/settings/data/exports/\d+", kit.page.text)
    assert kit.open(there).content.startswith(b"PK")
    assert kit.open("/settings/data/files/following_accounts.csv").status_code == 200
    kit.open("/settings/deletion")
    kit.submit("/settings/deletion", current="wrong")
    assert kit.page.status_code == 403
    kit.submit("/settings/deletion", current=PASSWORD)
    assert kit.page.url.path == "/"
    sign_in(kit, "kit")
    assert kit.page.url.path == "/auth/leaving"
    kit.submit("/auth/leaving")
    assert kit.page.url.path == "/auth/suspended"
    assert db.read_now(find_account_by_name, "kit").suspended_at is not None  # type: ignore[union-attr]


def test_applications_are_told_why(
    ada: Any, suspend: Callable[[str], Any], db: Database, rev: Any
) -> None:
    made = suspend("ada")
    answer = ada.get("/api/v1/accounts/verify_credentials")
    assert answer.status_code == 403
    assert answer.json()["error"] == (
        "Your account is suspended. Sign in at http://127.0.0.1:8080/auth/sign-in to read why, "
        "and to contest it"
    )
    db.write_now(decisions.end_decision, made.id, Ending.REVERSED, reason="A mistake.")
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200


def test_who_is_back_is_at_home(
    at_home: Callable[..., Browser], suspend: Callable[[str], Any], db: Database
) -> None:
    kit = at_home("kit")
    assert kit.open("/auth/suspended").url.path == "/home"
    made = suspend("kit")
    db.write_now(decisions.end_decision, made.id, Ending.REVERSED, reason="A mistake.")
    assert kit.open("/home").url.path == "/home"
    assert db.read_now(find_account, made.account_id).suspended_at is None  # type: ignore[union-attr]
    assert db.read_now(get_user, made.account_id).disabled_at is None
