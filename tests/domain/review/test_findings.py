"""What active detectors ask for is done: seen by nobody before it is free, told to its author."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.acts import follow, home, ids, post

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.accounts.model import SLOW_GAP
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import (
    Decision,
    Draft,
    Ending,
    Source,
    Step,
    SubjectKind,
)
from folkmoot.domain.decisions.queries import get_decision, list_in_force, list_of_account
from folkmoot.domain.detection import queries as detection
from folkmoot.domain.detection.model import State as DetectorState
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.model import Case
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page

HOLD = 'do = "hold"\nhours = 24'
NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="It is about a zoo.")


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


def in_force(db: Database, kind: SubjectKind, subject_id: Any) -> list[Decision]:
    return db.read_now(list_in_force, kind, int(subject_id))


def case_of(db: Database, kind: SubjectKind, subject_id: Any) -> Case | None:
    return db.write_now(queries.find_open_case, kind, int(subject_id))


def warnings(member: Any) -> list[dict[str, Any]]:
    told = member.get("/api/v1/notifications", types="moderation_warning").json()
    return [one["moderation_warning"] for one in told]


def decide(db: Database, rev: Any, case: Case, draft: Draft) -> Decision:
    db.write_now(actions.take_case, rev.account.id, case.id)
    made = db.write_now(actions.decide_case, rev.account.id, case.id, draft)
    assert made is not None
    return made


def test_a_finding_opens_a_case_which_reports_join(
    life: Life, db: Database, ada: Any, bo: Any, rev: Any
) -> None:
    life.activate(detector_file())
    made = post(ada, "a zebra")
    case = case_of(db, SubjectKind.POST, made)
    assert case is not None
    assert (case.detectors, case.harm, case.reports) == ('["zebra-words"]', "spam", 0)
    assert in_force(db, SubjectKind.POST, made) == []
    assert warnings(ada) == []
    said = Complaint(post_ids=(int(made),))
    db.write_now(reports.file_report, bo.account.id, ada.account.id, said)
    joined = case_of(db, SubjectKind.POST, made)
    assert joined is not None
    assert (joined.id, joined.reports) == (case.id, 1)
    decide(db, rev, joined, NONE)
    counted = db.read_now(detection.list_outcomes, life.get().id)
    assert [(one.decided, one.needed_nothing, one.overturned) for one in counted] == [(1, 1, 0)]


def test_a_held_post_is_nowhere_until_it_is_free(
    life: Life, db: Database, ada: Any, bo: Any, visitor: Any
) -> None:
    follow(bo, ada)
    ada.patch("/api/v1/accounts/update_credentials", indexable=True, discoverable=True)
    first = post(bo, "hello")
    asked = post(bo, "what do you like?")
    life.activate(detector_file(effect=HOLD))
    told: list[Any] = []
    db.told = told.extend
    text = "@bo a zebra #stripes https://zebra.example/1"
    held = post(ada, text, in_reply_to_id=asked, quoted_status_id=first, language="en")
    topics = {(signal.topic, signal.subject) for signal in told}
    assert topics <= {("jobs", 0), ("notification", ada.account.id)}
    waiting = db.read_now(lambda tx: tx.script("SELECT kind FROM jobs"))
    assert "cards.fetch" not in {kind for (kind,) in waiting}

    assert held not in home(bo)
    for reader in (bo, visitor):
        assert reader.get(f"/api/v1/statuses/{held}").status_code == 404
        assert held not in ids(reader, "timelines/public")
        assert held not in ids(reader, "timelines/tag/stripes")
        assert held not in ids(reader, f"accounts/{ada.id}/statuses")
    assert bo.get("/api/v2/search", q="zebra").json()["statuses"] == []
    assert bo.get("/api/v1/notifications", types=["mention", "quote"]).json() == []
    assert bo.get(f"/api/v1/statuses/{asked}").json()["replies_count"] == 0
    assert bo.get(f"/api/v1/statuses/{first}").json()["quotes_count"] == 0
    assert bo.get(f"/api/v1/accounts/{ada.id}").json()["statuses_count"] == 0
    for table in ("tag_days", "post_tags", "card_links", "cards", "post_index"):
        found = db.read_now(lambda tx, t=table: tx.script(f"SELECT count(*) FROM {t}"))
        assert found[0][0] == (2 if table == "post_index" else 0), table
    # Its author sees it, with the reason, and it is edited without anybody hearing of it.
    assert ada.get(f"/api/v1/statuses/{held}").json()["content"]
    (warned,) = warnings(ada)
    assert warned["status_ids"] == [held]
    assert warned["action"] == "none"  # Mastodon has no name for it
    assert warned["text"].startswith("Held for review")
    assert "A detector of the tests" in warned["text"]
    told.clear()
    ada.put(f"/api/v1/statuses/{held}", status=f"{text} and another")
    assert [signal for signal in told if signal.topic.startswith("post")] == []
    assert bo.get("/api/v1/notifications", types=["mention"]).json() == []
    assert bo.get("/api/v2/search", q="zebra").json()["statuses"] == []

    (hold,) = in_force(db, SubjectKind.POST, held)
    assert (hold.automated, hold.detector, hold.source) == (True, "zebra-words", Source.OWN)
    assert hold.ends_at == hold.created_at + clock.DAY
    case = case_of(db, SubjectKind.POST, held)
    assert case is not None
    assert hold.case_id == case.id

    told.clear()
    life.wait(clock.DAY + 1)
    while db.write_now(decisions.end_due):
        pass
    assert db.read_now(get_decision, hold.id).ending == Ending.EXPIRED
    assert ("post", int(held)) in {(signal.topic, signal.subject) for signal in told}
    assert held in home(bo)
    for reader in (bo, visitor):
        assert held in ids(reader, "timelines/tag/stripes")
        assert held in ids(reader, f"accounts/{ada.id}/statuses")
    found = bo.get("/api/v2/search", q="zebra").json()["statuses"]
    assert [one["id"] for one in found] == [held]
    heard = bo.get("/api/v1/notifications", types=["mention", "quote"]).json()
    assert [one["type"] for one in heard] == ["quote"]
    assert bo.get(f"/api/v1/statuses/{asked}").json()["replies_count"] == 1
    assert bo.get(f"/api/v1/statuses/{first}").json()["quotes_count"] == 1
    assert bo.get(f"/api/v1/accounts/{ada.id}").json()["statuses_count"] == 1
    waiting = db.read_now(lambda tx: tx.script("SELECT kind FROM jobs"))
    assert "cards.fetch" in {kind for (kind,) in waiting}


def test_a_held_post_that_is_deleted_leaves_no_count(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    asked = post(bo, "what do you like?")
    life.activate(detector_file(effect=HOLD))
    held = post(ada, "a zebra", in_reply_to_id=asked)
    assert ada.delete(f"/api/v1/statuses/{held}").status_code == 200
    assert bo.get(f"/api/v1/statuses/{asked}").json()["replies_count"] == 0
    assert bo.get(f"/api/v1/accounts/{ada.id}").json()["statuses_count"] == 0
    life.wait(clock.DAY + 1)
    while db.write_now(decisions.end_due):
        pass


def test_no_action_ends_a_false_hold_at_once(
    life: Life, db: Database, ada: Any, bo: Any, rev: Any
) -> None:
    follow(bo, ada)
    life.activate(detector_file(effect=HOLD))
    held = post(ada, "a zebra")
    (hold,) = in_force(db, SubjectKind.POST, held)
    case = case_of(db, SubjectKind.POST, held)
    assert case is not None
    made = decide(db, rev, case, NONE)
    assert (made.received_at, made.detector) == (case.opened_at, "zebra-words")
    ended = db.read_now(get_decision, hold.id)
    assert (ended.ending, ended.end_reason) == (Ending.REVERSED, NONE.facts)
    assert held in home(bo)
    assert warnings(ada)[0]["text"] == NONE.facts
    counted = db.read_now(detection.list_outcomes, life.get().id)
    assert [(one.decided, one.needed_nothing, one.overturned) for one in counted] == [(1, 1, 0)]


def test_a_persons_decision_takes_the_place_of_a_hold(
    life: Life, db: Database, ada: Any, bo: Any, rev: Any
) -> None:
    follow(bo, ada)
    life.activate(detector_file(effect=HOLD))
    held = post(ada, "a zebra")
    (hold,) = in_force(db, SubjectKind.POST, held)
    case = case_of(db, SubjectKind.POST, held)
    assert case is not None
    draft = Draft(step=Step.QUARANTINE, rule_code="spam-1", facts="It sells zebras.")
    made = decide(db, rev, case, draft)
    assert db.read_now(get_decision, hold.id).ending == Ending.REPLACED
    assert held not in home(bo)
    withheld, kept_back = (one["text"] for one in warnings(ada))
    assert withheld.startswith("Withheld from everybody")
    assert kept_back.startswith("Held for review")
    life.wait(2 * clock.DAY)
    while db.write_now(decisions.end_due):
        pass
    assert held not in home(bo)
    # An appeal that is upheld brings the post out as if it had just been written.
    db.write_now(decisions.end_decision, made.id, Ending.APPEALED, reason="It is a zoo.")
    assert held in home(bo)
    counted = db.read_now(detection.list_outcomes, life.get().id)
    assert [(one.decided, one.needed_nothing, one.overturned) for one in counted] == [(1, 0, 1)]


def test_a_label_and_a_screen_are_put_on_and_told(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    follow(bo, ada)
    life.activate(detector_file(effect='do = "label"\nlabel = "Zebras are not for sale"'))
    life.activate(detector_file(name="zebra-media", rule="adult-content-1", effect='do = "screen"'))
    made = post(ada, "a zebra")
    assert made in home(bo)
    steps = {one.step: one for one in in_force(db, SubjectKind.POST, made)}
    assert set(steps) == {Step.LABEL, Step.SCREEN}
    assert steps[Step.LABEL].label == "Zebras are not for sale"
    assert steps[Step.LABEL].review_at is not None
    assert len(warnings(ada)) == 2
    assert ada.get(f"/api/v1/statuses/{made}").json()["sensitive"] is True
    # Once is enough, however often the post is edited.
    ada.put(f"/api/v1/statuses/{made}", status="another zebra")
    assert len(in_force(db, SubjectKind.POST, made)) == 2
    assert case_of(db, SubjectKind.POST, made) is None


def test_an_edit_can_be_held_and_nobody_is_told_of_it_meanwhile(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    follow(bo, ada)
    made = post(ada, "a horse")
    life.activate(detector_file(effect=HOLD))
    told: list[Any] = []
    db.told = told.extend
    ada.put(f"/api/v1/statuses/{made}", status="@bo a zebra")
    assert bo.get(f"/api/v1/statuses/{made}").status_code == 404
    assert ("notification", bo.account.id) not in {(one.topic, one.subject) for one in told}
    assert bo.get("/api/v1/notifications", types=["mention"]).json() == []
    life.wait(clock.DAY + 1)
    while db.write_now(decisions.end_due):
        pass
    assert bo.get(f"/api/v1/statuses/{made}").status_code == 200
    assert len(bo.get("/api/v1/notifications", types=["mention"]).json()) == 1


def test_who_is_slowed_down_posts_once_in_ten_minutes_until_it_ends(
    life: Life, db: Database, ada: Any, bo: Any
) -> None:
    bos = post(bo, "hello")
    life.activate(detector_file(effect='do = "slow-down"\nhours = 2'))
    post(ada, "a zebra")
    (slow,) = in_force(db, SubjectKind.ACCOUNT, ada.account.id)
    assert (slow.step, slow.ends_at) == (Step.SLOW, slow.created_at + 2 * clock.HOUR)
    (warned,) = warnings(ada)
    assert "ten minutes" in warned["text"]
    refused = ada.post("/api/v1/statuses", status="again")
    assert refused.status_code == 403
    assert "you can post again at" in refused.json()["error"]
    assert ada.post(f"/api/v1/statuses/{bos}/reblog").status_code == 403
    assert ada.post("/api/v1/statuses", status="@bo psst", visibility="direct").status_code == 200
    life.wait(SLOW_GAP + 1)
    post(ada, "again")
    assert ada.post("/api/v1/statuses", status="and again").status_code == 403
    life.wait(2 * clock.HOUR)
    post(ada, "free")
    while db.write_now(decisions.end_due):
        pass
    post(ada, "free again")


def test_what_is_no_post_is_judged_by_a_person(life: Life, db: Database, ada: Any, bo: Any) -> None:
    made = post(ada, "a zebra")
    life.activate(detector_file(effect=HOLD))
    bo.post(f"/api/v1/statuses/{made}/reblog")
    ada.patch("/api/v1/accounts/update_credentials", note="I am a zebra")
    for member in (ada, bo):
        assert case_of(db, SubjectKind.ACCOUNT, member.account.id) is not None
        assert in_force(db, SubjectKind.ACCOUNT, member.account.id) == []
    assert in_force(db, SubjectKind.POST, made) == []


def test_a_detector_whose_rule_changed_steps_back_and_loses_no_post(
    life: Life, db: Database, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from folkmoot.domain.policy.model import Action, Rule

    life.activate(detector_file(effect='do = "label"\nlabel = "Zebras are not for sale"'))
    allows = Rule.allows
    monkeypatch.setattr(
        Rule, "allows", lambda self, action: action is not Action.LABEL and allows(self, action)
    )
    made = post(ada, "a zebra")
    assert in_force(db, SubjectKind.POST, made) == []
    assert life.get().state == DetectorState.SHADOW


def test_reasons_are_given_in_the_authors_language(life: Life, db: Database, ada: Any) -> None:
    db.write_now(lambda tx: tx.script("UPDATE users SET locale = 'zh-CN'"))
    life.activate(detector_file(effect=HOLD))
    post(ada, "a zebra")
    assert "尚未有人查看" in warnings(ada)[0]["text"]


def test_direct_messages_lead_to_nothing(life: Life, db: Database, ada: Any) -> None:
    life.activate(detector_file(effect=HOLD))
    post(ada, "@bo a zebra", visibility="direct")
    assert db.read_now(list_of_account, ada.account.id, Page()) == []
    assert db.read_now(queries.list_queue) == []
