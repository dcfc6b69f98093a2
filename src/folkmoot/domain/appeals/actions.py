"""Writes of appeals."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.appeals import queries
from folkmoot.domain.appeals.events import AppealDecided, AppealFiled
from folkmoot.domain.appeals.model import (
    ANSWER_WITHIN,
    AlreadyAppealed,
    AlreadyDecided,
    Appeal,
    AppealId,
    By,
    NotContestable,
    OwnDecision,
    State,
    TooLate,
    check_answer,
    check_text,
    code_of,
)
from folkmoot.domain.appeals.tables import appeals
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import Decision, Ending
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Report, ReportId
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import NO_CASE, CaseId, NotToBeSeen, Sight, post_mark
from folkmoot.domain.review.queries import list_looked
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.clock import spoken
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_OWN = ReportId(0)  # the author's, who has no report
_INSERT = insert_all(appeals)
_DECIDE = command(
    sa.update(appeals)
    .where(appeals.c.id == param("appeal_id"))
    .values(
        state=param("new_state"),
        answer=param("new_answer"),
        decider=param("new_decider"),
        decided_by=param("new_decided_by"),
        decided_at=param("at"),
    )
)
_FORGET_ACCOUNT = command(sa.delete(appeals).where(appeals.c.account_id == param("account_id")))
_FORGET_DECIDER = command(
    sa.update(appeals)
    .where(appeals.c.decided_by == param("account_id"))
    .values(decided_by=sa.null())
)


def appeal_as_author(tx: Tx, decision_id: int, text: str) -> Appeal:
    """Contests a decision as whom it restricts; whoever calls has made sure of that.

    TextMissing, TooLate, AlreadyAppealed; NotContestable when it restricts nothing or was undone.
    """
    decision = get_decision(tx, decision_id)
    if not decision.contestable:
        why = "it has been undone" if decision.restricts else "it restricts nothing"
        raise NotContestable(why=why)
    return _file(tx, decision, By.AUTHOR, text)


def appeal_as_reporter(tx: Tx, report: Report, text: str) -> Appeal:
    """Contests what became of one's report; whoever calls has made sure that it is theirs.

    TextMissing, TooLate, AlreadyAppealed; NotContestable before it is decided.
    """
    if report.decision_id is None:
        raise NotContestable(why="the report is not decided yet")
    return _file(tx, get_decision(tx, report.decision_id), By.REPORTER, text, report.id)


def decide_appeal(
    tx: Tx, reviewer_id: AccountId, appeal_id: int, *, upheld: bool, answer: str
) -> Appeal:
    """Answers an appeal, as somebody who had no part in the decision.

    Upheld, an author's undoes the decision and a reporter's opens the case again, for another
    reviewer. AppealNotFound, AlreadyDecided, AnswerMissing, OwnDecision, PermissionMissing.
    """
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    appeal = queries.get_appeal(tx, appeal_id, lock=True)
    if appeal.state != State.OPEN:
        raise AlreadyDecided
    if reviewer_id not in queries.list_independent(tx, appeal):
        raise OwnDecision
    said = {
        "state": State.UPHELD if upheld else State.REJECTED,
        "answer": check_answer(answer),
        "decider": find_pseudonym(tx, reviewer_id),
        "decided_by": reviewer_id,
    }
    tx.run(
        _DECIDE, appeal_id=appeal.id, at=tx.now, **{f"new_{name}": v for name, v in said.items()}
    )
    decided = msgspec.structs.replace(appeal, decided_at=tx.now, **said)
    if upheld:
        _restore(tx, decided)
    tx.announce(AppealDecided(decided))
    return decided


def look_into(tx: Tx, reviewer_id: AccountId, appeal_id: int) -> None:
    """Lets whoever may answer an appeal see the post it is about, for half an hour; recorded where
    not everybody can see it. The author asks for that by contesting, a reporter by their report.

    OwnDecision, AlreadyDecided, PostNotFound; NotToBeSeen where no report names the post.
    """
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    appeal = queries.get_appeal(tx, appeal_id)
    if appeal.state != State.OPEN:
        raise AlreadyDecided
    if reviewer_id not in queries.list_independent(tx, appeal):
        raise OwnDecision
    decision = get_decision(tx, appeal.decision_id)
    sight = queries.find_sight(tx, appeal, decision)
    if sight is Sight.NEVER:
        raise NotToBeSeen
    post_id, case_id = decision.subject_id or 0, CaseId(decision.case_id or NO_CASE)
    if sight is Sight.ASKED and post_mark(post_id) not in list_looked(tx, case_id, reviewer_id):
        review.note_look_at(tx, appeal.account_id, reviewer_id, post_mark(post_id), case_id=case_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the appeals about an account that goes, and which others it decided."""
    tx.run(_FORGET_ACCOUNT, account_id=account_id)
    tx.run(_FORGET_DECIDER, account_id=account_id)


def _file(tx: Tx, decision: Decision, by: By, text: str, report_id: ReportId = _OWN) -> Appeal:
    said = check_text(text)
    if tx.now > decision.contestable_until():
        raise TooLate(until=spoken(decision.contestable_until()))
    if queries.find_appeal(tx, decision.id, by, report_id=report_id) is not None:
        raise AlreadyAppealed
    appeal = Appeal(
        id=AppealId(new_id()),
        decision_id=decision.id,
        by=by,
        report_id=report_id,
        account_id=decision.account_id,
        text=said,
        filed_at=tx.now,
        due_at=tx.now + ANSWER_WITHIN,
        first_decider=decision.decider,
        first_seconder=decision.seconder,
        state=State.OPEN,
        answer="",
        decider="",
        decided_by=None,
        decided_at=None,
    )
    tx.insert(_INSERT, appeal)
    tx.announce(AppealFiled(appeal))
    return appeal


def _restore(tx: Tx, appeal: Appeal) -> None:
    decision = get_decision(tx, appeal.decision_id)
    if appeal.by == By.REPORTER:
        report = reports.reopen_report(tx, appeal.report_id)
        if report.reporter_id is not None:
            reports.lift_pause(tx, report.reporter_id)
        if decision.case_id is not None:
            review.reopen(tx, decision.case_id)
    elif decision.may_end_by(Ending.APPEALED):
        decisions.end_decision(
            tx,
            decision.id,
            Ending.APPEALED,
            by=appeal.decided_by,
            reason=appeal.answer,
            appeal=code_of(appeal.id),
        )
