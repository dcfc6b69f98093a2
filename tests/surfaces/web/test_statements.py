"""Statements of reasons: told, read, contested, answered, with or without signing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.appeals.queries import list_open
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import (
    APPEAL_WINDOW,
    Decision,
    Draft,
    Ending,
    Ground,
    Step,
    Subject,
    SubjectKind,
    statement_path,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Settings
from folkmoot.kit.tlog.notes import parse_vkey
from folkmoot.kit.tlog.statements import Statement as Proof
from folkmoot.kit.tlog.statements import StatementBroken, check_statement
from surfaces.web.browser import Browser, forms_of
from surfaces.web.conftest import Counted

Letters = Callable[[], list[EmailMessage]]
BODY = "Council for Disputes https://adr.example/eu"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    instance = msgspec.structs.replace(settings.instance, dispute_bodies=(BODY,))
    return msgspec.structs.replace(settings, instance=instance)


Read = Callable[[Decision], Any]


@pytest.fixture
def read(browser: Browser, settings: Settings) -> Read:
    """Opens a statement by its key."""
    return lambda made: browser.open(statement_path(settings.secrets.secret_key, made.id))


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def decide(db: Database, rev: Any) -> Callable[..., Decision]:
    """Decides about a member's account, or about a post of theirs."""

    def make(me: Any, step: Step, post_id: int = 0, **more: Any) -> Decision:
        subject = (
            Subject(SubjectKind.POST, post_id, me)
            if post_id
            else Subject(SubjectKind.ACCOUNT, me, me)
        )
        said = {"rule_code": "spam-1", "facts": "The <same> link, forty times.", **more}
        draft = Draft(step=step, **said)
        return db.write_now(decisions.decide, rev.account.id, subject, draft=draft)

    return make


def secret(db: Database, settings: Settings, decision: Decision) -> str:
    return statement_path(settings.secrets.secret_key, decision.id)


def speak(db: Database, member: Any, locale: str) -> None:
    db.write_now(lambda tx: save_user(tx, get_user(tx, member.account.id), locale=locale))


def test_a_member_is_told_reads_and_contests_by_letter_alone(
    browser: Browser,
    ada: Any,
    db: Database,
    decide: Callable[..., Decision],
    letters: Letters,
    join: Callable[..., Any],
) -> None:
    sec = join("sec", role="reviewer")
    post = int(ada.post("/api/v1/statuses", status="Buy <now>").json()["id"])
    law = {"ground": Ground.LAW, "law": "Section 7 of the Spam Act"}
    made = decide(ada.account.id, Step.QUARANTINE, post, **law)
    (letter,) = letters()
    assert letter["To"] == "ada@example.test"
    assert "The <same> link, forty times." in letter.get_content()
    (url,) = re.findall(r"http\S+/statements/\S+", letter.get_content())
    page = browser.open(url)
    assert page.status_code == 200
    for words in (
        "A decision about a post of yours",
        "In force",
        "The &lt;same&gt; link, forty times.",
        "Buy &lt;now&gt;",
        "Withheld from everybody but its author",
        f"/rules/versions/{made.version_id}?lang=en#spam-1",
        "Section 7 of the Spam Act",
        "Nobody reported it",
        "Found without automation.",
        f"Decided by a person, {made.decider}.",
        "Everywhere this service is read.",
        "somebody looks again by",
        "https://adr.example/eu",
        "You can also go to court.",
        clock.spoken(made.contestable_until()),
    ):
        assert words in page.text, words
    assert page.headers["referrer-policy"] == "same-origin"
    form = f"/statements/{made.id}/appeal"
    browser.submit(form, text="")
    assert browser.page.status_code == 422
    assert "Say why the decision is wrong" in browser.page.text
    browser.submit(form, text="It was bread.")
    assert "You have contested this decision" in browser.page.text
    assert "Somebody who took no part in the decision answers" in browser.page.text
    (letter,) = letters()
    assert letter["Subject"].startswith("We have your appeal")
    (appeal,) = db.read_now(list_open)
    db.write_now(
        appeals.decide_appeal, sec.account.id, appeal.id, upheld=True, answer="Bread it was."
    )
    (letter,) = letters()
    assert "Bread it was." in letter.get_content()
    assert letter["Subject"].startswith("Your appeal was right")
    page = browser.open(url)
    for words in ("No longer in force", "Your appeal was right", "Bread it was.", "It was bread."):
        assert words in page.text
    assert "/appeal" not in page.text


