"""Reads of cases: the queue, one case, what was looked at."""

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.decisions.model import Step, SubjectKind
from folkmoot.domain.deeds.model import print_of
from folkmoot.domain.policy.model import Action, Rule
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.reports.queries import count_by_same, names_post
from folkmoot.domain.reports.tables import reports
from folkmoot.domain.review.model import (
    BULK_AT_MOST,
    LOOK_LASTS,
    Case,
    CaseId,
    CaseNotFound,
    Choice,
    Exposure,
    Handled,
    Look,
    OwnCase,
    RuleNeeded,
    Sight,
    State,
    expose,
    sight_of_post,
)
from folkmoot.domain.review.tables import (
    IS_NOT_CLOSED,
    IS_OPEN,
    IS_PROPOSED,
    case_skips,
    cases,
    looks,
)
from folkmoot.kit.clock import day_start
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.ids import first_at

_c = cases.c
_one: Any = sa.literal_column("1")
_BY_ID = rows(sa.select(cases).where(_c.id == param("id")), Case)
_BY_IDS = rows(sa.select(cases).where(within(_c.id, "ids")), Case)
_BY_ID_LOCKED = rows(sa.select(cases).where(_c.id == param("id")).with_for_update(), Case)
_OF_SUBJECT = rows(
    sa.select(cases)
    .where(_c.subject_kind == param("kind"), _c.subject_id == param("subject_id"), IS_NOT_CLOSED)
    .with_for_update(),
    Case,
)
_OF_ACCOUNT = paged(sa.select(cases).where(_c.account_id == param("account_id")), _c.id, Case)
_reviewer = param("reviewer_id", Id)
_skipped = sa.exists(
    sa.select(_one).where(
        case_skips.c.case_id == _c.id,
        case_skips.c.reviewer_id == _reviewer,
        case_skips.c.until > param("now", Moment),
    )
)
_reported = sa.exists(
    sa.select(_one).where(reports.c.case_id == _c.id, reports.c.reporter_id == _reviewer)
)
_free = sa.or_(_c.lease_until.is_(None), _c.lease_until <= param("now", Moment))
# In the order of the index. At the front there may be what others hold or this reviewer has put
# aside: a handful, never a number that grows with the queue.
_NEXT = rows(
    sa.select(cases)
    .where(IS_OPEN, _free, _c.account_id != _reviewer, ~_skipped, ~_reported)
    .order_by(_c.rank, _c.id)
    .limit(_one)
    .with_for_update(skip_locked=True),
    Case,
)
_harm, _kind = param("harm", sa.Text()), param("kind", sa.Text())
_none: Any = sa.literal_column("''")
_QUEUE = rows(
    sa.select(cases)
    .where(
        IS_OPEN,
        sa.tuple_(_c.rank, _c.id) > sa.tuple_(param("rank", Id), param("after", Id)),
        sa.or_(_harm == _none, _c.harm == _harm),
        sa.or_(_kind == _none, _c.subject_kind == _kind),
        _c.detectors.like(param("detector", sa.Text())),
        _c.due_at < param("due_before", Moment),
    )
    .order_by(_c.rank, _c.id)
    .limit(param("limit", sa.Integer())),
    Case,
)
_PROPOSED = rows(
    sa.select(cases)
    .where(IS_PROPOSED)
    .order_by(_c.rank, _c.id)
    .limit(param("limit", sa.Integer())),
    Case,
)
_HELD = rows(
    sa.select(cases).where(_c.leased_by == _reviewer, _c.lease_until > param("now", Moment)), Case
)
_COUNT_OPEN = values(sa.select(sa.func.count()).select_from(cases).where(IS_OPEN), int)
_COUNT_LATE = values(
    sa.select(sa.func.count()).select_from(cases).where(IS_OPEN, _c.due_at < param("now", Moment)),
    int,
)
_COUNT_PROPOSED = values(sa.select(sa.func.count()).select_from(cases).where(IS_PROPOSED), int)
_HANDLED = rows(
    sa.select(_c.harm, _c.taken_at, _c.closed_at)
    .where(
        _c.closed_by == _reviewer, _c.closed_at >= param("since", Moment), _c.taken_at.is_not(None)
    )
    .order_by(_c.closed_at),
    Handled,
)
_COUNT_LOOKS = values(
    sa.select(sa.func.count())
    .select_from(looks)
    .where(looks.c.reviewer_id == _reviewer, looks.c.id >= param("from_id", Id)),
    int,
)
_LOOKED = values(
    sa.select(looks.c.what).where(
        looks.c.case_id == param("case_id"),
        looks.c.reviewer_id == _reviewer,
        looks.c.created_at > param("since", Moment),
    ),
    str,
)
_LOOKS_OF_CASE = paged(
    sa.select(looks).where(looks.c.case_id == param("case_id")), looks.c.id, Look
)
_LOOKS_AT = paged(
    sa.select(looks).where(looks.c.account_id == param("account_id")), looks.c.id, Look
)
_EVERY = Choice()
# Like cases are looked for among so many that come first.
_ALIKE_AMONG = 300


