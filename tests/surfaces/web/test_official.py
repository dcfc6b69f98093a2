"""Transparency reports for people, and the desk's records of requests, referrals and disputes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.auth.model import Role
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Draft, Ending, Step, Subject, SubjectKind
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.requests import queries
from folkmoot.domain.requests.model import State
from folkmoot.domain.tallies.actions import publish_report
from folkmoot.domain.tallies.model import parse_period
from folkmoot.domain.tallies.queries import count_period, list_files
from folkmoot.domain.transparency.queries import list_entries
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY, from_iso
from folkmoot.kit.db import Database, Page
from folkmoot.kit.ids import MAX_ID
from folkmoot.surfaces.official.report_files import build_files
from folkmoot.surfaces.web.forms import write_moment
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted

Staff = Callable[..., Browser]
EVERY = Page(9, MAX_ID, -1, None)


@pytest.fixture
def published(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from domain.tallies.history import History

    period = parse_period("2026-Q1")
    history = History(db, monkeypatch, period.start, seed=3)
    history.live(period.end + DAY, events=120)
    tally = db.read_now(count_period, period)
    db.write_now(publish_report, tally, build_files)


def test_a_report_is_read_and_its_files_fetched(
    browser: Browser, db: Database, published: None
) -> None:
    page = browser.open("/transparency").text
    assert '<a href="/transparency/2026-Q1">' in page
    report = browser.open("/transparency/2026-Q1").text
    for words in ("What happened each month", "Median time to act", "folkmoot log report"):
        assert words in report
    for each in db.read_now(list_files, "2026-Q1"):
        assert f'href="/transparency/2026-Q1/{each.name}"' in report
        got = browser.open(f"/transparency/2026-Q1/{each.name}")
        assert got.content == each.body.encode()
        assert got.headers["content-type"].startswith("text/csv")
    assert 'href="/transparency"' in browser.open("/about").text


@pytest.mark.parametrize("path", ["2025", "nothing", "2026-Q1/12_x.csv", "%00"])
def test_reports_that_are_not_there(browser: Browser, published: None, path: str) -> None:
    assert browser.open(f"/transparency/{path}").status_code == 404


def test_before_the_first_report(browser: Browser) -> None:
    assert "No report yet" in browser.open("/transparency").text


def test_an_administrator_publishes_a_report(
    staff: Staff, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = from_iso("2026-07-02")
    monkeypatch.setattr(clock, "now", lambda: now)
    root, rev = staff("root", Role.ADMINISTRATOR), staff("rev")
    assert rev.open("/desk/transparency").status_code == 403
    assert 'href="/desk/transparency?period=2026-H1"' in root.open("/desk/transparency").text
    wrong = root.open("/desk/transparency?period=soon")
    assert (wrong.status_code, "Name a period like" in wrong.text) == (422, True)
    assert "when the period is over" in root.open("/desk/transparency?period=2026-H2").text
    root.open("/desk/transparency?period=2026-H1")
    root.submit("/desk/transparency/publish", period="2026-H1")
    assert root.page.url.path == "/transparency/2026-H1"
    assert "its hashes are in the public log" in root.page.text
    assert "It is published." in root.open("/desk/transparency?period=2026-H1").text
    root.open("/desk/transparency?period=2025")
    root.submit("/desk/transparency/publish", period="2026-H1")
    assert "published already" in root.page.text
    root.open("/desk/transparency?period=2025")
    root.submit("/desk/transparency/publish", period="2026-H2")
    assert "can be published from 2027-01-01 on" in root.page.text
    assert len(db.read_now(list_entries, EVERY, kind="report")) == 1


def ago(days: int) -> str:
    return write_moment(clock.now() - days * DAY)


def asked(browser: Browser, **more: str) -> None:
    browser.open("/desk/requests")
    said = {
        "order": "to-inform",
        "body": "court",
        "authority": "District court",
        "country": "fr",
        "basis": "An act",
        "category": "SCAMS_AND_FRAUD",
        "member": "ada",
        "asked": "Everything about Ada.",
        "received_at": ago(2),
    }
    browser.submit("/desk/requests", **(said | more))


def test_a_request_is_noted_proposed_and_agreed_to(
    staff: Staff, at_home: Callable[..., Browser], db: Database
) -> None:
    ada = at_home("ada")
    root, twin = staff("root", Role.ADMINISTRATOR), staff("twin", Role.OWNER)
    asked(root)
    here = root.page.url.path
    assert "Everything about Ada." in root.page.text
    root.submit(f"{here}/propose", outcome="narrowed", text="Two links.", data="post-links")
    assert "somebody else has to agree" in root.page.text
    assert "/agree" not in root.page.text
    assert "Nobody has asked" in ada.open("/settings/requests").text
    twin.open("/desk/requests")
    assert "waits for a second person" in twin.page.text
    twin.open(here)
    twin.submit(f"{here}/agree")
    assert "The member was told" in twin.page.text
    (request,) = db.read_now(queries.list_requests, EVERY)
    assert request.state == State.AGREED
    told = ada.open("/settings/requests").text
    assert "Two links." in told
    assert "District court (a court, FR)" in told
    assert "addresses of posts" in told
    assert request.code in ada.open(f"/log?q={request.code}").text


def test_silence_needs_a_reason_and_an_end(
    staff: Staff, at_home: Callable[..., Browser], db: Database
) -> None:
    ada = at_home("ada")
    root, twin = staff("root", Role.ADMINISTRATOR), staff("twin", Role.OWNER)
    asked(root)
    here = root.page.url.path
    later = write_moment(clock.now() + 30 * DAY)
    said = {"outcome": "given", "text": "All.", "data": ["handle", "profile"], "tell_at": later}
    root.submit(f"{here}/propose", **said)
    assert "Say why the member is not told at once" in root.page.text
    assert 'value="handle" checked' in root.page.text
    root.submit(f"{here}/propose", **said, not_told_because="A court ordered it.")
    twin.open(here)
    twin.submit(f"{here}/agree")
    assert "by itself" in twin.page.text
    assert "Nobody has asked" in ada.open("/settings/requests").text


def test_what_is_wrong_is_said_at_its_place(staff: Staff, at_home: Any) -> None:
    at_home("ada")
    root = staff("root", Role.ADMINISTRATOR)
    for field, value, sentence in (
        ("country", "France", "two capital letters"),
        ("order", "to-arrest", "Choose one of these"),
        ("received_at", "yesterday", "no date and time"),
        ("member", "nobody", "no member of this name"),
        ("items", "many", "as a whole number"),
        ("authority", "@court", "without an @"),
    ):
        asked(root, **{field: value})
        assert root.page.status_code == 422
        assert sentence in root.page.text
        assert f'id="f-{field}-error"' in root.page.text
        assert "Everything about Ada." in root.page.text


def test_a_proposal_can_be_taken_back(staff: Staff, at_home: Any) -> None:
    at_home("ada")
    root = staff("root", Role.ADMINISTRATOR)
    asked(root)
    here = root.page.url.path
    root.submit(f"{here}/propose", outcome="refused", text="No basis.")
    root.submit(f"{here}/reject")
    assert "Propose an answer" in root.page.text


def test_two_agree_to_a_referral(
    staff: Staff, at_home: Callable[..., Browser], db: Database
) -> None:
    at_home("ada")
    rev, sec = staff("rev"), staff("sec")
    rev.open("/desk/referrals")
    said = {
        "member": "ada",
        "danger": "self-harm",
        "why": "She wrote goodbye.",
        "told": "Emergency services, 112",
        "country": "FR",
    }
    rev.submit("/desk/referrals", **said)
    assert "Choose what is given" in rev.page.text
    rev.submit("/desk/referrals", **said, data=["handle", "post-text"])
    here = rev.page.url.path
    assert "/agree" not in rev.page.text
    sec.open("/desk/referrals")
    assert "waits for a second person" in sec.page.text
    sec.open(here)
    sec.submit(f"{here}/agree")
    assert "Nothing was sent from here" in sec.page.text
    assert len(db.read_now(list_entries, EVERY, kind="referral")) == 1


def test_a_referral_nobody_agrees_to(staff: Staff, at_home: Any, db: Database) -> None:
    at_home("ada")
    rev = staff("rev")
    rev.open("/desk/referrals")
    rev.submit(
        "/desk/referrals",
        member="ada",
        danger="violence",
        why="x",
        told="112",
        country="FR",
        data="handle",
    )
    here = rev.page.url.path
    rev.submit(f"{here}/decline")
    assert "Not agreed" in rev.page.text
    assert db.read_now(list_entries, EVERY, kind="referral") == []


def test_a_dispute_restores(staff: Staff, member: Callable[..., Any], db: Database) -> None:
    account, _ = member("ada")
    rev = staff("rev")
    decider = db.read_now(find_account_by_name, "rev")
    assert decider is not None
    subject = Subject(SubjectKind.ACCOUNT, account.id, account.id)
    draft = Draft(step=Step.UNLIST, rule_code="spam-1", facts="x", ends_at=clock.now() + DAY)
    made = db.write_now(decisions.decide, decider.id, subject, draft=draft)
    rev.open("/desk/disputes")
    said = {
        "decision": f"D-{made.id}",
        "body": "Harbour Arbiters",
        "result": "reversed",
        "filed_at": ago(9),
        "ended_at": ago(1),
    }
    rev.submit("/desk/disputes", **{**said, "decision": "D-7"})
    assert "There is no such decision" in rev.page.text
    rev.submit("/desk/disputes", **said)
    assert "Harbour Arbiters" in rev.page.text
    assert db.read_now(get_decision, made.id).ending == Ending.OUT_OF_COURT


def test_roles(staff: Staff, at_home: Callable[..., Browser]) -> None:
    rev, ada = staff("rev"), at_home("ada")
    for path in ("/desk/requests", "/desk/requests/1"):
        assert rev.open(path).status_code == 403
    for path in ("/desk/requests", "/desk/referrals", "/desk/disputes"):
        assert ada.open(path).status_code == 403
    for path in ("/desk/referrals/1", "/desk/referrals/x"):
        assert rev.open(path).status_code == 404


def test_who_is_alone_is_told(staff: Staff) -> None:
    rev = staff("rev")
    assert "nobody else here could" in rev.open("/desk/referrals").text
    staff("sec")
    assert "nobody else here could" not in rev.open("/desk/referrals").text


def test_lists_ask_a_fixed_number_of_questions(
    staff: Staff, at_home: Any, counted: Counted
) -> None:
    at_home("ada")
    root = staff("root", Role.ADMINISTRATOR)
    asked(root)
    few = counted(root, "/desk/requests")
    for _ in range(4):
        asked(root)
    assert counted(root, "/desk/requests") == few


def test_months_without_anything_stand_in_the_chart(browser: Browser, published: None) -> None:
    page = browser.open("/transparency/2026-Q1").text
    for month in ("Jan", "Feb", "Mar"):
        assert f">{month}</text>" in page
    assert from_iso("2026-01-01") == parse_period("2026-Q1").start
