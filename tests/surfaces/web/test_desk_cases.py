"""Cases on the web: taken, looked into, decided, with and without what may not be seen."""

from __future__ import annotations

import re
from typing import Any

from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.decisions.queries import list_of_case
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.review import queries
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page
from surfaces.web.browser import Browser
from surfaces.web.conftest import Counted
from surfaces.web.desk_life import QUEUE, Desk, take


def test_a_case_is_taken_decided_and_the_next_one_follows(
    desk: Desk, rev: Browser, db: Database
) -> None:
    words = desk.post("ada", "Buy my <b>watches</b> now")
    desk.report("bo", "ada", words, harm=Harm.SPAM, comment="Forty times today")
    desk.report("", "ada", harm=Harm.HARASSMENT, comment="They follow me around")
    page = rev.open(QUEUE)
    assert "2 open" in page.text
    assert "Buy my &lt;b&gt;watches" in page.text
    assert "seen by about 0, 1 reporter, waiting for less than a minute" in page.text
    first = take(rev)
    assert "The account @ada" in first.text
    assert "They follow me around" in first.text
    assert "ed@e.test" not in first.text
    here = str(first.url.path)
    assert "Yours until" in first.text
    rev.submit(f"{here}/decide", facts="They wrote to somebody who had asked them not to.")
    assert "Decided. The member and whoever reported it are told." in rev.page.text
    assert "A post by @ada" in rev.page.text
    assert "@bo" not in rev.page.text
    rev.submit(
        f"{rev.page.url.path}/decide", facts="One link.", step="post:no-action", unfounded="1"
    )
    assert rev.page.url.path == QUEUE
    assert "0 open" in rev.page.text
    assert "2 cases in 0 minutes" in rev.page.text


def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, rev: Browser
) -> None:
    desk.report("bo", "ada", desk.post("ada", "buy"), harm=Harm.SPAM)
    take(rev)
    here = rev.page.url.path
    rev.submit(f"{here}/decide", facts="  ", step="post:label", ends_at="259200000", law="§ 1")
    assert rev.page.status_code == 422
    assert "Say what happened" in rev.page.text
    kept = rev.form(f"{here}/decide")["fields"]
    assert (kept["step"], kept["ends_at"], kept["law"]) == ("post:label", "259200000", "§ 1")
    rev.submit(f"{here}/decide", facts="It is so.", step="account:pause", ends_at="")
    assert "needs an end" in rev.page.text
    assert rev.form(f"{here}/decide")["fields"]["facts"] == "It is so."
    rev.submit(f"{here}/decide", rule_code="")
    assert "Choose the rule" in rev.page.text
    rev.submit(f"{here}/decide", rule_code="spam-1", step="post:hold")
    assert "Choose what is done" in rev.page.text


def test_the_statement_is_read_before_it_is_sent(desk: Desk, rev: Browser, db: Database) -> None:
    desk.report("bo", "ada", desk.post("ada", "buy"), harm=Harm.SPAM)
    case = desk.case()
    take(rev)
    here = rev.page.url.path
    rev.press(f"{here}/decide", f"{here}/preview", facts="", step="post:unlist")
    assert "Say what happened" in rev.page.text
    typed = {"facts": "One link, forty times.", "step": "post:unlist", "ends_at": "604800000"}
    rev.press(f"{here}/decide", f"{here}/preview", **typed)
    assert rev.page.status_code == 200
    assert "A decision about a post of yours" in rev.page.text
    assert "Somebody reported it." in rev.page.text
    assert "Found without automation." in rev.page.text
    assert rev.form(f"{here}/decide")["fields"]["facts"] == "One link, forty times."
    rev.press(f"{here}/decide", f"{here}/preview", **{**typed, "step": "post:no-action"})
    assert "the member is not told" in rev.page.text
    rev.press(f"{here}/decide", f"{here}/preview", **typed)
    assert db.read_now(list_of_case, case.id) == []
    rev.submit(f"{here}/decide")
    (made,) = db.read_now(list_of_case, case.id)
    assert (made.step, made.facts) == ("unlist", typed["facts"])
    assert made.ends_at is not None
    assert made.ends_at - made.created_at == 7 * clock.DAY


def test_a_case_leads_to_the_author_and_to_more(desk: Desk, rev: Browser, db: Database) -> None:
    desk.report("bo", "ada", desk.post("ada", "buy"), harm=Harm.SPAM)
    case = desk.case()
    take(rev)
    here = rev.page.url.path
    rev.submit(f"{here}/decide", facts="Spam.", step="post:unlist", more="1")
    assert "stays with you" in rev.page.text
    assert rev.page.url.path == here
    rev.submit(f"{here}/decide", facts="A bot.", step="account:pause", ends_at="86400000", more="")
    made = db.read_now(list_of_case, case.id)
    assert [(one.subject_kind, one.step) for one in made] == [
        ("post", "unlist"),
        ("account", "pause"),
    ]


