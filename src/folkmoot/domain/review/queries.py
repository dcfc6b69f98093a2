"""Reads of cases: the queue, one case, what was looked at."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.reports.tables import reports
from folkmoot.domain.review.model import Case, CaseId, CaseNotFound, Look
from folkmoot.domain.review.tables import (
    IS_NOT_CLOSED,
    IS_OPEN,
    IS_PROPOSED,
    case_skips,
    cases,
    looks,
)
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values

_c = cases.c
_one: Any = sa.literal_column("1")
_BY_ID = rows(sa.select(cases).where(_c.id == param("id")), Case)
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
_QUEUE = rows(
    sa.select(cases)
    .where(IS_OPEN, sa.tuple_(_c.rank, _c.id) > sa.tuple_(param("rank", Id), param("after", Id)))
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
_LOOKS_OF_CASE = paged(
    sa.select(looks).where(looks.c.case_id == param("case_id")), looks.c.id, Look
)
_LOOKS_AT = paged(
    sa.select(looks).where(looks.c.account_id == param("account_id")), looks.c.id, Look
)


def get_case(tx: Tx, case_id: int, *, lock: bool = False) -> Case:
    """The case of an id, locked by who is about to change it; CaseNotFound."""
    found = tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=case_id)
    if found is None:
        raise CaseNotFound
    return found


def find_open_case(tx: Tx, kind: str, subject_id: int) -> Case | None:
    """The case about a subject that is not closed, locked until the end of the transaction."""
    return tx.first(_OF_SUBJECT, kind=kind, subject_id=subject_id)


def find_next(tx: Tx, reviewer_id: int) -> Case | None:
    """The case that this reviewer should take next, locked."""
    return tx.first(_NEXT, reviewer_id=reviewer_id, now=tx.now)


def find_held(tx: Tx, reviewer_id: int) -> Case | None:
    """The case a reviewer has taken."""
    return tx.first(_HELD, reviewer_id=reviewer_id, now=tx.now)


def list_queue(tx: Tx, *, after: Case | None = None, limit: int = 40) -> list[Case]:
    """Open cases in the order in which they are taken, after one."""
    rank, last = (after.rank, after.id) if after else (-(1 << 62), CaseId(0))
    return tx.all(_QUEUE, rank=rank, after=last, limit=limit)


def list_proposed(tx: Tx, *, limit: int = 40) -> list[Case]:
    """Cases that wait for a second reviewer to agree."""
    return tx.all(_PROPOSED, limit=limit)


def list_cases_of(tx: Tx, account_id: int, page: Page) -> list[Case]:
    """A page of the cases about an account and its posts."""
    return tx.page(_OF_ACCOUNT, page, account_id=account_id)


def count_open(tx: Tx) -> tuple[int, int]:
    """How many cases are open, and how many of them later than their clock allows."""
    return tx.one(_COUNT_OPEN), tx.one(_COUNT_LATE, now=tx.now)


def list_looks(tx: Tx, case_id: int, page: Page) -> list[Look]:
    """A page of what reviewers looked at in a case that not everybody can see."""
    return tx.page(_LOOKS_OF_CASE, page, case_id=case_id)


def list_looks_at(tx: Tx, account_id: int, page: Page) -> list[Look]:
    """A page of what reviewers looked at of a member that not everybody can see."""
    return tx.page(_LOOKS_AT, page, account_id=account_id)
