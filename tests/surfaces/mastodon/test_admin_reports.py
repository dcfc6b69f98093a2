"""Reports as the team works on them through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import ALL_SCOPES, Member
from folkmoot.domain.decisions.queries import list_of_account
from folkmoot.domain.reports import queries
from folkmoot.domain.reports.actions import file_report_as_visitor
from folkmoot.domain.reports.model import Complaint, Contact
from folkmoot.domain.review.model import LEASE, post_mark
from folkmoot.domain.review.queries import get_case, list_looks
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page
from plans import check_page_plan

HERE = "/api/v1/admin/reports"


@pytest.fixture
def staff(join: Callable[..., Member]) -> Callable[..., Member]:
    scopes = f"{ALL_SCOPES} admin:read:reports admin:write:reports admin:write:accounts"
    return lambda name="rev": join(name, role="reviewer", scopes=scopes)


@pytest.fixture
def rev(staff: Any) -> Any:
    return staff()


def report(by: Any, whom: Any, **more: Any) -> str:
    response = by.post("/api/v1/reports", account_id=whom.id, **more)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def listed(who: Any, **params: Any) -> list[str]:
    response = who.get(HERE, **params)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()]


def test_lists_are_open_resolved_or_both(rev: Any, ada: Any, bo: Any) -> None:
    first, second = report(ada, bo, category="spam"), report(bo, ada, category="spam")
    assert listed(rev) == [second, first]
    assert rev.post(f"{HERE}/{first}/resolve").status_code == 200
    assert listed(rev) == listed(rev, unresolved=True) == [second]
    assert listed(rev, resolved=True) == [first]
    assert listed(rev, resolved=True, unresolved=True) == [second, first]
    everything = {"resolved": True, "unresolved": True}
    assert listed(rev, account_id=ada.id, **everything) == [first]
    assert listed(rev, target_account_id=ada.id) == [second]
    assert listed(rev, account_id=ada.id, target_account_id=ada.id) == []
    page = rev.get(HERE, limit=1, **everything)
    assert 'rel="next"' in page.headers["link"]
    assert listed(rev, limit=1, max_id=second, **everything) == [first]


def test_nobody_reads_what_is_reported_of_them(rev: Any, ada: Any, staff: Any) -> None:
    about = report(ada, rev, category="spam", comment="They are rude")
    assert listed(rev) == []
    for act in ("", "/assign_to_self", "/resolve", "/reopen", "/unassign"):
        ask = rev.post if act else rev.get
        assert ask(f"{HERE}/{about}{act}").status_code == 404
    assert listed(staff("sec")) == [about]


def test_members_see_no_reports(ada: Any, join: Any) -> None:
    assert ada.get(HERE).status_code == 403
    eve = join("eve", scopes="admin:read")
    assert "your role does not include it" in eve.get(HERE).text


def test_a_report_tells_who_what_and_why(rev: Any, ada: Any, bo: Any) -> None:
    post = bo.post("/api/v1/statuses", status="buy now").json()
    made = report(ada, bo, status_ids=[post["id"]], rule_ids=["8"], comment="Again")
    shown = rev.get(f"{HERE}/{made}").json()
    assert shown["account"]["username"] == "ada"
    assert shown["account"]["email"] == ""
    assert shown["target_account"]["username"] == "bo"
    assert [rule["id"] for rule in shown["rules"]] == ["8"]
    assert [status["id"] for status in shown["statuses"]] == [post["id"]]
    assert (shown["comment"], shown["category"]) == ("Again", "violation")
    assert shown["code"].startswith("R-")


def test_visitors_stay_unknown(rev: Any, ada: Any, db: Database) -> None:
    said = Complaint(comment="Look at this")
    contact = Contact("Ed", "ed@example.test")
    db.write_now(file_report_as_visitor, ada.account.id, said, contact=contact)
    (shown,) = rev.get(HERE).json()
    assert shown["account"] is None
    assert "ed@example.test" not in rev.get(f"{HERE}/{shown['id']}").text


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_few_can_see_is_shown_for_its_report_alone(
    rev: Any, ada: Any, bo: Any, db: Database, visibility: str
) -> None:
    ada.post(f"/api/v1/accounts/{bo.id}/follow")
    post = bo.post("/api/v1/statuses", status="@ada psst", visibility=visibility).json()
    bo.post(f"/api/v1/statuses/{post['id']}/bookmark")
    other = bo.post("/api/v1/statuses", status="@ada another", visibility=visibility).json()
    made = report(ada, bo, status_ids=[post["id"]], category="spam")
    assert rev.get(HERE).json()[0]["statuses"] == []
    assert rev.get(f"{HERE}/{made}").json()["statuses"] == []
    rev.post(f"{HERE}/{made}/assign_to_self")
    shown = rev.get(f"{HERE}/{made}")
    (status,) = shown.json()["statuses"]
    assert ("psst" in status["content"], status["bookmarked"]) == (True, False)
    assert "another" not in shown.text
    assert rev.get(f"/api/v1/statuses/{post['id']}").status_code == 404
    assert rev.get(f"/api/v1/statuses/{other['id']}").status_code == 404
    case_id = int(shown.json()["case_id"])
    (look,) = db.read_now(list_looks, case_id, Page())
    assert (look.reviewer_id, look.what) == (rev.account.id, post_mark(int(post["id"])))
    rev.post(f"{HERE}/{made}/unassign")
    assert rev.get(f"{HERE}/{made}").json()["statuses"] == []


def test_what_everybody_sees_is_no_look(rev: Any, ada: Any, bo: Any, db: Database) -> None:
    post = bo.post("/api/v1/statuses", status="buy").json()
    made = report(ada, bo, status_ids=[post["id"]])
    shown = rev.post(f"{HERE}/{made}/assign_to_self").json()
    assert [status["id"] for status in shown["statuses"]] == [post["id"]]
    assert db.read_now(list_looks, int(shown["case_id"]), Page()) == []


def test_a_case_is_taken_by_one_at_a_time(
    rev: Any, ada: Any, bo: Any, staff: Any, monkeypatch: Any
) -> None:
    sec = staff("sec")
    made = report(ada, bo, category="spam")
    taken = rev.post(f"{HERE}/{made}/assign_to_self").json()
    assert taken["assigned_account"]["username"] == "rev"
    refused = sec.post(f"{HERE}/{made}/assign_to_self")
    assert (refused.status_code, "Another reviewer has this" in refused.text) == (409, True)
    assert sec.post(f"{HERE}/{made}/resolve").status_code == 409
    assert sec.post(f"{HERE}/{made}/unassign").json()["assigned_account"]["username"] == "rev"
    assert rev.post(f"{HERE}/{made}/unassign").json()["assigned_account"] is None
    assert sec.post(f"{HERE}/{made}/assign_to_self").status_code == 200
    later = clock.now() + LEASE + clock.SECOND
    monkeypatch.setattr(clock, "now", lambda: later)
    assert rev.get(f"{HERE}/{made}").json()["assigned_account"] is None


def test_who_reported_the_same_judges_nothing(rev: Any, ada: Any, bo: Any) -> None:
    made = report(ada, bo, category="spam")
    report(rev, bo, comment="I saw it too")
    refused = rev.post(f"{HERE}/{made}/resolve")
    assert (refused.status_code, "part of this case" in refused.text) == (403, True)
    assert listed(rev, resolved=True) == []


def test_resolving_closes_all_of_the_case(
    rev: Any, ada: Any, bo: Any, join: Any, db: Database
) -> None:
    made, more = report(ada, bo, category="spam"), report(join("cy"), bo, comment="Me too")
    done = rev.post(f"{HERE}/{made}/resolve", text="Bread is no spam").json()
    assert done["action_taken"]
    assert done["action_taken_by_account"]["username"] == "rev"
    assert rev.get(f"{HERE}/{more}").json()["action_taken"]
    (decision,) = db.read_now(list_of_account, bo.account.id, Page())
    assert (decision.step, decision.rule_code) == ("no-action", "spam-1")
    assert decision.facts == "Bread is no spam"
    assert rev.post(f"{HERE}/{made}/resolve").status_code == 409


def test_resolving_without_a_rule_says_what_is_missing(
    rev: Any, ada: Any, bo: Any, db: Database
) -> None:
    made = report(ada, bo, comment="Hm")
    refused = rev.post(f"{HERE}/{made}/resolve")
    assert (refused.status_code, "Say which rule" in refused.text) == (422, True)
    assert rev.post(f"{HERE}/{made}/resolve", rule_ids=["8"]).status_code == 200
    (decision,) = db.read_now(list_of_account, bo.account.id, Page())
    assert "does not break the rule" in decision.facts


def test_what_was_left_alone_is_opened_again_for_another(
    rev: Any, ada: Any, bo: Any, staff: Any, db: Database
) -> None:
    sec = staff("sec")
    made = report(ada, bo, category="spam")
    rev.post(f"{HERE}/{made}/resolve")
    again = rev.post(f"{HERE}/{made}/reopen").json()
    assert (again["action_taken"], again["action_taken_by_account"]) == (False, None)
    assert rev.post(f"{HERE}/{made}/reopen").status_code == 200  # open already
    assert sec.post(f"{HERE}/{made}/resolve").status_code == 200


def test_what_was_reported_anew_meanwhile_joins_the_new_case(
    rev: Any, ada: Any, bo: Any, join: Any, db: Database
) -> None:
    made = report(ada, bo, category="spam")
    rev.post(f"{HERE}/{made}/resolve")
    new = report(join("cy"), bo, category="spam")
    cases = {rev.get(f"{HERE}/{one}").json()["case_id"] for one in (made, new)}
    assert len(cases) == 2
    again = rev.post(f"{HERE}/{made}/reopen").json()
    assert again["case_id"] == rev.get(f"{HERE}/{new}").json()["case_id"]
    assert db.read_now(get_case, int(again["case_id"])).reports == 2


def test_a_restriction_is_lifted_not_reopened(rev: Any, ada: Any, bo: Any) -> None:
    made = report(ada, bo, category="spam")
    act = {"type": "silence", "text": "Forty links", "report_id": made}
    assert rev.post(f"/api/v1/admin/accounts/{bo.id}/action", **act).status_code == 200
    refused = rev.post(f"{HERE}/{made}/reopen")
    assert (refused.status_code, "restricts somebody" in refused.text) == (409, True)


def test_what_was_reported_stays_as_it_was(rev: Any, ada: Any, bo: Any) -> None:
    made = report(ada, bo, category="spam")
    refused = rev.put(f"{HERE}/{made}", category="other")
    assert (refused.status_code, "stays as they reported it" in refused.text) == (404, True)


@pytest.mark.parametrize("who", list(queries._WHO))
@pytest.mark.parametrize("state", list(queries._STATES))
def test_lists_are_read_by_an_index(db: Database, state: str, who: tuple[bool, bool]) -> None:
    params = {"reader_id": 1, "reporter_id": 2, "target_id": 3}
    db.read_now(lambda tx: check_page_plan(tx, queries._FOR_TEAM[state, who], **params))


def test_a_page_asks_a_fixed_number_of_questions(
    rev: Any, ada: Any, bo: Any, join: Any, monkeypatch: Any
) -> None:
    from folkmoot.kit.db import Tx

    asked: list[object] = []
    execute = Tx._execute

    def count(tx: Tx, statement: Any, params: dict[str, Any]) -> Any:
        asked.append(statement)
        return execute(tx, statement, params)

    seen = []
    for name in ("cy", "dee", "eli"):
        post = bo.post("/api/v1/statuses", status=name).json()
        report(join(name), bo, status_ids=[post["id"]], category="spam")
        listed(rev)
        monkeypatch.setattr(Tx, "_execute", count)
        asked.clear()
        listed(rev)
        seen.append(len(asked))
        monkeypatch.setattr(Tx, "_execute", execute)
    assert seen[0] == seen[1] == seen[2]
