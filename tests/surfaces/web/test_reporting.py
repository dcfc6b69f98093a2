"""Reporting in the browser, with or without an account, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.decisions.model import Draft, Step
from folkmoot.domain.reports.model import PAUSE_AFTER, By, Category, Report
from folkmoot.domain.reports.queries import (
    get_report,
    list_reported_posts,
    list_reports,
    read_contact,
)
from folkmoot.domain.review import actions as review
from folkmoot.kit.db import Database, Page, Tx
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted

WORDS = {"why": "harassment-1", "part": "whole", "illegal": "no"}


def main_of(browser: Browser) -> str:
    return browser.page.text.split("<main")[1].split("</main")[0]


def reports(db: Database) -> list[Report]:
    return db.read_now(list_reports, Page(limit=40))


def post(member: Any, text: str, **more: Any) -> str:
    made = member.post("/api/v1/statuses", status=text, **more)
    assert made.status_code == 200, made.text
    return f"/@{member.account.username}/{made.json()['id']}"


def choose(browser: Browser, about: str, **chosen: str) -> None:
    """The steps up to the one where words are asked for."""
    browser.open("/report")
    asked = browser.form("/report")["fields"] | {"about": about}
    browser.open("/report?" + "&".join(f"{name}={value}" for name, value in asked.items()))
    if browser.page.status_code == 200:
        fields = {**browser.form("/report")["fields"], **WORDS, **chosen}
        query = "&".join(f"{name}={value}" for name, value in fields.items())
        browser.open(f"/report?{query}")


def decide(db: Database, reviewer: Any, step: Step, **more: Any) -> None:
    def work(tx: Tx) -> None:
        case = review.take_next(tx, reviewer.account.id)
        draft = Draft(step=step, rule_code="harassment-1", facts="It calls her names.", **more)
        review.decide_case(tx, reviewer.account.id, case.id, draft)

    db.write_now(work)


def test_a_visitor_reports_a_post_and_follows_it(
    browser: Browser, bo: Any, db: Database, join: Callable[..., Any]
) -> None:
    address = post(bo, "You fool")
    page = browser.open(address)
    assert f'/report?about={address.replace("@", "%40")}"' in page.text
    choose(browser, address)
    assert "You fool" in browser.page.text
    assert "name" not in browser.form("/report")["fields"]
    browser.submit("/report", comment="He calls <b>her</b> names.")
    assert browser.page.status_code == 200, browser.page.text
    (report,) = reports(db)
    assert (report.by, report.reporter_id, report.category) == (By.VISITOR, None, "violation")
    assert (report.harm, report.comment) == ("harassment", "He calls <b>her</b> names.")
    assert [p.post_id for p in db.read_now(list_reported_posts, report.id)] == [
        int(address.rsplit("/", 1)[1])
    ]
    assert report.code in browser.page.text
    assert "Waiting" in browser.page.text
    (kept,) = set(re.findall(r"http[^<]*/reports/[^<]*", browser.page.text))
    for name, value in (("referrer-policy", "same-origin"), ("x-robots-tag", "noindex, noarchive")):
        assert browser.page.headers[name] == value
    address = kept.replace("&amp;", "&")
    assert "Keep this address" not in browser.open(address).text
    decide(db, join("rev", role="reviewer"), Step.QUARANTINE)
    page = browser.open(address)
    assert "We have acted" in page.text
    assert "Withheld from everybody but its author" in page.text
    assert 'href="/rules/versions/1?lang=en#harassment-1"' in page.text
    assert "Found without automation" in page.text
    assert "It calls her names." not in page.text  # that is said to whom it concerns


def test_what_is_illegal_needs_reasons_a_name_and_good_faith(
    browser: Browser, bo: Any, db: Database
) -> None:
    address = post(bo, "I will find you")
    choose(browser, address, why="violence-1", illegal="yes")
    browser.submit("/report", name="", email="me@example.test", comment="")
    assert browser.page.status_code == 422
    assert "Please explain why you think" in browser.page.text
    browser.submit("/report", name="", comment="He threatens me.")
    assert "accurate and complete" in browser.page.text
    assert "Please confirm that" in browser.page.text
    browser.submit("/report", good_faith="1", name=" ")
    assert "The law asks for your name" in browser.page.text
    assert "He threatens me." in browser.page.text  # what was typed is kept
    browser.submit("/report", good_faith="1", name="Noor", email="nowhere")
    assert "not an e-mail address" in browser.page.text
    assert reports(db) == []
    browser.submit("/report", good_faith="1", name="Noor", email="noor@example.test")
    (report,) = reports(db)
    assert (report.category, report.good_faith) == (Category.LEGAL, True)
    contact = db.read_now(read_contact, report)
    assert (contact.name, contact.email) == ("Noor", "noor@example.test")
    assert "noor" not in report.contact.lower()


def test_nobody_is_asked_who_reports_the_exploitation_of_children(
    browser: Browser, bo: Any, db: Database
) -> None:
    choose(browser, post(bo, "…"), why="sexual-exploitation-1", illegal="yes")
    fields = browser.form("/report")["fields"]
    assert not {"name", "email"} & fields.keys()
    sent = {"comment": "A child.", "good_faith": "1", "name": "Noor", "email": "noor@example.test"}
    browser.submit("/report", **sent)
    (report,) = reports(db)
    assert report.contact == ""


def test_an_address_is_optional_where_the_law_asks_for_nothing(
    browser: Browser, bo: Any, db: Database
) -> None:
    choose(browser, "@bo")
    browser.submit("/report", email="noor@example.test", name="Noor")
    (report,) = reports(db)
    assert report.target_id == bo.account.id
    contact = db.read_now(read_contact, report)
    assert (contact.name, contact.email) == ("", "noor@example.test")


@pytest.mark.parametrize(
    "about",
    ["nobody", "/@nobody/7", "http://elsewhere.example/@bo", "/@bo/77", "x" * 300],
    ids=["name", "path", "elsewhere", "gone", "long"],
)
def test_what_is_not_there_is_asked_for_again(browser: Browser, bo: Any, about: str) -> None:
    choose(browser, about)
    assert browser.page.status_code == 422
    assert "Nothing that you can see is at this address" in browser.page.text
    assert about in browser.page.text


def test_every_way_to_name_a_post_leads_to_it(browser: Browser, bo: Any, db: Database) -> None:
    address = post(bo, "You fool")
    number = address.rsplit("/", 1)[1]
    for about in (
        address,
        f"http://127.0.0.1:8080{address}",
        f"http://127.0.0.1:8080{address}%3Fx=1",
        f"/users/bo/statuses/{number}",
        f"/@bo@127.0.0.1:8080/{number}",
    ):
        choose(browser, about)
        assert "You fool" in browser.page.text, about


def test_choices_are_asked_for_at_their_place(browser: Browser, bo: Any) -> None:
    address = post(bo, "Look: https://bad.example/x?a=1&b=2 #knit @bo")
    choose(browser, address, why="opinion-1", part="media:7", illegal="")
    assert browser.page.status_code == 422
    assert browser.page.text.count("Please choose one") == 3
    assert "opinion" not in browser.page.text
    assert 'value="link:https://bad.example/x?a=1&amp;b=2"' in browser.page.text
    assert browser.page.text.count('value="link:') == 1


def test_a_link_or_picture_can_be_meant(browser: Browser, bo: Any, db: Database) -> None:
    address = post(bo, "Look: https://bad.example/")
    choose(browser, address, part="link:https://bad.example/", why="scams-1")
    assert "The link to bad.example" in browser.page.text
    browser.submit("/report")
    (report,) = reports(db)
    assert (report.part, report.detail) == ("link", "https://bad.example/")
    choose(browser, address, part="media:avatar")
    assert browser.page.status_code == 422


def test_something_else_needs_words(browser: Browser, bo: Any, db: Database) -> None:
    choose(browser, "bo", why="other")
    browser.submit("/report", comment=" ")
    assert "tell us what is wrong" in browser.page.text
    browser.submit("/report", comment="x" * 1_001)
    assert "Comment is too long" in browser.page.text
    browser.submit("/report", comment="He bites.")
    (report,) = reports(db)
    assert (report.category, report.harm, report.rule_ids) == ("other", "", "[]")


def test_a_member_reports_what_they_can_see(
    at_home: Callable[..., Browser], browser: Browser, bo: Any, db: Database
) -> None:
    ada = at_home("ada")
    address = post(bo, "@ada you fool", visibility="direct")
    choose(browser, address)
    assert browser.page.status_code == 422  # visitors see no such post
    choose(ada, address)
    assert "You report as @ada" in ada.page.text
    assert "e-mail" not in ada.page.text.split("<main")[1]
    ada.submit("/report")
    (report,) = reports(db)
    assert report.by == By.MEMBER
    ada.open("/settings/reports")
    assert report.code in ada.page.text
    (there,) = set(re.findall(r"/reports/R-[^\"]+", ada.page.text))
    assert "Waiting" in ada.open(there.replace("&amp;", "&")).text
    choose(ada, "@ada")
    ada.submit("/report")
    assert ada.page.status_code == 422
    assert "You cannot report yourself" in ada.page.text


def test_a_wrong_key_looks_like_an_unknown_code(browser: Browser, bo: Any, db: Database) -> None:
    choose(browser, "@bo")
    browser.submit("/report")
    (report,) = reports(db)
    browser.open(f"/reports/{report.code}?key=wrong")
    wrong = (browser.page.status_code, main_of(browser))
    browser.open("/reports/R-2222-2222?key=wrong")
    assert (browser.page.status_code, main_of(browser)) == wrong
    assert wrong[0] == 404
    sent = browser.post(f"/reports/{report.code}/appeal", key="wrong", text="No!")
    assert sent.status_code == 403  # without the form's token nothing is even looked up


def test_the_outcome_is_contested_once_in_the_reporters_language(
    browser: Browser, bo: Any, db: Database, join: Callable[..., Any]
) -> None:
    choose(browser, "@bo")
    browser.submit("/report", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "等待处理" in browser.page.text
    assert 'lang="zh-Hans"' in browser.page.text
    address = str(browser.page.url).replace("&new=1", "")
    rev = join("rev", role="reviewer")
    decide(db, rev, Step.NO_ACTION)
    browser.open(address)
    assert "未采取措施" in browser.page.text
    assert "It calls her names." in browser.page.text
    assert "团队中的每个人都参与了该决定" in browser.page.text
    form = next(f["action"] for f in forms(browser) if f["action"].endswith("/appeal"))
    browser.submit(form, text=" ")
    assert browser.page.status_code == 422
    assert "Say why the decision is wrong" in browser.page.text
    browser.submit(form, text="Look again.")
    assert "Look again." in browser.page.text
    assert "您已对结果提出申诉" in browser.page.text
    assert not [f for f in forms(browser) if f["action"].endswith("/appeal")]
    join("sec", role="reviewer")
    assert "将在" in browser.open(address).text


def forms(browser: Browser) -> list[dict[str, Any]]:
    from surfaces.web.browser import forms_of

    return forms_of(browser.page.text)


def test_more_reports_cost_no_more_questions(
    at_home: Callable[..., Browser], counted: Counted, join: Callable[..., Any]
) -> None:
    ada, seen = at_home("ada"), []
    for name in ("kit", "noor", "sam"):
        join(name)
        choose(ada, f"@{name}")
        ada.submit("/report")
        seen.append(counted(ada, "/settings/reports"))
    assert seen[1] == seen[2]


def test_letters_tell_visitors_and_members_of_receipt_outcome_and_answer(
    browser: Browser,
    bo: Any,
    ada: Any,
    db: Database,
    join: Callable[..., Any],
    letters: Callable[[], list[EmailMessage]],
) -> None:
    rev, sec = join("rev", role="reviewer"), join("sec", role="reviewer")
    choose(browser, "@bo")
    browser.submit("/report", email="noor@example.test", headers={"Accept-Language": "zh"})
    (letter,) = letters()
    (report,) = reports(db)
    assert letter["To"] == "noor@example.test"
    assert f"编号是 {report.code}" in letter.get_content()
    (url,) = re.findall(r"http\S+/reports/\S+", letter.get_content())
    assert browser.open(url).status_code == 200
    filed = ada.post("/api/v1/reports", account_id=bo.id, comment="He bites.").json()
    (letter,) = letters()
    assert letter["To"] == "ada@example.test"
    assert filed["comment"] == "He bites."
    decide(db, rev, Step.NO_ACTION)
    told = {letter["To"]: letter for letter in letters()}
    assert set(told) == {"noor@example.test", "ada@example.test"}
    assert told["noor@example.test"]["Content-Language"] == "zh-Hans"
    contested = db.write_now(
        lambda tx: appeals.appeal_as_reporter(tx, get_report(tx, report.id), "Look again.")
    )
    assert [letter["To"] for letter in letters()] == ["noor@example.test"]
    db.write_now(
        appeals.decide_appeal, sec.account.id, contested.id, upheld=True, answer="You are right."
    )
    (letter,) = letters()
    assert "You are right." in letter.get_content()
    assert "您的申诉成立：将由另一人重新判断。" in browser.open(url).text


def test_reporters_are_warned_and_paused_by_letter_and_contest_it(
    ada: Any,
    bo: Any,
    db: Database,
    join: Callable[..., Any],
    letters: Callable[[], list[EmailMessage]],
) -> None:
    rev, sec = join("rev", role="reviewer"), join("sec", role="reviewer")

    def unfounded(tx: Tx) -> None:
        case = review.take_next(tx, rev.account.id)
        none = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="Bread.")
        review.decide_case(tx, rev.account.id, case.id, none, unfounded=True)

    subjects: list[str] = []
    for _ in range(PAUSE_AFTER):
        ada.post("/api/v1/reports", account_id=bo.id, comment="He bites.")
        db.write_now(unfounded)
    subjects = [letter["Subject"] for letter in letters()]
    assert sum("report with more care" in subject for subject in subjects) == 1
    assert sum("You cannot report until" in subject for subject in subjects) == 1
    assert ada.post("/api/v1/reports", account_id=bo.id).status_code == 403
    report = reports(db)[0]
    filed = db.write_now(appeals.appeal_as_reporter, report, "Look again.")
    db.write_now(appeals.decide_appeal, sec.account.id, filed.id, upheld=True, answer="Yes.")
    assert ada.post("/api/v1/reports", account_id=bo.id).status_code == 200
