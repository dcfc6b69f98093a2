"""Trusted flaggers: awarded and taken back in public, by those who may, with reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import PermissionMissing, Role
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.reports import actions
from folkmoot.domain.reports.model import By, Outcome
from folkmoot.domain.reports.queries import list_reports
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.db import Database, Page, Tx
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted

HERE = "/desk/flaggers"
SAID = {"area": "Parcel scams <b>", "organisation": "Consumer Office", "why": "Two careful years."}


@pytest.fixture
def admin(at_home: Callable[..., Browser], db: Database) -> Browser:
    made = at_home("root", Role.ADMINISTRATOR)

    def prove(tx: Tx) -> None:
        user = find_user_by_login(tx, "root")
        assert user
        save_user(tx, user, second_factor_at=tx.now)

    db.write_now(prove)
    return made


def test_awarded_and_taken_back_in_public(
    admin: Browser, browser: Browser, bo: Any, ada: Any, db: Database
) -> None:
    assert "Nobody yet" in browser.open("/flaggers").text
    admin.open(HERE)
    admin.submit(HERE, member="nobody", **SAID)
    assert admin.page.status_code == 422
    assert "Nobody here has this name" in admin.page.text
    admin.submit(HERE, member="@bo", **{**SAID, "why": " "})
    assert "Say why" in admin.page.text
    assert "Consumer Office" in admin.page.text  # what was typed is kept
    admin.submit(HERE, member="@bo", **SAID)
    assert "They are a trusted flagger now" in admin.page.text
    admin.submit(HERE, member="@bo", **SAID)
    assert admin.page.status_code == 409
    root = db.read_now(find_account_by_name, "root")
    assert root
    by = db.read_now(find_pseudonym, root.id)
    for words in ("Parcel scams &lt;b&gt;", "Consumer Office", "Two careful years.", by):
        assert words in browser.open("/flaggers").text
    assert "root" not in browser.page.text
    assert "No report decided yet" in browser.page.text
    bo.post("/api/v1/reports", account_id=ada.id)
    (report,) = db.read_now(list_reports, Page(limit=9))
    assert report.by == By.FLAGGER
    db.write_now(actions._resolve, report, Outcome.ACTED, None)
    assert "100 %: 1 of 1 decided report was right" in browser.open("/flaggers").text
    admin.open(HERE)
    admin.submit(f"{HERE}/{bo.id}/revoke", why="")
    assert admin.page.status_code == 422
    admin.submit(f"{HERE}/{bo.id}/revoke", why="Asked for it.")
    assert "no trusted flagger any more" in admin.page.text
    assert "Asked for it." in browser.open("/flaggers").text
    assert "No longer" in browser.page.text
    bo.post("/api/v1/reports", account_id=ada.id)
    assert db.read_now(list_reports, Page(limit=9))[0].by == By.MEMBER


def test_reviewers_and_members_award_nothing(
    at_home: Callable[..., Browser], join: Callable[..., Any], bo: Any, db: Database
) -> None:
    rev = join("rev", role="reviewer")
    for by in (rev.account.id, bo.account.id):
        with pytest.raises(PermissionMissing):
            db.write_now(actions.award_flagger, bo.account.id, area="x", why="x", by=by)
    kit = at_home("kit")
    token = kit.form("/compose")["fields"]["csrf"]
    assert kit.open(HERE).status_code == 403
    assert kit.post(HERE, csrf=token, member="@kit", **SAID).status_code == 403


def test_more_flaggers_cost_no_more_questions(
    browser: Browser, join: Callable[..., Any], db: Database, counted: Counted
) -> None:
    seen = []
    for name in ("kit", "noor", "sam"):
        member = join(name)
        db.write_now(actions.award_flagger, member.account.id, area="spam", why="Knows it well.")
        seen.append(counted(browser, "/flaggers"))
    assert seen[1] == seen[2]