def test_the_statement_speaks_the_members_language(
    ada: Any,
    db: Database,
    read: Read,
    decide: Callable[..., Decision],
    letters: Letters,
) -> None:
    speak(db, ada, "zh-CN")
    made = decide(ada.account.id, Step.PAUSE, ends_at=clock.now() + clock.DAY)
    (letter,) = letters()
    assert letter["Content-Language"] == "zh-Hans"
    assert "在一段时间内暂停发帖" in letter.get_content()
    page = read(made)
    assert 'lang="zh-Hans"' in page.text
    assert "关于您的账号的决定" in page.text
    assert "禁止垃圾信息" in page.text
    assert "团队中的每个人都参与了该决定" in page.text  # rev is alone
    db.write_now(decisions.end_decision, made.id, Ending.REVERSED, reason="Ein Irrtum.")
    (letter,) = letters()
    assert "管理团队已撤回。 Ein Irrtum." in letter.get_content()
    assert "已失效" in read(made).text


def test_only_whom_it_concerns_reads_it(
    at_home: Callable[..., Browser],
    browser: Browser,
    db: Database,
    settings: Settings,
    decide: Callable[..., Decision],
) -> None:
    kit, bo = at_home("kit"), at_home("bo")
    me = db.read_now(find_account_by_name, "kit").id  # type: ignore[union-attr]

    made = decide(me, Step.UNLIST, ends_at=clock.now() + clock.DAY)
    plain = f"/statements/{made.id}"
    assert "Out of public timelines" in kit.open(plain).text
    assert "Out of public timelines" in kit.open(f"/disputes/strikes/{made.id}").text
    kit.open("/settings/decisions")
    assert plain in kit.page.text
    assert bo.open(plain).status_code == 404
    assert "Nothing was decided about you" in bo.open("/settings/decisions").text
    assert browser.open(plain).url.path == "/auth/sign-in"
    wrong = browser.open(f"{plain}?key=wrong")
    assert wrong.status_code == 404
    other = secret(db, settings, made).replace(str(made.id), str(made.id + 1))
    assert browser.open(other).status_code == 404
    nothing = decide(me, Step.NO_ACTION)
    assert kit.open(f"/statements/{nothing.id}").status_code == 404
    assert str(nothing.id) not in kit.open("/settings/decisions").text
    assert browser.open(secret(db, settings, nothing)).status_code == 404


