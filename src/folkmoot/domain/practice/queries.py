"""Reads of practice cases and of what was answered."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.decisions.model import SubjectKind
from folkmoot.domain.media.model import Attachment, Kind
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.policy.model import Rule
from folkmoot.domain.policy.queries import get_version, list_rules
from folkmoot.domain.posts.model import PostId, Visibility
from folkmoot.domain.posts.queries import find_post
from folkmoot.domain.practice.model import (
    SHOW_FROM,
    PracticeAnswer,
    PracticeCase,
    PracticeId,
    PracticeNotFound,
    Progress,
    Result,
    Tally,
    Verdict,
)
from folkmoot.domain.practice.tables import (
    IS_ANSWERED,
    IS_LIVE,
    practice_answers,
    practice_cases,
)
from folkmoot.domain.review.model import Case
from folkmoot.domain.review.tables import cases
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values, within

_c, _a = practice_cases.c, practice_answers.c
_one: Any = sa.literal_column("1")
_reviewer = param("reviewer_id", Id)
_BY_ID = rows(sa.select(practice_cases).where(_c.id == param("id")), PracticeCase)
_LIVE = paged(sa.select(practice_cases).where(IS_LIVE), _c.id, PracticeCase)
_mine = sa.exists(
    sa.select(_one).where(
        _a.practice_id == _c.id, _a.reviewer_id == _reviewer, _a.answered_at.is_not(None)
    )
)
# What a reviewer has practised already stands before what they have not: some hundreds at most.
# Who made a case knows its answer.
_new_to_me = sa.and_(IS_LIVE, ~_mine, _c.made_by.is_distinct_from(_reviewer))
_NEXT = rows(sa.select(practice_cases).where(_new_to_me).order_by(_c.id).limit(_one), PracticeCase)
_COUNT_WAITING = values(
    sa.select(sa.func.count()).select_from(practice_cases).where(_new_to_me), int
)
_SHIPPED = values(sa.select(_c.shipped).where(_c.shipped != sa.literal_column("''")), str)
_ANSWER = rows(
    sa.select(practice_answers).where(
        _a.practice_id == param("practice_id"), _a.reviewer_id == _reviewer
    ),
    PracticeAnswer,
)
_TALLY = rows(
    sa.select(_a.rule_code, _a.step, sa.func.count())
    .where(_a.practice_id == param("practice_id"), IS_ANSWERED)
    .group_by(_a.rule_code, _a.step)
    .order_by(sa.func.count().desc(), _a.rule_code, _a.step),
    Tally,
)
_RESULTS = rows(
    sa.select(
        _a.practice_id,
        sa.func.count(),
        sa.func.sum(sa.case((_a.verdict == param("right"), 1), else_=0)),
    )
    .where(within(_a.practice_id, "ids"), IS_ANSWERED)
    .group_by(_a.practice_id)
    .having(sa.func.count() >= param("least", sa.Integer())),
    Result,
)


class _Verdicts(msgspec.Struct, frozen=True):
    verdict: str
    times: int


_VERDICTS = rows(
    sa.select(_a.verdict, sa.func.count())
    .where(_a.reviewer_id == param("reviewer_id"))
    .group_by(_a.verdict),
    _Verdicts,
)
_CLOSED = rows(
    sa.select(cases)
    .where(cases.c.closed_at < param("before", Moment))
    .order_by(cases.c.closed_at.desc())
    .limit(param("limit", sa.Integer())),
    Case,
)


def get_practice_case(tx: Tx, practice_id: int) -> PracticeCase:
    """The practice case of an id; PracticeNotFound."""
    found = tx.first(_BY_ID, id=practice_id)
    if found is None:
        raise PracticeNotFound
    return found


def list_practice(tx: Tx, page: Page) -> list[PracticeCase]:
    """A page of what is practised with, the latest first."""
    return tx.page(_LIVE, page)


def find_next_practice(tx: Tx, reviewer_id: int) -> PracticeCase | None:
    """The oldest practice case that a reviewer has neither answered nor made."""
    return tx.first(_NEXT, reviewer_id=reviewer_id)


def find_answer(tx: Tx, practice_id: int, reviewer_id: int) -> PracticeAnswer | None:
    """What a reviewer made of a practice case, or that they have begun."""
    return tx.first(_ANSWER, practice_id=practice_id, reviewer_id=reviewer_id)


def list_tally(tx: Tx, practice_id: int) -> list[Tally]:
    """How often each answer was given, the most frequent first; nothing as long as it could tell
    who gave which.
    """
    found = tx.all(_TALLY, practice_id=practice_id)
    return found if sum(each.times for each in found) >= SHOW_FROM else []


def map_results(tx: Tx, practice_ids: list[PracticeId]) -> dict[PracticeId, Result]:
    """How practice cases were answered, those that enough have answered."""
    found = tx.all(_RESULTS, ids=practice_ids, right=Verdict.RIGHT, least=SHOW_FROM)
    return {each.practice_id: each for each in found}


def get_progress(tx: Tx, reviewer_id: int) -> Progress:
    """What a reviewer has practised; to be shown to nobody else."""
    times = {each.verdict: each.times for each in tx.all(_VERDICTS, reviewer_id=reviewer_id)}
    right, step_off, rule_off = (times.get(v, 0) for v in Verdict)
    waiting = tx.one(_COUNT_WAITING, reviewer_id=reviewer_id)
    return Progress(right + step_off + rule_off, right, step_off, rule_off, waiting)


def list_shipped_taken_up(tx: Tx) -> list[str]:
    """The names of the cases that ship and were taken up here, also those retired since."""
    return tx.all(_SHIPPED)


def list_closed_cases(tx: Tx, *, before: int, limit: int = 20) -> list[Case]:
    """Closed cases, the latest first, closed before a moment: what can be practised with."""
    return tx.all(_CLOSED, before=before, limit=limit)


def list_rules_of(tx: Tx, case: PracticeCase) -> list[Rule]:
    """The rules that held when a practice case was made: by them it is answered."""
    return list_rules(tx, get_version(tx, case.version_id))


def list_choosable(tx: Tx, case: Case) -> tuple[tuple[int, str], ...]:
    """The pictures that a practice case made of this one may show, with their descriptions: those
    of a post that its author meant for everybody.
    """
    if case.subject_kind != SubjectKind.POST or case.subject_id is None:
        return ()
    post = find_post(tx, case.subject_id)
    if post is None or post.meant_for > Visibility.UNLISTED:
        return ()
    shown = list_attachments(tx, [post.id]).get(post.id, [])
    return tuple((each.id, each.description) for each in shown if each.kind == Kind.IMAGE)


def find_picture(tx: Tx, case: PracticeCase) -> Attachment | None:
    """The picture of a practice case, as long as its post shows it."""
    if case.post_id is None:
        return None
    shown = list_attachments(tx, [PostId(case.post_id)]).get(PostId(case.post_id), [])
    return next((each for each in shown if each.id == case.attachment_id), None)