def test_what_is_not_public_is_shown_on_request_and_the_look_is_on_record(
    desk: Desk, rev: Browser, staff: Any, db: Database
) -> None:
    desk.id_of("bo")
    quiet = desk.post("ada", "@bo a whisper among friends", visibility=Visibility.DIRECT)
    desk.report("bo", "ada", quiet, comment="Look at this")
    case = desk.case()
    assert "whisper" not in rev.open(QUEUE).text
    sec = staff("sec")
    page = sec.open(f"{QUEUE}/{case.id}")
    assert "whisper" not in page.text
    assert "Take the case to see it" in page.text
    take(rev)
    assert "whisper" not in rev.page.text
    assert "Only for those mentioned" in rev.page.text
    look = f"{QUEUE}/{case.id}/look"
    typed = {"facts": "What I typed", "step": "post:unlist"}
    sent = rev.press(f"{QUEUE}/{case.id}/decide", look, post=str(quiet), **typed)
    assert sent.status_code == 200
    assert "whisper among friends" in sent.text
    assert "What I typed" in sent.text
    (seen,) = db.read_now(queries.list_looks, case.id, Page())
    assert (seen.account_id, seen.what) == (case.account_id, f"post {quiet}")
    assert "whisper among friends" in rev.open(f"{QUEUE}/{case.id}").text
    assert "1 look at what is not public" in rev.page.text
    assert sec.post(look, csrf="x", post=str(quiet)).status_code == 403
    token = sec.open("/compose") and sec.form("/compose")["fields"]["csrf"]
    refused = sec.post(look, csrf=token, post=str(quiet))
    assert refused.status_code == 409
    assert "whisper" not in refused.text
    assert len(db.read_now(queries.list_looks, case.id, Page())) == 1


def test_context_is_shown_on_request_and_only_what_everybody_reads(
    desk: Desk, rev: Browser
) -> None:
    first = desk.post("bo", "How are the boats?")
    words = desk.post("ada", "None of your business", in_reply_to_id=first)
    desk.post("cy", "Now, now", in_reply_to_id=words)
    desk.post("bo", "@ada between us", in_reply_to_id=words, visibility=Visibility.DIRECT)
    desk.report("bo", "ada", words)
    take(rev)
    assert "How are the boats?" not in rev.page.text
    here = rev.page.url.path
    page = rev.press(f"{here}/decide", f"{here}/look", show="thread")
    assert "How are the boats?" in page.text
    assert "Now, now" in page.text
    assert "between us" not in page.text


def test_a_case_is_skipped_given_back_and_kept(desk: Desk, rev: Browser, staff: Any) -> None:
    desk.report("bo", "ada")
    take(rev)
    here = rev.page.url.path
    rev.submit(f"{here}/skip")
    assert "Put aside for today" in rev.page.text
    rev.submit(f"{QUEUE}/next")
    assert "Nothing waits for you" in rev.page.text
    sec = staff("sec")
    take(sec)
    assert sec.page.url.path == here
    assert "@sec until" in rev.open(QUEUE).text
    sec.submit(f"{here}/take")
    sec.open(here)
    sec.submit(f"{here}/release")
    assert "Given back" in sec.page.text
    assert "@sec until" not in rev.open(QUEUE).text


def test_a_lease_that_ran_out_costs_nothing_unless_somebody_took_the_case(
    desk: Desk, rev: Browser, staff: Any, monkeypatch: Any
) -> None:
    desk.report("bo", "ada", desk.post("ada", "one"), harm=Harm.SPAM)
    desk.report("bo", "ada", desk.post("ada", "two"), harm=Harm.SPAM)
    sec = staff("sec")
    take(rev)
    here = rev.page.url.path
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + 10 * clock.MINUTE)
    rev.submit(f"{here}/decide", facts="Spam.", step="post:unlist")
    assert "Decided." in rev.page.text
    other = rev.page.url.path
    monkeypatch.setattr(clock, "now", lambda: start + 20 * clock.MINUTE)
    take(sec)
    assert sec.page.url.path == other
    rev.submit(f"{other}/decide", facts="What I had written.", step="post:unlist")
    assert rev.page.status_code == 409
    assert "Another reviewer has this case until" in rev.page.text
    assert "What I had written." in rev.page.text


def test_nobody_opens_a_case_they_are_part_of(desk: Desk, rev: Browser, db: Database) -> None:
    desk._ids["rev"] = _id_of(db, "rev")
    desk.report("rev", "ada")
    page = rev.open(f"{QUEUE}/{desk.case().id}")
    assert page.status_code == 403
    assert "somebody else has to judge it" in page.text
    assert rev.open(f"{QUEUE}/77").status_code == 404
    assert rev.open(f"{QUEUE}/nonsense").status_code == 404


def _id_of(db: Database, name: str) -> int:
    found = db.read_now(find_account_by_name, name)
    assert found
    return found.id


