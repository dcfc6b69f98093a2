"""Second looks on the web: appeals answered by others, decisions ended early or kept."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.domain.appeals import queries as appeals
from folkmoot.domain.appeals.actions import appeal_as_author, appeal_as_reporter
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import REVIEW_AFTER
from folkmoot.domain.decisions.queries import get_decision, list_of_case
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.reports.queries import get_report
from folkmoot.domain.review import queries
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted
from surfaces.web.desk_life import QUEUE, Desk, take

APPEALS = "/desk/appeals"
IN_FORCE = "/desk/decisions"


@pytest.fixture
def quiet(desk: Desk) -> int:
    """A post that not everybody can read."""
    desk.id_of("bo")
    return desk.post("ada", "@bo a whisper", visibility=Visibility.DIRECT)


def decide(desk: Desk, rev: Browser, db: Database, post: int, **typed: str) -> Any:
    """What one reviewer has decided about a reported post, and the report."""
    report = desk.report("bo", "ada", post, harm=Harm.SPAM, comment="Look at this")
    case = desk.case()
    take(rev)
    said = {"facts": "One link, forty times.", "step": "post:unlist", **typed}
    rev.submit(f"{rev.page.url.path}/decide", **said)
    (made,) = db.read_now(list_of_case, case.id)
    return made, report


def test_an_author_is_answered_by_somebody_else_and_everything_is_restored(
    desk: Desk, rev: Browser, staff: Any, db: Database
) -> None:
    made, _ = decide(desk, rev, db, desk.post("ada", "buy"))
    appeal = db.write_now(appeal_as_author, made.id, "It was one <b>link</b>.")
    here = f"{APPEALS}/{appeal.id}"
    assert "The whole team took part" in rev.open(APPEALS).text
    assert "no independent reviewer exists here" in rev.open(here).text
    sec = staff("sec")
    assert "You took part: somebody else answers" in rev.open(APPEALS).text
    assert f'action="{here}/answer"' not in rev.open(here).text
    token = rev.open("/compose") and rev.form("/compose")["fields"]["csrf"]
    own = rev.post(f"{here}/answer", csrf=token, verdict="uphold", answer="I was right.")
    assert own.status_code == 403
    assert "Somebody else has to decide this" in own.text
    page = sec.open(here)
    assert "It was one &lt;b&gt;link&lt;/b&gt;." in page.text
    assert "One link, forty times." in page.text
    assert "Decided by @rev." in page.text
    sec.submit(f"{here}/answer", answer="It was one.")
    assert "Say whether the appeal is right" in sec.page.text
    assert "It was one." in sec.page.text
    sec.submit(f"{here}/answer", verdict="uphold", answer="")
    assert "Give the reasons" in sec.page.text
    sec.submit(f"{here}/answer", verdict="uphold", answer="One link is no flood.")
    assert "The appeal is upheld" in sec.page.text
    assert "No appeal waits" in sec.page.text
    assert "One link is no flood." in sec.open(here).text
    assert db.read_now(get_decision, made.id).ending == "appeal-upheld"


def test_a_reporters_appeal_opens_the_case_again(
    desk: Desk, rev: Browser, staff: Any, db: Database
) -> None:
    made, report = decide(desk, rev, db, desk.post("ada", "buy"), step="post:no-action")
    appeal = db.write_now(
        lambda tx: appeal_as_reporter(tx, get_report(tx, report.id), "Look again.")
    )
    sec = staff("sec")
    page = sec.open(f"{APPEALS}/{appeal.id}")
    assert "Contested by who reported it" in page.text
    assert "Look at this" in page.text
    sec.submit(f"{APPEALS}/{appeal.id}/answer", verdict="uphold", answer="It is spam.")
    assert [case.id for case in db.read_now(queries.list_queue)] == [made.case_id]


def test_the_post_of_an_appeal_is_shown_to_who_answers_and_the_look_is_on_record(
    desk: Desk, rev: Browser, staff: Any, db: Database, quiet: int
) -> None:
    desk.report("bo", "ada", quiet)
    case = desk.case()
    take(rev)
    rev.submit(
        f"{rev.page.url.path}/decide", rule_code="spam-1", facts="Spam.", step="post:quarantine"
    )
    (made,) = db.read_now(list_of_case, case.id)
    appeal = db.write_now(appeal_as_author, made.id, "It was for one person.")
    here = f"{APPEALS}/{appeal.id}"
    sec = staff("sec")
    assert "a whisper" not in sec.open(here).text
    page = sec.press(f"{here}/answer", f"{here}/look", post=str(quiet), answer="Half an answer")
    assert "a whisper" in page.text
    assert "Half an answer" in page.text
    (seen,) = db.read_now(queries.list_looks, case.id, Page())
    assert seen.what == f"post {quiet}"
    token = rev.open("/compose") and rev.form("/compose")["fields"]["csrf"]
    refused = rev.post(f"{here}/look", csrf=token)
    assert refused.status_code == 403
    assert "whisper" not in refused.text


def test_a_decision_is_ended_early_with_a_reason(desk: Desk, rev: Browser, db: Database) -> None:
    made, _ = decide(desk, rev, db, desk.post("ada", "buy"))
    page = rev.open(IN_FORCE)
    assert "One link, forty times." in page.text
    assert "@rev" in page.text
    rev.submit(f"{IN_FORCE}/{made.id}/end", reason=" ")
    assert rev.page.status_code == 422
    assert "Say why" in rev.page.text
    rev.submit(f"{IN_FORCE}/{made.id}/end", reason="The link is fine.")
    assert "what it did is undone" in rev.page.text
    assert "Nobody is restricted" in rev.page.text
    token = rev.open("/compose") and rev.form("/compose")["fields"]["csrf"]
    again = rev.post(f"{IN_FORCE}/{made.id}/end", csrf=token, reason="Again.")
    assert again.status_code == 409
    assert rev.post(f"{IN_FORCE}/77/end", csrf=token, reason="x").status_code == 404


def test_what_has_no_end_is_kept_after_another_look(
    desk: Desk, rev: Browser, db: Database, monkeypatch: Any
) -> None:
    assert "No decision has to be looked at again soon" in rev.open(f"{IN_FORCE}?due=1").text
    monkeypatch.setattr(decisions, "REVIEW_AFTER", clock.HOUR)
    made, _ = decide(desk, rev, db, desk.post("ada", "buy"), ends_at="")
    assert "1</strong><span>decision to look at again" in rev.open("/desk").text
    monkeypatch.setattr(decisions, "REVIEW_AFTER", REVIEW_AFTER)
    late = clock.now() + 2 * clock.HOUR
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "1 late" in rev.open("/desk").text
    page = rev.open(f"{IN_FORCE}?due=1")
    assert "Should have been looked at again by" in page.text
    rev.submit(f"{IN_FORCE}/{made.id}/keep", reason="The shop is still there.")
    assert "It stays in force" in rev.page.text
    assert "No decision has to be looked at again soon" in rev.page.text
    assert db.read_now(get_decision, made.id).review_at == late + REVIEW_AFTER


def test_second_looks_ask_a_fixed_number_of_questions(
    desk: Desk, rev: Browser, staff: Any, db: Database, counted: Counted
) -> None:
    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            made, _ = decide(desk, rev, db, desk.post("ada", f"buy {n}"))
            db.write_now(appeal_as_author, made.id, "No.")

    staff("sec")
    fill(0, 2)
    paths = (APPEALS, IN_FORCE, f"{IN_FORCE}?due=1", "/desk")
    first = [counted(rev, path) for path in paths]
    fill(2, 5)
    assert [counted(rev, path) for path in paths] == first
    assert max(first) <= 24
    assert len(db.read_now(appeals.list_open)) == 5
    assert rev.open(QUEUE).status_code == 200
