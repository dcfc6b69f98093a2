"""Appeals: to somebody else, answered with reasons, and restoring everything when upheld."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
from tests.acts import post

from folkmoot.domain.appeals import actions, queries
from folkmoot.domain.appeals.model import (
    AlreadyAppealed,
    AlreadyDecided,
    AnswerMissing,
    NotContestable,
    OwnDecision,
    State,
    TextMissing,
    TooLate,
)
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import (
    APPEAL_WINDOW,
    AlreadyEnded,
    Decision,
    Draft,
    Ending,
    Step,
    Subject,
    SubjectKind,
)
from folkmoot.domain.decisions.queries import count_strikes, get_decision
from folkmoot.domain.posts.model import PostNotFound
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint
from folkmoot.domain.reports.queries import get_report
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import NothingToDo, Sight
from folkmoot.domain.review.queries import list_looks_at
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx
from plans import check_page_plan, check_plan

UNLIST = Draft(step=Step.UNLIST, rule_code="spam-1", facts="The same link, forty times.")
NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link, about bread.")


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def sec(join: Callable[..., Any]) -> Any:
    return join("sec", role="reviewer")


@pytest.fixture
def decision(db: Database, ada: Any, rev: Any) -> Decision:
    subject = Subject(SubjectKind.POST, int(post(ada, "buy")), ada.account.id)
    return db.write_now(decisions.decide, rev.account.id, subject, draft=UNLIST)


def test_an_upheld_appeal_restores_everything_by_itself(
    db: Database, ada: Any, sec: Any, decision: Decision, visitor: Any
) -> None:
    words = str(decision.subject_id)
    seen = [s["id"] for s in visitor.get("/api/v1/timelines/public").json()]
    assert words not in seen
    filed = db.write_now(actions.appeal_as_author, decision.id, "It was a joke.")
    assert db.read_now(queries.list_open) == [filed]
    decided = db.write_now(
        actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="It was."
    )
    assert decided.state == State.UPHELD
    seen = [s["id"] for s in visitor.get("/api/v1/timelines/public").json()]
    assert words in seen
    ended = db.read_now(get_decision, decision.id)
    assert (ended.ending, ended.end_reason) == (Ending.APPEALED, "It was.")
    told = ada.get("/api/v1/notifications", types="moderation_warning").json()
    assert told[0]["moderation_warning"]["text"] == "It was."


def test_an_upheld_appeal_against_what_has_run_out_clears_the_name(
    db: Database, ada: Any, sec: Any, decision: Decision
) -> None:
    filed = db.write_now(actions.appeal_as_author, decision.id, "It was a joke.")
    out = db.write_now(decisions.end_decision, decision.id, Ending.EXPIRED)
    assert db.read_now(count_strikes, ada.account.id, since_id=0) == 1
    db.write_now(actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="It was.")
    ended = db.read_now(get_decision, decision.id)
    assert (ended.ending, ended.ended_at) == (Ending.APPEALED, out.ended_at)
    assert db.read_now(count_strikes, ada.account.id, since_id=0) == 0
    told = ada.get("/api/v1/notifications", types="moderation_warning").json()
    assert told[0]["moderation_warning"]["text"] == "It was."
    with pytest.raises(AlreadyEnded):
        db.write_now(decisions.end_decision, decision.id, Ending.APPEALED)


def test_a_rejected_appeal_is_answered_with_reasons(
    db: Database, ada: Any, sec: Any, decision: Decision
) -> None:
    filed = db.write_now(actions.appeal_as_author, decision.id, "No!")
    with pytest.raises(AnswerMissing):
        db.write_now(actions.decide_appeal, sec.account.id, filed.id, upheld=False, answer=" ")
    db.write_now(
        actions.decide_appeal, sec.account.id, filed.id, upheld=False, answer="Forty times."
    )
    assert db.read_now(get_decision, decision.id).ended_at is None
    told = ada.get("/api/v1/notifications", types="moderation_warning").json()
    assert told[0]["moderation_warning"]["text"] == "Forty times."
    with pytest.raises(AlreadyDecided):
        db.write_now(actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="Yes.")


def test_nobody_decides_about_their_own_decision(
    db: Database, ada: Any, rev: Any, decision: Decision
) -> None:
    filed = db.write_now(actions.appeal_as_author, decision.id, "No!")
    assert db.read_now(queries.list_independent, filed) == []
    with pytest.raises(OwnDecision):
        db.write_now(actions.decide_appeal, rev.account.id, filed.id, upheld=True, answer="Yes.")
    said = {"new_state": "upheld", "new_answer": "Yes.", "at": 1, "appeal_id": filed.id}
    for name in (decision.decider, ""):
        row = {**said, "new_decider": name, "new_decided_by": None}
        with pytest.raises(Exception, match=r"(?i)check"):
            db.write_now(lambda tx, row=row: tx.run(actions._DECIDE, **row))


def test_the_member_does_not_decide_either(db: Database, join: Any, rev: Any, sec: Any) -> None:
    subject = Subject(SubjectKind.ACCOUNT, sec.account.id, sec.account.id)
    limited = Draft(
        step=Step.UNLIST, rule_code="spam-1", facts="x", ends_at=clock.now() + clock.DAY
    )
    made = db.write_now(decisions.decide, rev.account.id, subject, draft=limited)
    filed = db.write_now(actions.appeal_as_author, made.id, "No!")
    with pytest.raises(OwnDecision):
        db.write_now(actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="Yes.")


def test_what_cannot_be_contested(
    db: Database, decision: Decision, sec: Any, monkeypatch: Any
) -> None:
    with pytest.raises(TextMissing):
        db.write_now(actions.appeal_as_author, decision.id, "  ")
    filed = db.write_now(actions.appeal_as_author, decision.id, "No!")
    with pytest.raises(AlreadyAppealed):
        db.write_now(actions.appeal_as_author, decision.id, "No!")
    db.write_now(actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="Yes.")
    with pytest.raises(NotContestable, match="undone"):
        db.write_now(actions.appeal_as_author, decision.id, "Again!")
    later = clock.now() + APPEAL_WINDOW + 1
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotContestable):
        db.write_now(actions.appeal_as_author, decision.id, "Late.")


def test_the_window_ends(db: Database, decision: Decision, monkeypatch: Any) -> None:
    later = decision.created_at + APPEAL_WINDOW + 1
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(TooLate, match="UTC"):
        db.write_now(actions.appeal_as_author, decision.id, "Late.")


def test_a_reporters_upheld_appeal_opens_the_case_for_somebody_else(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    report = db.write_now(reports.file_report, bo.account.id, ada.account.id, Complaint())
    with pytest.raises(NotContestable, match="not decided"):
        db.write_now(actions.appeal_as_reporter, report, "Look again.")
    case = db.write_now(review.take_next, rev.account.id)
    db.write_now(review.decide_case, rev.account.id, case.id, NONE)
    decided = db.read_now(get_report, report.id)
    filed = db.write_now(actions.appeal_as_reporter, decided, "Look again.")
    db.write_now(
        actions.decide_appeal, sec.account.id, filed.id, upheld=True, answer="There is more."
    )
    assert db.read_now(get_report, report.id).resolved_at is None
    with pytest.raises(NothingToDo):
        db.write_now(review.take_next, rev.account.id)
    assert db.write_now(review.take_next, sec.account.id).id == case.id


def test_the_post_is_seen_by_who_may_answer_and_the_look_is_recorded(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    whisper = int(post(ada, "@bo psst", visibility="direct"))
    subject = Subject(SubjectKind.POST, whisper, ada.account.id)
    made = db.write_now(decisions.decide, rev.account.id, subject, draft=UNLIST)
    appeal = db.write_now(actions.appeal_as_author, made.id, "It was for one person.")
    with pytest.raises(OwnDecision):
        db.write_now(actions.look_into, rev.account.id, appeal.id)
    with pytest.raises(PermissionMissing):
        db.write_now(actions.look_into, bo.account.id, appeal.id)
    for _ in range(2):
        db.write_now(actions.look_into, sec.account.id, appeal.id)
    (seen,) = db.read_now(list_looks_at, ada.account.id, Page())
    assert (seen.reviewer_id, seen.what) == (sec.account.id, f"post {whisper}")
    answer = partial(actions.decide_appeal, upheld=False, answer="It was more than one.")
    db.write_now(answer, sec.account.id, appeal.id)
    with pytest.raises(AlreadyDecided):
        db.write_now(actions.look_into, sec.account.id, appeal.id)


def test_a_reporter_who_named_no_post_shows_none_to_who_answers(
    db: Database, ada: Any, bo: Any, rev: Any, sec: Any
) -> None:
    whisper = int(post(ada, "for friends", visibility="private"))
    report = db.write_now(reports.file_report, bo.account.id, ada.account.id, Complaint())
    case = db.write_now(review.take_next, rev.account.id)
    db.write_now(review.decide_case, rev.account.id, case.id, NONE)
    found = db.read_now(get_report, report.id)
    appeal = db.write_now(actions.appeal_as_reporter, found, "Look again.")
    with pytest.raises(PostNotFound):
        db.write_now(actions.look_into, sec.account.id, appeal.id)
    about = msgspec.structs.replace(
        db.read_now(get_decision, found.decision_id),
        subject_kind=SubjectKind.POST,
        subject_id=whisper,
    )
    assert db.read_now(queries.find_sight, appeal, about) is Sight.NEVER


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._OPEN, limit=40)
        check_plan(tx, queries._OF_DECISION, decision_id=1, sorted_by_index=False)
        check_plan(tx, queries._COUNT_LATE, now=1)
        check_plan(tx, queries._COUNT_OPEN)
        check_plan(tx, queries._OF_REPORT, report_id=1)
        check_plan(tx, queries._OF_AUTHOR, decision_ids=[1], sorted_by_index=False)
        check_page_plan(tx, queries._OF_ACCOUNT, account_id=1)

    db.read_now(check)
