"""Reads of appeals."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.appeals.model import Appeal, AppealNotFound, By, may_answer
from folkmoot.domain.appeals.tables import IS_OPEN, appeals
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.model import Decision, DecisionId, SubjectKind
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.posts.model import PostNotFound
from folkmoot.domain.posts.queries import get_post
from folkmoot.domain.reports.queries import names_post
from folkmoot.domain.review.model import Sight, sight_of_post
from folkmoot.kit.db import Moment, Page, Tx, paged, param, rows, values, within

_a = appeals.c
_BY_ID = rows(sa.select(appeals).where(_a.id == param("id")), Appeal)
_BY_ID_LOCKED = rows(sa.select(appeals).where(_a.id == param("id")).with_for_update(), Appeal)
_OF_DECISION = rows(
    sa.select(appeals).where(_a.decision_id == param("decision_id")).order_by(_a.id), Appeal
)
_OF_AUTHOR = rows(
    sa.select(appeals).where(
        within(_a.decision_id, "decision_ids"), _a.by == sa.literal_column("'author'")
    ),
    Appeal,
)
_OF_REPORT = rows(
    sa.select(appeals)
    .where(_a.report_id == param("report_id"))
    .order_by(_a.id.desc())
    .limit(sa.literal_column("1")),
    Appeal,
)
_OPEN = rows(
    sa.select(appeals)
    .where(IS_OPEN)
    .order_by(_a.due_at, _a.id)
    .limit(param("limit", sa.Integer())),
    Appeal,
)
_OF_ACCOUNT = paged(sa.select(appeals).where(_a.account_id == param("account_id")), _a.id, Appeal)
_COUNT_OPEN = values(sa.select(sa.func.count()).select_from(appeals).where(IS_OPEN), int)
_COUNT_LATE = values(
    sa.select(sa.func.count())
    .select_from(appeals)
    .where(IS_OPEN, _a.due_at < param("now", Moment)),
    int,
)


def get_appeal(tx: Tx, appeal_id: int, *, lock: bool = False) -> Appeal:
    """The appeal of an id, locked by who is about to decide it; AppealNotFound."""
    found = tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=appeal_id)
    if found is None:
        raise AppealNotFound
    return found


def find_appeal(tx: Tx, decision_id: int, by: By, *, report_id: int = 0) -> Appeal | None:
    """The appeal of one side against a decision."""
    found = tx.all(_OF_DECISION, decision_id=decision_id)
    return next((a for a in found if a.by == by and a.report_id == report_id), None)


def find_appeal_of_report(tx: Tx, report_id: int) -> Appeal | None:
    """The latest appeal by which a reporter contested what became of a report."""
    return tx.first(_OF_REPORT, report_id=report_id)


def list_of_author(tx: Tx, decision_ids: list[DecisionId]) -> dict[DecisionId, Appeal]:
    """The appeals by whom these decisions concern, by decision."""
    found = tx.all(_OF_AUTHOR, decision_ids=decision_ids) if decision_ids else []
    return {appeal.decision_id: appeal for appeal in found}


def list_of_decision(tx: Tx, decision_id: int) -> list[Appeal]:
    """Every appeal against a decision, oldest first."""
    return tx.all(_OF_DECISION, decision_id=decision_id)


def list_open(tx: Tx, *, limit: int = 40) -> list[Appeal]:
    """Appeals that wait for an answer, the most urgent first."""
    return tx.all(_OPEN, limit=limit)


def list_of_account(tx: Tx, account_id: int, page: Page) -> list[Appeal]:
    """A page of the appeals about decisions that concern an account."""
    return tx.page(_OF_ACCOUNT, page, account_id=account_id)


def count_late(tx: Tx) -> int:
    """How many appeals wait for longer than they should."""
    return tx.one(_COUNT_LATE, now=tx.now)


def count_open(tx: Tx) -> int:
    """How many appeals wait for an answer."""
    return tx.one(_COUNT_OPEN)


def find_sight(tx: Tx, appeal: Appeal, decision: Decision) -> Sight:
    """How whoever answers an appeal comes to see the post that the decision is about;
    PostNotFound where it is about none, or the post is gone.
    """
    if decision.subject_kind != SubjectKind.POST or decision.subject_id is None:
        raise PostNotFound
    post = get_post(tx, decision.subject_id)
    named = appeal.by == By.AUTHOR or names_post(tx, decision.case_id or 0, post.id)
    return sight_of_post(post, named=named)


def list_independent(tx: Tx, appeal: Appeal) -> list[AccountId]:
    """Who of the team could decide an appeal: nobody who took part in the decision, nor the member
    that it is about. Empty where the team has no independent reviewer, which is then said in
    public.
    """
    return list_independent_of(tx, get_decision(tx, appeal.decision_id))


def list_independent_of(tx: Tx, decision: Decision) -> list[AccountId]:
    """Who of the team could decide an appeal against a decision."""
    team = list_who_may(tx, Permission.REVIEW_REPORTS)
    return [who for who in team if may_answer(decision, who)]