def find_rule(
    tx: Tx, step: Step, *, text: str = "", rule_ids: Iterable[int] = (), harm: str = ""
) -> Rule:
    """The rule in force that a decision rests on, from what was said: the codes in its text, rule
    ids, the harm that was reported. Of several the first that leads to the step. RuleNeeded.
    """
    known = list_rules(tx)
    words = set(re.findall(r"[a-z0-9-]+", text.lower()))
    ids = list(rule_ids)
    named = [rule for rule in known if rule.code in words]
    named += [rule for rule_id in ids for rule in known if rule.id == rule_id]
    named += [rule for rule in known if rule.category == harm]
    if not named:
        raise RuleNeeded(code=known[0].code, field="text")
    leading = [rule for rule in named if rule.allows(Action(step))]
    return (leading or named)[0]


def find_case(tx: Tx, case_id: int) -> Case | None:
    """The case of an id."""
    return tx.first(_BY_ID, id=case_id)


def get_case(tx: Tx, case_id: int, *, lock: bool = False) -> Case:
    """The case of an id, locked by who is about to change it; CaseNotFound."""
    found = tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=case_id)
    if found is None:
        raise CaseNotFound
    return found


def check_apart(tx: Tx, case: Case, reviewer_id: int) -> None:
    """OwnCase for whoever a case is about, or who has reported what it is about."""
    if case.account_id == reviewer_id or count_by_same(tx, case.id, reviewer_id):
        raise OwnCase


def map_cases(tx: Tx, ids: list[int]) -> dict[int, Case]:
    """The cases of some ids."""
    return {case.id: case for case in tx.all(_BY_IDS, ids=ids)} if ids else {}


def find_open_case(tx: Tx, kind: str, subject_id: int) -> Case | None:
    """The case about a subject that is not closed, locked until the end of the transaction."""
    return tx.first(_OF_SUBJECT, kind=kind, subject_id=subject_id)


def find_next(tx: Tx, reviewer_id: int) -> Case | None:
    """The case that this reviewer should take next, locked."""
    return tx.first(_NEXT, reviewer_id=reviewer_id, now=tx.now)


def find_held(tx: Tx, reviewer_id: int) -> Case | None:
    """The case a reviewer has taken."""
    return tx.first(_HELD, reviewer_id=reviewer_id, now=tx.now)


def list_queue(
    tx: Tx, *, after: Case | None = None, limit: int = 40, choice: Choice = _EVERY
) -> list[Case]:
    """Open cases in the order in which they are taken, after one."""
    rank, last = (after.rank, after.id) if after else (-(1 << 62), CaseId(0))
    detector = {"": "%", "*": '%"%'}.get(choice.detector, f'%"{choice.detector}"%')
    return tx.all(
        _QUEUE,
        rank=rank,
        after=last,
        limit=limit,
        harm=choice.harm,
        kind=choice.kind,
        detector=detector,
        due_before=tx.now if choice.late else 1 << 62,
    )


