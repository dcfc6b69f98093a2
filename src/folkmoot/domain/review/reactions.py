"""How reports come into cases, who is told, and what is forgotten when posts and accounts go."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.events import DecisionEnded
from folkmoot.domain.decisions.model import UNDOING, Ending, Subject, SubjectKind
from folkmoot.domain.detection import actions as detection
from folkmoot.domain.detection.events import DetectorHit
from folkmoot.domain.notifications.actions import notify
from folkmoot.domain.notifications.model import Kind, Notice
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.reports.events import ReportFiled
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.tables import case_skips, cases, looks
from folkmoot.kit.db import Tx, command, param

_LOSE_POST = command(
    sa.update(cases)
    .where(cases.c.subject_id == param("post_id"), cases.c.subject_kind == param("kind"))
    .values(subject_id=sa.null())
)
_about = sa.select(cases.c.id).where(cases.c.account_id == param("account_id"))
_free = {"leased_by": sa.null(), "lease_until": sa.null()}
_FORGET_ACCOUNT = (
    command(sa.delete(case_skips).where(case_skips.c.case_id.in_(_about))),
    command(sa.delete(case_skips).where(case_skips.c.reviewer_id == param("account_id"))),
    command(sa.delete(looks).where(looks.c.account_id == param("account_id"))),
    command(sa.delete(looks).where(looks.c.reviewer_id == param("account_id"))),
    command(sa.delete(cases).where(cases.c.account_id == param("account_id"))),
    command(sa.update(cases).where(cases.c.leased_by == param("account_id")).values(_free)),
    command(
        sa.update(cases)
        .where(cases.c.proposed_by == param("account_id"))
        .values(proposed_by=sa.null(), proposal="", state="open")
    ),
    command(
        sa.update(cases).where(cases.c.closed_by == param("account_id")).values(closed_by=sa.null())
    ),
)


def put_to_case(tx: Tx, fact: ReportFiled) -> None:
    """Joins the case about the one post a report names, else the one about the account; tells the
    team of the first report only, however many follow.
    """
    report = fact.report
    subject = Subject(SubjectKind.ACCOUNT, report.target_id, report.target_id)
    if len(fact.posts) == 1:
        subject = Subject(SubjectKind.POST, fact.posts[0].post_id, report.target_id)
    case = actions.open_or_join(tx, subject, report)
    if case.reports == 1:
        about = report.target_id if report.reporter_id is None else report.reporter_id
        notice = Notice(kind=Kind.REPORT, sender=get_account(tx, about), subject_id=report.id)
        notify(tx, list_who_may(tx, Permission.REVIEW_REPORTS), notice)


def follow_finding(tx: Tx, fact: DetectorHit) -> None:
    actions.follow_finding(tx, fact)


def count_overturned(tx: Tx, fact: DecisionEnded) -> None:
    """What was undone for its being wrong counts against the detectors that had found it."""
    decision = fact.decision
    if decision.ending not in UNDOING:
        return
    if decision.automated:
        if decision.ending != Ending.REVERSED:  # otherwise the case's own outcome counts it
            names = [decision.detector]
            detection.count_outcome(tx, names, decided=1, needed_nothing=1, overturned=1)
    elif decision.case_id is not None:
        case = queries.find_case(tx, decision.case_id)
        names = msgspec.json.decode(case.detectors, type=list[str]) if case else []
        detection.count_outcome(tx, names, overturned=1)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    tx.run(_LOSE_POST, post_id=fact.post.id, kind=SubjectKind.POST)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=fact.account_id)
