"""Writes of second looks. None changes what was decided, but `settle`, by a person."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions import actions as decisions
from folkmoot.domain.decisions.model import LADDER, Decision, Ending, SubjectKind
from folkmoot.domain.decisions.queries import list_of_case
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.posts.queries import find_post
from folkmoot.domain.practice.actions import LEAD
from folkmoot.domain.practice.model import check_answer
from folkmoot.domain.quality import queries
from folkmoot.domain.quality.model import (
    LEASE,
    WAITS_AT_MOST,
    AlreadyLooked,
    NothingDiffers,
    NothingToLookAt,
    NothingWished,
    NotTaken,
    OwnDecision,
    SecondLook,
    SecondLookId,
    SecondLookNotFound,
    Wish,
    check_why,
    decided,
    is_drawn,
)
from folkmoot.domain.quality.tables import IS_OPEN, second_looks
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import Case, Sight
from folkmoot.domain.review.queries import find_open_case, get_case, sight_of
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id

_l = second_looks.c
_INSERT = insert_all(second_looks, or_ignore=True)
_DROP_CASE = command(sa.delete(second_looks).where(_l.case_id == param("case_id"), IS_OPEN))
_CHANGING = tuple(name for name in SecondLook.__struct_fields__ if name != "id")
_SAVE = command(
    sa.update(second_looks)
    .where(_l.id == param("look_id"))
    .values({name: param(f"new_{name}") for name in _CHANGING})
)
_DROP_OLD = command(sa.delete(second_looks).where(IS_OPEN, _l.queued_at < param("before")))
_FORGET_POST = (
    command(sa.delete(second_looks).where(_l.post_id == param("post_id"), _l.looked_at.is_(None))),
    command(
        sa.update(second_looks).where(_l.post_id == param("post_id")).values(post_id=sa.null())
    ),
)
_gone: dict[str, Any] = dict.fromkeys(
    ("case_id", "decision_id", "post_id", "account_id"), sa.null()
)
_gone |= dict.fromkeys(("second_why", "wish_why", "settled_why"), "")
_FORGET_ACCOUNT = (
    command(
        sa.delete(second_looks).where(_l.account_id == param("account_id"), _l.looked_at.is_(None))
    ),
    command(
        sa.update(second_looks)
        .where(_l.account_id == param("account_id"), _l.wish == param("open"))
        .values(wish=param("no_more"))
    ),
    command(sa.update(second_looks).where(_l.account_id == param("account_id")).values(_gone)),
    *(
        command(
            sa.update(second_looks).where(_l[name] == param("account_id")).values({name: sa.null()})
        )
        for name in ("first_by", "first_second", "passed_by", "looked_by", "settled_by")
    ),
    command(
        sa.update(second_looks)
        .where(_l.taken_by == param("account_id"))
        .values(taken_by=sa.null(), taken_until=sa.null())
    ),
)


def draw(tx: Tx, case: Case, decision: Decision) -> None:
    """Puts a case that was closed aside for a second look, if it is drawn and somebody of the team
    had no part in it. Where several things were decided, the gravest is compared. A case that is
    closed again waits for a look at what was decided then.
    """
    share = tx.settings.quality.second_looks
    if not share or not is_drawn(tx.settings.secrets.secret_key, case.id, share):
        return
    gravest = max(_standing(tx, case), key=lambda one: LADDER.index(one.step), default=decision)
    by, second = gravest.decided_by, gravest.seconded_by
    if decision.decided_by != by:
        second = second or decision.decided_by
    apart = {by, second, case.account_id}
    if apart.issuperset(list_who_may(tx, Permission.REVIEW_REPORTS)) or not _is_shown(tx, case):
        return
    first = decided(gravest.rule_code, gravest.step)
    is_post = case.subject_kind == SubjectKind.POST
    look = SecondLook(
        id=SecondLookId(new_id()),
        case_id=case.id,
        decision_id=gravest.id,
        post_id=case.subject_id if is_post else None,
        account_id=case.account_id,
        subject_kind=case.subject_kind,
        version_id=gravest.version_id,
        rule_code=first.rule_code,
        step=first.step,
        first_by=by,
        first_second=second,
        queued_at=tx.now,
        taken_by=None,
        taken_until=None,
        passed_by=None,
        second_rule="",
        second_step="",
        second_why="",
        looked_by=None,
        looked_at=None,
        wish=Wish.NONE,
        wish_why="",
        settled_by=None,
        settled_at=None,
        settled_why="",
    )
    tx.run(_DROP_CASE, case_id=case.id)
    tx.insert(_INSERT, look)


def take_second_look(tx: Tx, reviewer_id: AccountId) -> SecondLook:
    """Gives a reviewer a case to look at, for half an hour; the one they hold, if any. What of it
    not everybody can see is recorded as a look (I4). NothingToLookAt.
    """
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    found = queries.find_held(tx, reviewer_id)
    if found is not None:
        return _save(tx, msgspec.structs.replace(found, taken_until=tx.now + LEASE))
    found = queries.find_next(tx, reviewer_id)
    if found is None or found.case_id is None:
        raise NothingToLookAt
    case = get_case(tx, found.case_id)
    for post in queries.list_posts_of(tx, found):
        review.see(tx, case, reviewer_id, post.id)
    taken = msgspec.structs.replace(found, taken_by=reviewer_id, taken_until=tx.now + LEASE)
    return _save(tx, taken)


def pass_on(tx: Tx, reviewer_id: AccountId, look_id: int) -> None:
    """Leaves a case to others: some are not for everybody, and nothing is counted. NotTaken."""
    look = _taken(tx, reviewer_id, look_id)
    passed = msgspec.structs.replace(look, taken_by=None, taken_until=None, passed_by=reviewer_id)
    _save(tx, passed)


def record_look(
    tx: Tx, reviewer_id: AccountId, look_id: int, *, rule_code: str, step: str, why: str = ""
) -> SecondLook:
    """Keeps what the second reviewer would have decided. Nothing follows from it by itself.

    SecondLookNotFound, NotTaken, AlreadyLooked, what `check_answer` refuses, WhyTooLong.
    """
    look = _taken(tx, reviewer_id, look_id)
    kind = SubjectKind(look.subject_kind)
    answer = check_answer(rule_code, step, kind, queries.list_rules_of(tx, look))
    done = msgspec.structs.replace(
        look,
        taken_by=None,
        taken_until=None,
        passed_by=None,
        second_rule=answer.rule_code,
        second_step=answer.step,
        second_why=check_why(why, needed=False),
        looked_by=reviewer_id,
        looked_at=tx.now,
    )
    return _save(tx, done)


def propose_reconsidering(tx: Tx, reviewer_id: AccountId, look_id: int, *, why: str) -> SecondLook:
    """Asks, as the second reviewer who came to something else, for the case to be judged again.
    SecondLookNotFound for anybody else, NothingDiffers, NothingWished once it is settled.
    """
    look = queries.get_second_look(tx, look_id, lock=True)
    if look.looked_by != reviewer_id:
        raise SecondLookNotFound
    if look.agrees:
        raise NothingDiffers
    if look.case_id is None or look.wish not in (Wish.NONE, Wish.PROPOSED):
        raise NothingWished
    said = check_why(why, needed=True)
    return _save(tx, msgspec.structs.replace(look, wish=Wish.PROPOSED, wish_why=said))


def settle(tx: Tx, lead_id: AccountId, look_id: int, *, reopen: bool, why: str) -> SecondLook:
    """Answers that wish, as a lead who had no part in the first decision. Where the case is opened
    again, what was decided ends and is undone, its reports are open again, and somebody else than
    its first reviewer judges it. `why` is what the member is told then.

    SecondLookNotFound, NothingWished, OwnDecision, WhyMissing.
    """
    require(get_user(tx, lead_id), LEAD)
    look = queries.get_second_look(tx, look_id, lock=True)
    if look.wish != Wish.PROPOSED or look.case_id is None or look.decision_id is None:
        raise NothingWished
    if look.concerns(lead_id):
        raise OwnDecision
    said = check_why(why, needed=True)
    if reopen:
        _reopen(tx, look.case_id, lead_id, said)
    settled = msgspec.structs.replace(
        look,
        wish=Wish.REOPENED if reopen else Wish.KEPT,
        settled_by=lead_id,
        settled_at=tx.now,
        settled_why=said,
    )
    return _save(tx, settled)


def drop_old(tx: Tx) -> None:
    """Lets go of what has waited for a month."""
    tx.run(_DROP_OLD, before=tx.now - WAITS_AT_MOST)


def forget_post(tx: Tx, post_id: int) -> None:
    """A post that is gone can be looked at by nobody; what was found stays as numbers."""
    for statement in _FORGET_POST:
        tx.run(statement, post_id=post_id)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets whom a second look was about, what was said of it, and who looked."""
    for statement in _FORGET_ACCOUNT:
        tx.run(statement, account_id=account_id, open=Wish.PROPOSED, no_more=Wish.NONE)