def test_a_decision_is_contested_once_and_in_time(
    browser: Browser,
    ada: Any,
    db: Database,
    settings: Settings,
    decide: Callable[..., Decision],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = decide(ada.account.id, Step.UNLIST, ends_at=clock.now() + clock.DAY)
    url, form = secret(db, settings, made), f"/statements/{made.id}/appeal"
    browser.open(url)
    fields = browser.form(form)["fields"]
    assert browser.post(form, **{**fields, "text": "No!"}).status_code == 303
    again = browser.post(form, **{**fields, "text": "No!"})
    assert again.status_code == 409
    assert "has been filed already" in again.text
    other = decide(ada.account.id, Step.PAUSE, ends_at=clock.now() + clock.DAY)
    later = clock.now() + APPEAL_WINDOW + clock.DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    browser.open(secret(db, settings, other))
    assert "could be contested until" in browser.page.text
    assert not [f for f in forms_of(browser.page.text) if f["action"].endswith("/appeal")]
    assert browser.open(url).status_code == 200


def test_a_rejected_appeal_names_its_reasons(
    read: Read,
    ada: Any,
    db: Database,
    decide: Callable[..., Decision],
    join: Callable[..., Any],
    letters: Letters,
) -> None:
    sec = join("sec", role="reviewer")
    made = decide(ada.account.id, Step.UNLIST, ends_at=clock.now() + clock.DAY)
    filed = db.write_now(appeals.appeal_as_author, made.id, "No!")
    letters()
    db.write_now(appeals.decide_appeal, sec.account.id, filed.id, upheld=False, answer="Forty.")
    (letter,) = letters()
    assert letter["Subject"].startswith("Your appeal was answered")
    page = read(made)
    assert "The decision stands" in page.text
    assert "Forty." in page.text
    assert "In force" in page.text


def test_what_a_detector_did_is_said_so(
    browser: Browser, ada: Any, db: Database, settings: Settings
) -> None:
    post = int(ada.post("/api/v1/statuses", status="Buy").json()["id"])
    subject = Subject(SubjectKind.POST, post, ada.account.id)
    draft = Draft(
        step=Step.LABEL,
        rule_code="spam-1",
        facts="It carries a link of a list.",
        label="This link is on a list.",
        detector="listed-links",
    )
    made = db.write_now(decisions.act_automatically, subject, draft=draft)
    page = browser.open(secret(db, settings, made))
    assert "Found automatically, by the detector listed-links." in page.text
    assert "Decided automatically; no person has taken part yet." in page.text
    assert "This link is on a list." in page.text


def test_more_decisions_cost_no_more_questions(
    at_home: Callable[..., Browser], db: Database, decide: Callable[..., Decision], counted: Counted
) -> None:
    kit, seen = at_home("kit"), []
    me = db.read_now(find_account_by_name, "kit").id  # type: ignore[union-attr]

    for _ in range(3):
        made = decide(me, Step.UNLIST, ends_at=clock.now() + clock.DAY)
        db.write_now(appeals.appeal_as_author, made.id, "No!")
        seen.append(counted(kit, "/settings/decisions"))
    assert seen[1] == seen[2]
    assert "Appeal waits for an answer" in kit.page.text


def test_the_proof_of_a_decision_is_checked_by_anybody(
    browser: Browser,
    ada: Any,
    db: Database,
    settings: Settings,
    decide: Callable[..., Decision],
    run_jobs: Callable[[], None],
) -> None:
    """It opens what the entry commits to, and holds without this server's help."""
    made = decide(ada.account.id, Step.UNLIST)
    path, _, key = secret(db, settings, made).partition("?")
    assert browser.open(f"{path}/proof.json?{key}").status_code == 409
    run_jobs()
    found = browser.open(f"{path}/proof.json?{key}")
    assert found.headers["content-disposition"] == f'attachment; filename="D-{made.id}.json"'
    statement = msgspec.json.decode(found.content, type=Proof)
    checkpoint = check_statement(statement, parse_vkey(statement.key))
    assert checkpoint.size > statement.index
    assert statement.private is not None
    said = msgspec.json.decode(statement.private)
    assert (said["facts"], said["account"]) == (made.facts, ada.account.uri)
    other = msgspec.structs.replace(statement, private=statement.private.replace("forty", "fifty"))
    with pytest.raises(StatementBroken):
        check_statement(other, parse_vkey(statement.key))
    page = browser.open(f"{path}?{key}")
    assert f"{path}/proof.json?{key}" in page.text
    assert browser.open(f"{path}/proof.json?key=wrong").status_code == 404
    assert b"leaf" not in browser.open(f"{path}/proof.json").content


def test_labels_screens_and_holds_are_shown_with_their_reasons(
    at_home: Callable[..., Browser], browser: Browser, db: Database, decide: Callable[..., Decision]
) -> None:
    kit = at_home("kit")
    kit.submit("/compose", text="The bridge is shut")
    address = kit.page.url.path
    number = int(address.rsplit("/", 1)[1])
    me = db.read_now(find_account_by_name, "kit").id  # type: ignore[union-attr]
    label = "The office says: <open>."
    labelled = decide(me, Step.LABEL, number, rule_code="scams-1", label=label)
    page = browser.open(address)
    assert "The office says: &lt;open&gt;." in page.text
    assert 'href="/rules/versions/1#scams-1"' in page.text
    assert "Told to you alone" not in page.text
    page = kit.open(address)
    assert "Told to you alone: a label beside the post" in page.text
    assert "The &lt;same&gt; link, forty times." in page.text
    assert f'href="/statements/{labelled.id}"' in page.text
    held = decide(me, Step.QUARANTINE, number, ends_at=clock.now() + clock.DAY)
    assert browser.open(address).status_code == 404
    page = kit.open(address)
    assert "withheld from everybody but its author, until" in page.text
    assert f'href="/statements/{held.id}"' in page.text
    assert "was decided" in kit.open("/alerts").text
    links = re.findall(r'href="(/alerts/\d+)"', kit.page.text)
    assert {kit.open(link).url.path for link in links} == {
        f"/statements/{labelled.id}",
        f"/statements/{held.id}",
    }
    assert kit.open("/alerts/7").status_code == 404


def test_clients_meet_labels_and_screens_as_they_know_them(
    ada: Any, bo: Any, decide: Callable[..., Decision]
) -> None:
    number = int(ada.post("/api/v1/statuses", status="The bridge is shut").json()["id"])
    label = "The office says: <open>."
    made = decide(ada.account.id, Step.LABEL, number, rule_code="scams-1", label=label)
    status = bo.get(f"/api/v1/statuses/{number}").json()
    assert status["content"] == (
        '<p>The bridge is shut</p><p class="moderation-label">⚖ 127.0.0.1:8080: '
        "The office says: &lt;open&gt;. "
        f'<a href="http://127.0.0.1:8080/rules/versions/{made.version_id}#scams-1" '
        'rel="nofollow noopener" target="_blank">scams-1</a></p>'
    )
    source = ada.get(f"/api/v1/statuses/{number}/source").json()
    assert source["text"] == "The bridge is shut"
    assert not status["sensitive"]
    decide(ada.account.id, Step.SCREEN, number, rule_code="adult-content-1")
    assert bo.get(f"/api/v1/statuses/{number}").json()["sensitive"]