def test_the_queue_is_narrowed_and_turned_over(desk: Desk, rev: Browser, member: Any) -> None:
    for n in range(21):
        desk.report("bo", "ada", desk.post("ada", f"buy {n}"), harm=Harm.SPAM)
    desk.report("bo", "ada", harm=Harm.HATE)
    page = rev.open(f"{QUEUE}?harm=hate")
    assert ">A post by" not in page.text
    assert "The account @ada" in page.text
    assert ">The account" not in rev.open(f"{QUEUE}?kind=post&detector=nonsense!&late=").text
    assert "No open case is like this." in rev.open(f"{QUEUE}?late=1").text
    first = rev.open(QUEUE)
    assert "buy 18" in first.text
    assert "buy 20" not in first.text
    (further,) = {h for h in _links(first.text) if "after=" in h}
    second = rev.open(further)
    assert "buy 20" in second.text
    assert "buy 18" not in second.text
    assert "From the front" in second.text
    assert rev.open(f"{QUEUE}?after=77").status_code == 404


def _links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def test_a_proposal_is_read_agreed_to_or_sent_back(
    desk: Desk, rev: Browser, staff: Any, db: Database
) -> None:
    desk.report("bo", "ada", harm=Harm.SCAMS)
    case = desk.case()
    sec = staff("sec")
    take(rev)
    here = rev.page.url.path
    rev.submit(f"{here}/decide", facts="A shop that is none.", step="account:suspend")
    assert "waits for a second reviewer" in rev.page.text
    assert "The account @ada" in rev.open("/desk/proposals").text
    own = rev.open(here)
    assert "Somebody else has to agree" in own.text
    assert "/agree" not in own.text
    page = sec.open(here)
    assert "Proposed by @rev" in page.text
    assert "A shop that is none." in page.text
    sec.submit(f"/desk/proposals/{case.id}/disagree")
    assert "back in the queue" in sec.page.text
    take(rev)
    rev.submit(f"{here}/decide", facts="A shop that is none.", step="account:suspend")
    sec.open(here)
    sec.submit(f"/desk/proposals/{case.id}/agree")
    assert "Agreed, and done." in sec.page.text
    (made,) = db.read_now(list_of_case, case.id)
    assert made.step == "suspend"
    assert made.seconder
    closed = sec.open(here).text
    assert "This case is closed" in closed
    assert "Decided in this case" in closed
    assert "A shop that is none." in closed


def test_a_proposal_whose_time_is_over_says_so(
    desk: Desk, rev: Browser, staff: Any, db: Database, monkeypatch: Any
) -> None:
    from folkmoot.domain.decisions import model

    monkeypatch.setattr(model, "GREAT_REACH", 0)
    desk.report("bo", "ada", harm=Harm.SPAM)
    sec = staff("sec")
    take(rev)
    here = rev.page.url.path
    rev.submit(f"{here}/decide", facts="Spam.", step="account:pause", ends_at="86400000")
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + 2 * clock.DAY)
    page = sec.open(here)
    assert "can no longer be done as it stands" in page.text
    assert "/agree" not in page.text


def test_like_cases_are_decided_at_once(desk: Desk, rev: Browser, db: Database) -> None:
    for n in range(3):
        desk.report("bo", "ada", desk.post("ada", f"buy {n}"), harm=Harm.SPAM)
    found = db.read_now(queries.list_queue)
    here = f"{QUEUE}/{found[0].id}/alike"
    page = rev.open(here)
    assert page.text.count("About the same account.") == 2
    fields = rev.form(here)["fields"]
    typed = {**fields, "facts": "The same link.", "step": "post:unlist", "rule_code": "spam-1"}
    none = rev.post(here, **{**typed, "cases": []})
    assert none.status_code == 422
    assert "Choose the cases" in none.text
    some = [str(found[0].id), str(found[2].id)]
    wrong = rev.post(here, **{**typed, "cases": some, "facts": ""})
    assert wrong.text.count("checked") >= 2
    done = rev.post(here, **{**typed, "cases": some})
    assert done.status_code == 303
    assert [c.id for c in db.read_now(queries.list_queue)] == [found[1].id]
    for case_id in some:
        (made,) = db.read_now(list_of_case, int(case_id))
        assert made.facts == "The same link."
    assert rev.open(here).status_code == 409


def test_pages_ask_a_fixed_number_of_questions(
    desk: Desk, rev: Browser, counted: Counted, db: Database
) -> None:
    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            words = desk.post(f"author{n}", "The very same words in every post of theirs")
            desk.report(f"by{n}", f"author{n}", words, harm=Harm.SPAM)
            desk.report(f"by{n}", "ada", *posts, harm=Harm.HATE)

    posts = [desk.post("ada", f"words {n}") for n in range(4)]
    fill(0, 3)
    about_ada = next(c for c in db.read_now(queries.list_queue) if c.subject_kind == "account")
    paths = ("/desk", QUEUE, f"{QUEUE}/{about_ada.id}", "/desk/proposals")
    first = [counted(rev, path) for path in paths]
    fill(3, 12)
    assert [counted(rev, path) for path in paths] == first
    assert max(first) <= 24