def list_proposed(tx: Tx, *, limit: int = 40) -> list[Case]:
    """Cases that wait for a second reviewer to agree."""
    return tx.all(_PROPOSED, limit=limit)


def list_cases_of(tx: Tx, account_id: int, page: Page) -> list[Case]:
    """A page of the cases about an account and its posts."""
    return tx.page(_OF_ACCOUNT, page, account_id=account_id)


def count_open(tx: Tx) -> tuple[int, int]:
    """How many cases are open, and how many of them later than their clock allows."""
    return tx.one(_COUNT_OPEN), tx.one(_COUNT_LATE, now=tx.now)


def count_proposed(tx: Tx) -> int:
    """How many cases wait for a second reviewer."""
    return tx.one(_COUNT_PROPOSED)


def get_exposure(tx: Tx, reviewer_id: int) -> Exposure:
    """What a reviewer has had before their eyes since midnight UTC."""
    since = day_start(tx.now)
    handled = tx.all(_HANDLED, reviewer_id=reviewer_id, since=since)
    seen = tx.one(_COUNT_LOOKS, reviewer_id=reviewer_id, from_id=first_at(since))
    return expose(handled, looks=seen, now=tx.now)


def list_looked(tx: Tx, case_id: int, reviewer_id: int) -> set[str]:
    """What of a case a reviewer has asked to see, as long as that holds."""
    since = tx.now - LOOK_LASTS
    return set(tx.all(_LOOKED, case_id=case_id, reviewer_id=reviewer_id, since=since))


def sight_of(tx: Tx, case: Case, post: Post) -> Sight:
    """How a reviewer comes to see a post of a case."""
    return sight_of_post(post, named=names_post(tx, case.id, post.id))


def list_alike(tx: Tx, case: Case) -> list[tuple[Case, str]]:
    """Open cases that nobody holds and that one decision could be about, with what makes them
    alike: about the same account, of the same harm and detector, or in nearly the same words.
    """
    same = list_cases_of(tx, case.account_id, Page(limit=BULK_AT_MOST))
    others = {one.id: one for one in [*same, *list_queue(tx, limit=_ALIKE_AMONG)]}
    free = [
        one
        for one in others.values()
        if one.id != case.id
        and one.state == State.OPEN
        and (one.lease_until or 0) <= tx.now
        and one.subject_kind == case.subject_kind
    ]
    marks = _marks(tx, [case, *free])
    found = ((one, _why_alike(case, one, marks)) for one in free)
    return [(one, why) for one, why in found if why][: BULK_AT_MOST - 1]


def _marks(tx: Tx, some: list[Case]) -> dict[int, int]:
    """What the posts of cases say, as prints."""
    ids = [
        PostId(c.subject_id) for c in some if c.subject_kind == SubjectKind.POST and c.subject_id
    ]
    posts = list_posts(tx, ids)
    made = {post.id: print_of(f"{post.spoiler_text} {post.text}") for post in posts.values()}
    return {post_id: mark for post_id, mark in made.items() if mark is not None}


def _why_alike(case: Case, other: Case, marks: dict[int, int]) -> str:
    if other.account_id == case.account_id:
        return "about the same account"
    if case.subject_id in marks and marks.get(other.subject_id or 0) == marks[case.subject_id]:
        return "nearly the same words"
    found = bool(case.harm) and case.detectors != "[]"
    if found and (other.harm, other.detectors) == (case.harm, case.detectors):
        return "the same harm, found by the same detector"
    return ""


def list_looks(tx: Tx, case_id: int, page: Page) -> list[Look]:
    """A page of what reviewers looked at in a case that not everybody can see."""
    return tx.page(_LOOKS_OF_CASE, page, case_id=case_id)


def list_looks_at(tx: Tx, account_id: int, page: Page) -> list[Look]:
    """A page of what reviewers looked at of a member that not everybody can see."""
    return tx.page(_LOOKS_AT, page, account_id=account_id)
