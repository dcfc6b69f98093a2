"""The team's view of members, and what it does about them through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import ALL_SCOPES, Member
from folkmoot.domain.auth.actions import disable_user, save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import APPEAL_WINDOW
from folkmoot.domain.decisions.queries import list_of_account
from folkmoot.domain.registration import queries as registration
from folkmoot.domain.registration.actions import make_invitation, sign_up
from folkmoot.domain.registration.model import Form, Members, Wanted
from folkmoot.domain.review.model import NO_CASE
from folkmoot.domain.review.queries import list_looks_at, list_proposed
from folkmoot.domain.sessions.actions import record
from folkmoot.domain.sessions.model import Method, Visit
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from plans import check_page_plan

HERE = "/api/v1/admin/accounts"
ADMIN = f"{ALL_SCOPES} admin:read admin:write"


@pytest.fixture
def staff(join: Callable[..., Member]) -> Callable[..., Member]:
    """Somebody of the team, with an application that may use their role."""
    return lambda name="root", role="administrator": join(name, role=role, scopes=ADMIN)


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return sorted(one["username"] for one in response.json())


def test_lists_find_whom_the_team_looks_for(
    staff: Any, ada: Member, bo: Member, db: Database
) -> None:
    root = staff()
    ada.patch("/api/v1/accounts/update_credentials", display_name="Ada Brook")
    db.write_now(lambda tx: disable_user(tx, get_user(tx, bo.account.id)))
    assert names(root.get(HERE)) == ["ada", "bo", "root"]
    assert names(root.get(HERE, disabled=True)) == ["bo"]
    assert names(root.get(HERE, active=True)) == ["ada", "root"]
    assert names(root.get(HERE, staff=True)) == ["root"]
    assert names(root.get(HERE, username="a")) == ["ada"]
    assert names(root.get(HERE, display_name="brook")) == ["ada"]
    assert names(root.get(HERE, email="ADA@example.test")) == ["ada"]
    assert names(root.get(HERE, email="nobody")) == []
    assert names(root.get(HERE, username="ada", email="bo@example.test")) == []
    assert names(root.get(HERE, remote=True)) == []
    assert names(root.get(HERE, by_domain="far.example")) == []
    v2 = "/api/v2/admin/accounts"
    assert names(root.get(v2, permissions="staff")) == ["root"]
    assert names(root.get(v2, status="disabled")) == ["bo"]
    assert names(root.get(v2, origin="remote")) == []
    assert names(root.get(v2, **{"role_ids[]": "2"})) == ["root"]
    assert names(root.get(v2, **{"role_ids[]": "77"})) == []
    refused = root.get(HERE, ip="192.0.2.1")
    assert (refused.status_code, "not looked up" in refused.text) == (422, True)


def test_lists_have_pages_and_nothing_private(staff: Any, ada: Member, bo: Member) -> None:
    root = staff()
    first = root.get(HERE, limit=2)
    assert 'rel="next"' in first.headers["link"]
    rest = root.get(HERE, limit=2, max_id=first.json()[-1]["id"])
    assert sorted(names(first) + names(rest)) == ["ada", "bo", "root"]
    shown = first.json() + rest.json()
    assert {(one["email"], one["ip"], tuple(one["ips"])) for one in shown} == {("", None, ())}


def test_who_invited_whom_is_told(staff: Any, ada: Member, db: Database) -> None:
    root = staff()

    def invite(tx: Tx) -> None:
        made = make_invitation(tx, get_user(tx, ada.account.id))
        form = Form(username="kit", email="kit@example.test", invitation=made.code)
        sign_up(tx, form, "hash", visit=Visit("192.0.2.1"))

    db.write_now(invite)
    found = root.get("/api/v2/admin/accounts", invited_by=ada.id).json()
    assert [(one["username"], one["invited_by_account_id"]) for one in found] == [("kit", ada.id)]


def test_a_look_at_what_is_private_is_recorded(
    staff: Any, ada: Member, bo: Member, db: Database
) -> None:
    root = staff()
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
        visit = Visit(address, "Firefox")
        db.write_now(record, ada.account.id, Method.PASSWORD, visit, succeeded=True)
    db.write_now(record, ada.account.id, Method.PASSWORD, Visit("203.0.113.9"), succeeded=False)
    shown = root.get(f"{HERE}/{ada.id}").json()
    assert (shown["email"], shown["ip"]) == ("ada@example.test", "192.0.2.1")
    assert [one["ip"] for one in shown["ips"]] == ["192.0.2.1", "192.0.2.2"]
    bo.post("/api/v1/reports", account_id=ada.id, comment="spam")
    root.get(f"{HERE}/{ada.id}")
    later, first = db.read_now(list_looks_at, ada.account.id, Page())
    assert (first.reviewer_id, first.what) == (root.account.id, "e-mail address and sign-ins")
    assert first.case_id == NO_CASE
    assert later.case_id != NO_CASE
    root.get(f"{HERE}/{root.id}")
    assert db.read_now(list_looks_at, root.account.id, Page()) == []


@pytest.mark.parametrize("path", [HERE, f"{HERE}/1", "/api/v2/admin/accounts"])
def test_reviewers_and_members_see_no_addresses(staff: Any, ada: Member, path: str) -> None:
    assert staff("rev", "reviewer").get(path).status_code == 403
    assert ada.get(path).status_code == 403


def test_a_role_needs_its_second_factor_and_its_scope(staff: Any, join: Any, db: Database) -> None:
    root = staff()
    db.write_now(lambda tx: save_user(tx, get_user(tx, root.account.id), second_factor_at=None))
    refused = root.get(HERE)
    assert (refused.status_code, "second factor" in refused.text) == (403, True)
    narrow = join("eve", role="owner")
    assert "outside the authorized scopes" in narrow.get(HERE).text


@pytest.fixture
def waiting(db: Database) -> int:
    """Somebody who asked to join."""

    def work(tx: Tx) -> int:
        form = Form(username="kit", email="kit@example.test", reason="I knit")
        user = sign_up(tx, form, "hash", visit=Visit("192.0.2.1"))
        save_user(tx, user, approved_at=None, confirmed_at=tx.now)
        return user.account_id

    return db.write_now(work)


def test_sign_ups_are_decided_with_reasons(
    staff: Any, waiting: int, letters: Any, db: Database
) -> None:
    rev = staff("rev", "reviewer")
    refused = rev.post(f"{HERE}/{waiting}/reject")
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    letters()
    gone = rev.post(f"{HERE}/{waiting}/reject", text="We knit no more").json()
    assert (gone["username"], gone["approved"], gone["invite_request"]) == ("kit", False, "I knit")
    assert "We knit no more" in letters()[0].get_content()
    assert rev.post(f"{HERE}/{waiting}/approve").status_code == 404


def test_a_sign_up_is_let_in_once(staff: Any, waiting: int) -> None:
    root = staff()
    assert names(root.get(HERE, pending=True)) == ["kit"]
    assert root.post(f"{HERE}/{waiting}/approve").json()["approved"]
    assert root.post(f"{HERE}/{waiting}/approve").status_code == 422


def test_an_action_is_a_decision_with_rule_and_reasons(
    staff: Any, ada: Member, bo: Member, db: Database
) -> None:
    rev = staff("rev", "reviewer")
    report = bo.post("/api/v1/reports", account_id=ada.id, category="spam").json()
    said = {"type": "silence", "report_id": report["id"], "text": "The same link, forty times"}
    done = rev.post(f"{HERE}/{ada.id}/action", **said)
    assert (done.status_code, done.json()["waits_for_second"]) == (200, False)
    (decision,) = db.read_now(list_of_account, ada.account.id, Page())
    assert (decision.step, decision.rule_code) == ("unlist", "spam-1")
    assert decision.facts == "The same link, forty times"
    assert decision.ends_at is not None
    assert str(decision.id) == done.json()["decision_id"]
    told = [n["type"] for n in ada.get("/api/v1/notifications").json()]
    assert "moderation_warning" in told
    again = rev.post(f"{HERE}/{ada.id}/action", **said)
    assert (again.status_code, "closed" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"type": "silence"}, "Say which rule"),
        ({"type": "silence", "text": "Bad manners"}, "name its code, such as violence-1"),
        ({"type": "silence", "rule_ids": ["8"]}, "Say what happened"),
        ({"type": "sensitive", "text": "spam-1"}, "Rule spam-1 does not lead to this step"),
        ({"type": "disable", "text": "spam-1"}, "pause or suspend instead"),
        ({"type": "", "text": "spam-1"}, "Type is not one of"),
        ({"type": "delete", "text": "spam-1"}, "Type is not one of"),
        ({"type": "silence", "text": "spam-1", "warning_preset_id": "1"}, "no preset"),
        ({"type": "silence", "text": "spam-1", "expires_in": -5}, "an end in the future"),
        ({"type": "pause", "text": "spam-1", "expires_in": 10**9}, "at most 90 days"),
        ({"type": "silence", "text": "x" * 5_001 + " spam-1"}, "up to 5,000 characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    staff: Any, ada: Member, db: Database, sent: dict[str, Any], said: str
) -> None:
    rev = staff("rev", "reviewer")
    refused = rev.post(f"{HERE}/{ada.id}/action", **sent)
    assert refused.status_code == 422
    assert said in refused.json()["error"]
    assert db.read_now(list_of_account, ada.account.id, Page()) == []


def test_every_step_has_its_inverse(staff: Any, ada: Member) -> None:
    rev, root = staff("rev", "reviewer"), staff()
    steps = (
        ("silence", "silenced", "unsilence", "spam-1 again"),
        ("sensitive", "sensitized", "unsensitive", "adult-content-1 again"),
    )
    for kind, shown, inverse, text in steps:
        rev.post(f"{HERE}/{ada.id}/action", type=kind, text=text)
        assert root.get(f"{HERE}/{ada.id}").json()[shown], kind
        assert not rev.post(f"{HERE}/{ada.id}/{inverse}").json()[shown]
        assert rev.post(f"{HERE}/{ada.id}/{inverse}").status_code == 200
    limited = rev.post(f"{HERE}/{ada.id}/action", type="limit", text="harassment-1: again")
    paused = rev.post(f"{HERE}/{ada.id}/action", type="pause", text="spam-1", expires_in=600)
    assert (limited.status_code, paused.status_code) == (200, 200)
    assert ada.post("/api/v1/statuses", status="Hello").status_code == 403


def test_lifting_is_told_with_its_reason(staff: Any, ada: Member, db: Database) -> None:
    rev = staff("rev", "reviewer")
    rev.post(f"{HERE}/{ada.id}/action", type="silence", text="spam-1")
    rev.post(f"{HERE}/{ada.id}/unsilence", text="It was bread, not spam")
    (decision,) = db.read_now(list_of_account, ada.account.id, Page())
    assert (decision.ending, decision.end_reason) == ("reversed", "It was bread, not spam")
    assert decision.ended_by == rev.account.id


def test_a_suspension_waits_for_a_second(staff: Any, ada: Member, db: Database) -> None:
    rev, sec = staff("rev", "reviewer"), staff("sec", "reviewer")
    asked = rev.post(f"{HERE}/{ada.id}/action", type="suspend", text="scams-1: a false bank")
    assert (asked.status_code, asked.json()["waits_for_second"]) == (202, True)
    (case,) = db.read_now(list_proposed)
    assert asked.json() == {"case_id": str(case.id), "decision_id": None, "waits_for_second": True}
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200
    again = sec.post(f"{HERE}/{ada.id}/action", type="suspend", text="scams-1")
    assert again.status_code == 409


def test_on_a_small_team_one_decides(staff: Any, ada: Member) -> None:
    root = staff()
    done = root.post(f"{HERE}/{ada.id}/action", type="suspend", text="scams-1: a false bank")
    assert done.status_code == 200
    assert names(root.get(HERE, suspended=True)) == ["ada"]
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 403
    assert not root.post(f"{HERE}/{ada.id}/unsuspend").json()["suspended"]
    assert ada.get("/api/v1/accounts/verify_credentials").status_code == 200


def test_nobody_acts_on_themselves_or_in_their_own_case(staff: Any, ada: Member) -> None:
    rev = staff("rev", "reviewer")
    act = {"type": "silence", "text": "spam-1"}
    assert rev.post(f"{HERE}/{rev.id}/action", **act).status_code == 403
    assert rev.post(f"{HERE}/{rev.id}/unsilence").status_code == 403
    report = rev.post("/api/v1/reports", account_id=ada.id, category="spam").json()
    own = rev.post(f"{HERE}/{ada.id}/action", **act, report_id=report["id"])
    assert (own.status_code, "part of this case" in own.text) == (403, True)


def test_a_report_about_somebody_else_closes_nothing(staff: Any, ada: Member, bo: Member) -> None:
    rev = staff("rev", "reviewer")
    report = ada.post("/api/v1/reports", account_id=bo.id, category="spam").json()
    act = {"type": "silence", "text": "spam-1", "report_id": report["id"]}
    assert rev.post(f"{HERE}/{ada.id}/action", **act).status_code == 404


def test_a_report_of_a_post_may_lead_to_a_step_on_the_account(
    staff: Any, ada: Member, bo: Member, db: Database
) -> None:
    rev = staff("rev", "reviewer")
    post = ada.post("/api/v1/statuses", status="buy").json()
    report = bo.post(
        "/api/v1/reports", account_id=ada.id, status_ids=[post["id"]], category="spam"
    ).json()
    act = {"type": "silence", "text": "Forty links", "report_id": report["id"]}
    assert rev.post(f"{HERE}/{ada.id}/action", **act).status_code == 200
    (decision,) = db.read_now(list_of_account, ada.account.id, Page())
    assert (decision.subject_kind, decision.subject_id) == ("account", ada.account.id)
    assert rev.get(f"/api/v1/admin/reports/{report['id']}").json()["action_taken"]


def test_nothing_is_destroyed_before_its_appeal_window_ends(
    staff: Any, ada: Member, run_jobs: Any, monkeypatch: Any
) -> None:
    root = staff()
    only = root.delete(f"{HERE}/{ada.id}")
    assert (only.status_code, "Only what a suspended" in only.text) == (403, True)
    root.post(f"{HERE}/{ada.id}/action", type="suspend", text="scams-1: a false bank")
    early = root.delete(f"{HERE}/{ada.id}")
    assert (early.status_code, "Nothing is destroyed until" in early.text) == (403, True)
    later = clock.now() + APPEAL_WINDOW + clock.DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    assert root.delete(f"{HERE}/{ada.id}").json()["username"] == "ada"
    run_jobs()
    assert root.get(f"{HERE}/{ada.id}").status_code == 404


def test_the_operators_lock_is_lifted(staff: Any, ada: Member, db: Database) -> None:
    root = staff()
    db.write_now(lambda tx: disable_user(tx, get_user(tx, ada.account.id)))
    assert not root.post(f"{HERE}/{ada.id}/enable").json()["disabled"]
    assert root.post(f"{HERE}/77/enable").status_code == 404


@pytest.mark.parametrize("members", list(Members))
def test_every_list_is_read_by_an_index(db: Database, members: Members) -> None:
    listed = registration._MEMBERS[members, False]
    db.read_now(lambda tx: check_page_plan(tx, listed))
    assert db.read_now(registration.list_member_ids, Wanted(members=members), Page()) == []
