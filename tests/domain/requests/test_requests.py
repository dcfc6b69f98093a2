"""Requests of authorities, referrals, disputes: two agree, the member is told, all is counted."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from tests.acts import post

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.auth.model import PermissionMissing
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Decision, Draft, Ending, Step, Subject, SubjectKind
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.requests import actions, queries
from folkmoot.domain.requests.model import (
    AnswerDraft,
    Body,
    CategoryUnknown,
    CountryInvalid,
    Danger,
    Data,
    DisputeDraft,
    ItemsInvalid,
    LabelInvalid,
    LegalRequest,
    MemberNotFound,
    MomentInvalid,
    NothingChosen,
    NotOpen,
    NotProposed,
    Order,
    Outcome,
    OwnAccount,
    Referral,
    ReferralDraft,
    RequestDraft,
    Result,
    SamePerson,
    SilenceInvalid,
    SilenceUnexplained,
    State,
    TextMissing,
)
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.queries import find_opening, list_entries
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Database, Page, Tx
from folkmoot.kit.ids import MAX_ID
from plans import check_page_plan, check_plan

Letters = Callable[[], list[EmailMessage]]
EVERY = Page(100, MAX_ID, -1, None)


def asked(**more: Any) -> RequestDraft:
    said: dict[str, Any] = {
        "order": Order.INFORM,
        "body": Body.POLICE,
        "country": "FR",
        "authority": "Police of the harbour",
        "basis": "Article 60-1 of the code",
        "asked": "Everything about Ada.",
        "received_at": clock.now() - DAY,
        "category": "SCAMS_AND_FRAUD",
        "member": "@ada",
        "items": 2,
    }
    return RequestDraft(**(said | more))


def answer(**more: Any) -> AnswerDraft:
    said: dict[str, Any] = {
        "outcome": Outcome.NARROWED,
        "text": "They asked for everything; we gave the address of two posts.",
        "data": (Data.POST_LINKS,),
    }
    return AnswerDraft(**(said | more))


def danger(**more: Any) -> ReferralDraft:
    said: dict[str, Any] = {
        "member": "ada",
        "danger": Danger.SELF_HARM,
        "country": "FR",
        "told": "Emergency services, 112",
        "why": "She wrote goodbye, and named a bridge.",
        "data": (Data.HANDLE, Data.POST_TEXT),
        "tell_at": clock.now() + 7 * DAY,
    }
    return ReferralDraft(**(said | more))


@pytest.fixture
def root(join: Callable[..., Any]) -> Any:
    return join("root", role="administrator")


@pytest.fixture
def twin(join: Callable[..., Any]) -> Any:
    return join("twin", role="administrator")


@pytest.fixture
def rev(join: Callable[..., Any]) -> Any:
    return join("rev", role="reviewer")


@pytest.fixture
def request_(db: Database, ada: Any, root: Any) -> LegalRequest:
    return db.write_now(actions.note_request, root.account.id, asked())


def entries(db: Database, kind: str) -> list[Any]:
    found = db.read_now(list_entries, EVERY, kind=kind)
    return [each.content.entry for each in found]


def answered(db: Database, root: Any, twin: Any, request: LegalRequest, **how: Any) -> LegalRequest:
    db.write_now(actions.propose_answer, root.account.id, request.id, answer(**how))
    return db.write_now(actions.agree_to_answer, twin.account.id, request.id)


def test_two_answer_and_the_member_is_told(
    db: Database, root: Any, twin: Any, request_: LegalRequest, letters: Letters
) -> None:
    letters()
    done = answered(db, root, twin, request_)
    assert (done.state, done.told_at) == (State.AGREED, done.answered_at)
    (letter,) = letters()
    text = letter.get_content()
    assert letter["to"] == "ada@example.test"
    assert "Police of the harbour (FR)" in text
    assert "we gave the address of two posts" in text
    (entry,) = entries(db, "legal-request")
    assert entry == log.LegalRequest(
        code=done.code,
        order="to-inform",
        country="FR",
        authority="Police of the harbour",
        basis="Article 60-1 of the code",
        category="SCAMS_AND_FRAUD",
        outcome="narrowed",
        received_at=log.moment(done.received_at),
        answered_at=log.moment(done.answered_at or 0),
        agreed_by=(done.proposer, done.seconder),
        member_told=True,
        items=2,
        accounts=1,
        body="police",
        data=("post-links",),
    )


def test_what_was_asked_is_sealed(db: Database, request_: LegalRequest) -> None:
    assert "Ada" not in request_.asked
    assert db.read_now(queries.read_sealed, request_.asked, request_.code) == (
        "Everything about Ada."
    )


def test_nobody_agrees_with_themselves(
    db: Database, ada: Any, root: Any, request_: LegalRequest
) -> None:
    db.write_now(actions.propose_answer, root.account.id, request_.id, answer())
    with pytest.raises(SamePerson):
        db.write_now(actions.agree_to_answer, root.account.id, request_.id)
    with pytest.raises(NotOpen):
        db.write_now(actions.propose_answer, root.account.id, request_.id, answer())
    row = db.read_now(queries.get_request, request_.id)
    forged = msgspec.structs.replace(
        row, state=State.AGREED, seconder=row.proposer, answered_at=1, tell_at=1
    )
    with pytest.raises(Exception, match=r"(?i)check"):
        db.write_now(lambda tx: actions._save_request(tx, forged))
    silent = msgspec.structs.replace(forged, seconder="r-other", tell_at=None)
    with pytest.raises(Exception, match=r"(?i)check"):
        db.write_now(lambda tx: actions._save_request(tx, silent))
    assert entries(db, "legal-request") == []


def test_whoever_does_not_agree_gives_it_back(
    db: Database, root: Any, twin: Any, request_: LegalRequest
) -> None:
    with pytest.raises(NotProposed):
        db.write_now(actions.reject_answer, twin.account.id, request_.id)
    db.write_now(actions.propose_answer, root.account.id, request_.id, answer())
    back = db.write_now(actions.reject_answer, twin.account.id, request_.id)
    assert (back.state, back.answer, back.proposer) == (State.OPEN, "", "")
    refused = answered(db, twin, root, request_, outcome=Outcome.REFUSED, data=())
    assert refused.outcome == Outcome.REFUSED


def test_silence_ends_by_itself(
    db: Database,
    root: Any,
    twin: Any,
    request_: LegalRequest,
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters()
    until = clock.now() + 30 * DAY
    why = "A court ordered it."
    done = answered(db, root, twin, request_, tell_at=until, not_told_because=why)
    assert done.told_at is None
    db.write_now(actions.tell_due)
    assert letters() == []
    (entry,) = entries(db, "legal-request")
    assert (entry.member_told, entry.not_told_because) == (False, why)
    assert entry.told_on == clock.iso_day(until)
    monkeypatch.setattr(clock, "now", lambda: until)
    db.write_now(actions.tell_due)
    assert [letter["to"] for letter in letters()] == ["ada@example.test"]
    told = db.read_now(queries.get_request, request_.id)
    assert told.told_at == until
    db.write_now(actions.tell_due)
    assert letters() == []


def test_a_request_may_be_about_nobody_here(db: Database, root: Any, twin: Any) -> None:
    about = asked(member="", order=Order.ACT)
    request = db.write_now(actions.note_request, root.account.id, about)
    done = answered(db, root, twin, request, data=(), effective_at=clock.now())
    (entry,) = entries(db, "legal-request")
    assert (entry.accounts, entry.not_told_because) == (0, "no member is concerned")
    assert entry.effective_at == log.moment(done.effective_at or 0)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"country": "France"}, CountryInvalid),
        ({"authority": " "}, LabelInvalid),
        ({"authority": "ask @bo"}, LabelInvalid),
        ({"basis": "x" * 201}, LabelInvalid),
        ({"asked": " "}, TextMissing),
        ({"asked": "x" * 5_001}, TextMissing),
        ({"category": "POLITICS"}, CategoryUnknown),
        ({"items": -1}, ItemsInvalid),
        ({"received_at": 1 << 50}, MomentInvalid),
        ({"confirmed_at": 1}, MomentInvalid),
        ({"member": "nobody"}, MemberNotFound),
    ],
    ids=[str(n) for n in range(11)],
)
def test_what_a_request_must_say(
    db: Database, ada: Any, root: Any, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        db.write_now(actions.note_request, root.account.id, asked(**wrong))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"text": ""}, TextMissing),
        ({"data": ()}, NothingChosen),
        ({"effective_at": 1}, MomentInvalid),
        ({"tell_at": 1}, SilenceInvalid),
        ({"tell_at": clock.now() + 366 * DAY, "not_told_because": "x"}, SilenceInvalid),
        ({"tell_at": clock.now() + 9 * DAY}, SilenceUnexplained),
    ],
    ids=[str(n) for n in range(6)],
)
def test_what_an_answer_must_say(
    db: Database,
    root: Any,
    request_: LegalRequest,
    wrong: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        db.write_now(actions.propose_answer, root.account.id, request_.id, answer(**wrong))


def test_nobody_answers_about_themselves_or_without_the_role(
    db: Database, ada: Any, root: Any, twin: Any, rev: Any
) -> None:
    for who in (ada, rev):
        with pytest.raises(PermissionMissing):
            db.write_now(actions.note_request, who.account.id, asked())
    about_twin = db.write_now(actions.note_request, root.account.id, asked(member="twin"))
    with pytest.raises(OwnAccount):
        db.write_now(actions.propose_answer, twin.account.id, about_twin.id, answer())


@pytest.fixture
def referral(db: Database, ada: Any, rev: Any) -> Referral:
    return db.write_now(actions.propose_referral, rev.account.id, danger())


def test_two_agree_to_a_referral_and_the_member_is_told_after(
    db: Database,
    rev: Any,
    root: Any,
    referral: Referral,
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters()
    with pytest.raises(SamePerson):
        db.write_now(actions.agree_to_referral, rev.account.id, referral.id)
    agreed = db.write_now(actions.agree_to_referral, root.account.id, referral.id)
    (entry,) = entries(db, "referral")
    assert entry.data == ("handle", "post-text")
    assert entry.agreed_by == (agreed.proposer, agreed.seconder)
    assert letters() == []
    monkeypatch.setattr(clock, "now", lambda: agreed.tell_at)
    db.write_now(actions.tell_due)
    (letter,) = letters()
    assert "named a bridge" in letter.get_content()
    assert "bridge" not in agreed.why
    with pytest.raises(NotProposed):
        db.write_now(actions.decline_referral, root.account.id, referral.id)


def test_a_referral_without_a_second_person_is_none(
    db: Database, root: Any, rev: Any, referral: Referral
) -> None:
    forged = msgspec.structs.replace(
        referral, state=State.AGREED, seconder=referral.proposer, decided_at=1
    )
    with pytest.raises(Exception, match=r"(?i)check"):
        db.write_now(lambda tx: actions._save_referral(tx, forged))
    declined = db.write_now(actions.decline_referral, root.account.id, referral.id)
    assert declined.state == State.DECLINED
    assert entries(db, "referral") == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"member": ""}, MemberNotFound),
        ({"member": "rev"}, OwnAccount),
        ({"country": ""}, CountryInvalid),
        ({"told": ""}, LabelInvalid),
        ({"why": ""}, TextMissing),
        ({"data": ()}, NothingChosen),
        ({"tell_at": clock.now() + 91 * DAY}, SilenceInvalid),
    ],
    ids=[str(n) for n in range(7)],
)
def test_what_a_referral_must_say(
    db: Database, ada: Any, rev: Any, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        db.write_now(actions.propose_referral, rev.account.id, danger(**wrong))


def test_when_the_member_goes_what_was_said_of_them_goes(
    db: Database, ada: Any, rev: Any, root: Any, twin: Any, request_: LegalRequest
) -> None:
    answered(db, root, twin, request_)
    made = db.write_now(actions.propose_referral, rev.account.id, danger())
    db.write_now(actions.agree_to_referral, root.account.id, made.id)
    (kept,) = db.read_now(list_entries, EVERY, kind="referral")
    assert db.read_now(find_opening, kept.position) is not None
    for gone in (ada, root):
        db.write_now(lambda tx, gone=gone: tx.announce(AccountDeleted(gone.account.id)))
    request = db.read_now(queries.get_request, request_.id)
    assert (request.account_id, request.asked, request.answer) == (None, "", "")
    assert (request.proposed_by, request.proposer != "") == (None, True)
    referral = db.read_now(queries.get_referral, made.id)
    assert (referral.account_id, referral.why, referral.seconded_by) == (None, "", None)
    assert db.read_now(find_opening, kept.position) is None


@pytest.fixture
def decision(db: Database, ada: Any, rev: Any) -> Decision:
    subject = Subject(SubjectKind.POST, int(post(ada, "buy")), ada.account.id)
    draft = Draft(step=Step.UNLIST, rule_code="spam-1", facts="The same link, forty times.")
    return db.write_now(decisions.decide, rev.account.id, subject, draft=draft)


def ended(**more: Any) -> DisputeDraft:
    now = clock.now()
    said: dict[str, Any] = {
        "body": "Harbour Arbiters",
        "filed_at": now - 9 * DAY,
        "ended_at": now - DAY,
        "result": Result.REVERSED,
    }
    return DisputeDraft(**(said | more))


def test_a_reversed_dispute_restores_everything(
    db: Database, visitor: Any, rev: Any, decision: Decision
) -> None:
    words = str(decision.subject_id)
    assert words not in [s["id"] for s in visitor.get("/api/v1/timelines/public").json()]
    made = db.write_now(actions.record_dispute, rev.account.id, decision.id, ended())
    assert words in [s["id"] for s in visitor.get("/api/v1/timelines/public").json()]
    assert db.read_now(get_decision, decision.id).ending == Ending.OUT_OF_COURT
    (entry,) = entries(db, "dispute")
    assert (entry.code, entry.outcome, entry.implemented) == (made.code, "reversed", True)
    assert db.read_now(queries.list_of_decision, decision.id) == [made]


@pytest.mark.parametrize("how", ["upheld", "unfollowed"])
def test_a_decision_that_stands(db: Database, rev: Any, decision: Decision, how: str) -> None:
    more: dict[str, Any] = {"result": Result.UPHELD} if how == "upheld" else {"follows": False}
    made = db.write_now(actions.record_dispute, rev.account.id, decision.id, ended(**more))
    assert made.implemented is (how == "upheld")
    assert db.read_now(get_decision, decision.id).ended_at is None


def test_what_a_dispute_must_say(db: Database, ada: Any, rev: Any, decision: Decision) -> None:
    for wrong, error in (({"body": ""}, LabelInvalid), ({"ended_at": 1}, MomentInvalid)):
        with pytest.raises(error):
            db.write_now(actions.record_dispute, rev.account.id, decision.id, ended(**wrong))
    with pytest.raises(PermissionMissing):
        db.write_now(actions.record_dispute, ada.account.id, decision.id, ended())


def test_nobody_lifts_what_restricts_themselves(
    db: Database, join: Callable[..., Any], rev: Any
) -> None:
    sec = join("sec", role="reviewer").account
    subject = Subject(SubjectKind.ACCOUNT, sec.id, sec.id)
    until = clock.now() + DAY
    draft = Draft(step=Step.UNLIST, rule_code="spam-1", facts="x", ends_at=until)
    made = db.write_now(decisions.decide, rev.account.id, subject, draft=draft)
    with pytest.raises(OwnAccount):
        db.write_now(actions.record_dispute, sec.id, made.id, ended())


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        for query in (queries._WAITING, queries._PROPOSED):
            check_plan(tx, query, limit=40)
        for query in (queries._UNTOLD_REQUESTS, queries._UNTOLD_REFERRALS):
            check_plan(tx, query, now=1, limit=40)
        for page in (queries._REQUESTS, queries._REFERRALS, queries._DISPUTES):
            check_page_plan(tx, page)
        for page in (queries._TOLD_REQUESTS, queries._TOLD_REFERRALS):
            check_page_plan(tx, page, account_id=1)
        check_plan(tx, queries._OF_DECISION, decision_id=1)

    db.read_now(check)