def _is_shown(tx: Tx, case: Case) -> bool:
    """Whether there is anything left that a second reviewer may see."""
    if case.subject_kind != SubjectKind.POST:
        return case.subject_id is not None
    post = find_post(tx, case.subject_id or 0)
    return post is not None and sight_of(tx, case, post) != Sight.NEVER


def _standing(tx: Tx, case: Case) -> list[Decision]:
    """What people have decided in a case since it was opened, last, and nobody has ended."""
    found = [one for one in list_of_case(tx, case.id) if one.created_at >= case.opened_at]
    return [one for one in found if one.ended_at is None and not one.automated]


def _reopen(tx: Tx, case_id: int, lead_id: AccountId, why: str) -> None:
    case = get_case(tx, case_id)
    for decision in _standing(tx, case):
        if decision.restricts:
            decisions.end_decision(tx, decision.id, Ending.REVERSED, by=lead_id, reason=why)
    # What was reported since has a case of its own by now, in which all of it is judged.
    if case.subject_id is None or not find_open_case(tx, case.subject_kind, case.subject_id):
        reports.reopen_case(tx, case.id)
        review.reopen(tx, case.id)


def _taken(tx: Tx, reviewer_id: AccountId, look_id: int) -> SecondLook:
    require(get_user(tx, reviewer_id), Permission.REVIEW_REPORTS)
    look = queries.get_second_look(tx, look_id, lock=True)
    if look.looked_at is not None and look.looked_by == reviewer_id:
        raise AlreadyLooked
    if look.taken_by != reviewer_id or (look.taken_until or 0) <= tx.now:
        raise NotTaken
    return look


def _save(tx: Tx, look: SecondLook) -> SecondLook:
    tx.run(_SAVE, look_id=look.id, **{f"new_{name}": getattr(look, name) for name in _CHANGING})
    return look
