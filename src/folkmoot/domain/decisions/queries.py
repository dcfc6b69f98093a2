"""Reads of decisions."""

import hmac
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.decisions.model import (
    STRIKE_LIFE,
    Decision,
    DecisionId,
    DecisionNotFound,
    SubjectKind,
    code_of,
    statement_key,
)
from folkmoot.domain.decisions.tables import IS_ENDING, IS_IN_FORCE, IS_REVIEWED, decisions
from folkmoot.domain.transparency.model import EntryNotFound
from folkmoot.domain.transparency.queries import get_proof as get_proof_of
from folkmoot.domain.transparency.queries import list_entries
from folkmoot.kit.db import Moment, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.ids import first_at
from folkmoot.kit.tlog.statements import Statement

_d = decisions.c
_all = sa.select(decisions)
_BY_ID = rows(_all.where(_d.id == param("id")), Decision)
_BY_ID_LOCKED = rows(_all.where(_d.id == param("id")).with_for_update(), Decision)
_SOME = rows(_all.where(within(_d.id, "ids")), Decision)
_IN_FORCE = rows(
    _all.where(
        _d.subject_kind == param("kind"), _d.subject_id == param("subject_id"), IS_IN_FORCE
    ).order_by(_d.id),
    Decision,
)
_IN_FORCE_OF_POSTS = rows(
    _all.where(
        _d.subject_kind == sa.literal_column("'post'"),
        within(_d.subject_id, "post_ids"),
        IS_IN_FORCE,
    ).order_by(_d.id),
    Decision,
)
_OF_CASE = rows(_all.where(_d.case_id == param("case_id")).order_by(_d.id), Decision)
_OF_ACCOUNT = paged(_all.where(_d.account_id == param("account_id")), _d.id, Decision)
_RESTRICTING = paged(
    _all.where(_d.account_id == param("account_id"), _d.step != sa.literal_column("'no-action'")),
    _d.id,
    Decision,
)
_SINCE = rows(
    _all.where(_d.account_id == param("account_id"), _d.id > param("after")).order_by(_d.id),
    Decision,
)
_EVERY_IN_FORCE = paged(_all.where(IS_IN_FORCE), _d.id, Decision)
_TO_REVIEW = rows(
    _all.where(IS_REVIEWED, _d.review_at <= param("before", Moment))
    .order_by(_d.review_at)
    .limit(param("limit", sa.Integer())),
    Decision,
)
_COUNT_TO_REVIEW = values(
    sa.select(sa.func.count())
    .select_from(decisions)
    .where(IS_REVIEWED, _d.review_at <= param("before", Moment)),
    int,
)
_DUE = values(
    sa.select(_d.id)
    .where(IS_ENDING, _d.ends_at <= param("now", Moment))
    .order_by(_d.ends_at)
    .limit(param("limit", sa.Integer())),
    DecisionId,
)


def get_decision(tx: Tx, decision_id: int, *, lock: bool = False) -> Decision:
    """The decision of an id, locked by who is about to end it; DecisionNotFound."""
    found = tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=decision_id)
    if found is None:
        raise DecisionNotFound
    return found


def list_decisions(tx: Tx, ids: Sequence[int]) -> dict[int, Decision]:
    """The decisions of these ids."""
    return {one.id: one for one in tx.all(_SOME, ids=list(ids))} if ids else {}


def get_own_decision(tx: Tx, decision_id: int, *, account_id: int) -> Decision:
    """A decision about one's own account or post; DecisionNotFound for any other."""
    found = get_decision(tx, decision_id)
    if found.account_id != account_id:
        raise DecisionNotFound
    return found


def get_decision_by_key(tx: Tx, decision_id: int, key: str) -> Decision:
    """The decision of a statement's secret address; DecisionNotFound also for a wrong key."""
    wanted = statement_key(tx.settings.secrets.secret_key, decision_id)
    fits = hmac.compare_digest(wanted.encode(), key.encode())
    found = tx.first(_BY_ID, id=decision_id)
    if found is None or not fits:
        raise DecisionNotFound
    return found


def get_proof(tx: Tx, decision: Decision) -> Statement:
    """What proves to anybody that a decision is in the public log, with what its entry commits to;
    for whom it concerns. EntryNotFound, NotSignedYet.
    """
    found = list_entries(tx, Page(limit=1), kind="decision", term=code_of(decision.id))
    if not found:
        raise EntryNotFound
    return get_proof_of(tx, found[0].position, opened=True)


def list_in_force(tx: Tx, kind: SubjectKind, subject_id: int) -> list[Decision]:
    """The decisions that restrict a subject now, oldest first."""
    found = tx.all(_IN_FORCE, kind=kind, subject_id=subject_id)
    return [decision for decision in found if decision.holds_at(tx.now)]


def list_in_force_of_posts(tx: Tx, post_ids: Sequence[int]) -> dict[int, list[Decision]]:
    """The decisions that restrict these posts now, by post, oldest first."""
    found: dict[int, list[Decision]] = {}
    for decision in tx.all(_IN_FORCE_OF_POSTS, post_ids=list(post_ids)) if post_ids else ():
        if decision.holds_at(tx.now) and decision.subject_id is not None:
            found.setdefault(decision.subject_id, []).append(decision)
    return found


def list_of_case(tx: Tx, case_id: int) -> list[Decision]:
    """The decisions taken in a case, oldest first."""
    return tx.all(_OF_CASE, case_id=case_id)


def list_of_account(tx: Tx, account_id: int, page: Page) -> list[Decision]:
    """A page of the decisions about an account and its posts, newest first."""
    return tx.page(_OF_ACCOUNT, page, account_id=account_id)


def list_restrictions(tx: Tx, account_id: int, page: Page) -> list[Decision]:
    """The same, but for those by which nothing was done: nobody is told that they were reported."""
    return tx.page(_RESTRICTING, page, account_id=account_id)


def count_strikes(tx: Tx, account_id: int, *, since_id: Any) -> int:
    """How many decisions since an id weigh on the next one about the account."""
    return len(_strikes(tx, account_id, since_id))


def count_strikes_at(tx: Tx, account_id: int, at: int) -> int:
    """How many decisions weighed on an account at a moment, by what is known of them now."""
    found = tx.all(_SINCE, account_id=account_id, after=first_at(at - STRIKE_LIFE))
    return sum(each.created_at <= at and each.is_strike_at(at) for each in found)


def list_strikes(tx: Tx, account_id: int) -> list[Decision]:
    """The decisions that weigh on the next one about an account, oldest first."""
    return _strikes(tx, account_id, first_at(tx.now - STRIKE_LIFE))


def _strikes(tx: Tx, account_id: int, since_id: Any) -> list[Decision]:
    found = tx.all(_SINCE, account_id=account_id, after=since_id)
    return [decision for decision in found if decision.is_strike_at(tx.now)]


def list_every_in_force(tx: Tx, page: Page) -> list[Decision]:
    """A page of all decisions that restrict somebody now, newest first."""
    return tx.page(_EVERY_IN_FORCE, page)


def list_to_review(tx: Tx, *, before: int, limit: int) -> list[Decision]:
    """Decisions without an end that somebody has to look at again before a moment, the most
    urgent first.
    """
    return tx.all(_TO_REVIEW, before=before, limit=limit)


def count_to_review(tx: Tx, *, before: int) -> int:
    """How many decisions somebody has to look at again before a moment."""
    return tx.one(_COUNT_TO_REVIEW, before=before)


def list_due(tx: Tx, *, limit: int) -> list[DecisionId]:
    """Decisions whose time is over and which nobody has ended."""
    return tx.all(_DUE, now=tx.now, limit=limit)
