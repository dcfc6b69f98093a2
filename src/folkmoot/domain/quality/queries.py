"""Reads of second looks, and how far reviewers agree."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.policy.model import Rule
from folkmoot.domain.policy.queries import get_version, list_rules
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.practice.actions import LEAD
from folkmoot.domain.practice.tables import IS_ANSWERED, practice_answers
from folkmoot.domain.quality.model import (
    Agreement,
    Complaint,
    GivenAccount,
    GivenPost,
    Judged,
    Material,
    SecondLook,
    SecondLookNotFound,
    agree_at_all,
    agree_on,
    decided,
)
from folkmoot.domain.quality.tables import IS_DONE, IS_OPEN, IS_WISHED, second_looks
from folkmoot.domain.reports.queries import list_named_posts
from folkmoot.domain.reports.tables import reports
from folkmoot.domain.review.model import Sight
from folkmoot.domain.review.queries import get_case, sight_of
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values

_l, _a = second_looks.c, practice_answers.c
_one: Any = sa.literal_column("1")
_reviewer = param("reviewer_id", Id)
_limit = param("limit", sa.Integer())
# Agreement is about how the team works now: the latest of each, a bounded number.
_LOOKS, _ANSWERS = 2_000, 10_000
_POSTS, _COMPLAINTS = 5, 10

_BY_ID = rows(sa.select(second_looks).where(_l.id == param("id")), SecondLook)
_BY_ID_LOCKED = rows(
    sa.select(second_looks).where(_l.id == param("id")).with_for_update(), SecondLook
)
_HELD = rows(
    sa.select(second_looks).where(
        _l.taken_by == _reviewer, _l.taken_until > param("now", Moment), _l.looked_at.is_(None)
    ),
    SecondLook,
)
_reported = sa.exists(
    sa.select(_one).where(reports.c.case_id == _l.case_id, reports.c.reporter_id == _reviewer)
)
_others = [
    column.is_distinct_from(_reviewer)
    for column in (_l.first_by, _l.first_second, _l.account_id, _l.passed_by)
]
_mine_to_take = sa.and_(
    IS_OPEN,
    sa.or_(_l.taken_until.is_(None), _l.taken_until <= param("now", Moment)),
    *_others,
    ~_reported,
)
# A sample, and no older than a month: few wait at a time.
_NEXT = rows(
    sa.select(second_looks)
    .where(_mine_to_take)
    .order_by(_l.id)
    .limit(_one)
    .with_for_update(skip_locked=True),
    SecondLook,
)
_COUNT_WAITING = values(
    sa.select(sa.func.count()).select_from(second_looks).where(_mine_to_take), int
)
_COUNT_WISHED = values(sa.select(sa.func.count()).select_from(second_looks).where(IS_WISHED), int)
_WISHED = rows(sa.select(second_looks).where(IS_WISHED).order_by(_l.id).limit(_limit), SecondLook)
_BY_ME = paged(
    sa.select(second_looks).where(_l.looked_by == _reviewer, _l.looked_at.is_not(None)),
    _l.id,
    SecondLook,
)
_OF_MINE = paged(
    sa.select(second_looks).where(_l.first_by == _reviewer, _l.looked_at.is_not(None)),
    _l.id,
    SecondLook,
)
_differs = sa.or_(_l.rule_code != _l.second_rule, _l.step != _l.second_step)
_DIFFERING = paged(sa.select(second_looks).where(IS_DONE, _differs), _l.id, SecondLook)
_COMPLAINTS_OF = rows(
    sa.select(reports.c.category, reports.c.harm, reports.c.comment)
    .where(reports.c.case_id == param("case_id"))
    .order_by(reports.c.id)
    .limit(_limit),
    Complaint,
)


class _Looked(msgspec.Struct, frozen=True):
    rule_code: str
    step: str
    second_rule: str
    second_step: str
    first_by: int | None
    looked_by: int | None


class _Practised(msgspec.Struct, frozen=True):
    practice_id: int
    rule_code: str
    step: str
    reviewer_id: int | None


_LOOKED = rows(
    sa.select(_l.rule_code, _l.step, _l.second_rule, _l.second_step, _l.first_by, _l.looked_by)
    .where(IS_DONE)
    .order_by(_l.id.desc())
    .limit(_limit),
    _Looked,
)
_PRACTISED = rows(
    sa.select(_a.practice_id, _a.rule_code, _a.step, _a.reviewer_id)
    .where(IS_ANSWERED)
    .order_by(_a.id.desc())
    .limit(_limit),
    _Practised,
)


def get_second_look(tx: Tx, look_id: int, *, lock: bool = False) -> SecondLook:
    """The second look of an id, locked by who is about to change it; SecondLookNotFound."""
    found = tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=look_id)
    if found is None:
        raise SecondLookNotFound
    return found


def get_shown_look(tx: Tx, look_id: int, *, viewer_id: int) -> SecondLook:
    """A second look for whoever may read it: both who judged, and who leads the reviewers, once it
    is done; until then only who has taken it. SecondLookNotFound for everybody else.
    """
    found = get_second_look(tx, look_id)
    if found.looked_at is None:
        shown = found.taken_by == viewer_id and (found.taken_until or 0) > tx.now
    else:
        judged = viewer_id in (found.first_by, found.first_second, found.looked_by)
        leads = may(get_user(tx, viewer_id), LEAD) and found.account_id != viewer_id
        shown = judged or leads
    if not shown:
        raise SecondLookNotFound
    return found


def find_held(tx: Tx, reviewer_id: int) -> SecondLook | None:
    """What a reviewer has taken for a second look."""
    return tx.first(_HELD, reviewer_id=reviewer_id, now=tx.now)


def find_next(tx: Tx, reviewer_id: int) -> SecondLook | None:
    """What a reviewer could look at next, locked: nothing they decided, agreed to, reported, are
    themselves, or have just passed on.
    """
    return tx.first(_NEXT, reviewer_id=reviewer_id, now=tx.now)


def count_waiting(tx: Tx, reviewer_id: int) -> int:
    """How many a reviewer could look at."""
    return tx.one(_COUNT_WAITING, reviewer_id=reviewer_id, now=tx.now)


def count_wished(tx: Tx) -> int:
    """How many cases somebody asks to have judged again."""
    return tx.one(_COUNT_WISHED)


def list_wished(tx: Tx, *, limit: int = 40) -> list[SecondLook]:
    """Cases that somebody asks to have judged again, the oldest wish first."""
    return tx.all(_WISHED, limit=limit)


def list_looks_by(tx: Tx, reviewer_id: int, page: Page) -> list[SecondLook]:
    """A page of what a reviewer has looked at a second time."""
    return tx.page(_BY_ME, page, reviewer_id=reviewer_id)


def list_looks_at_decisions_of(tx: Tx, reviewer_id: int, page: Page) -> list[SecondLook]:
    """A page of a reviewer's decisions that somebody has looked at a second time."""
    return tx.page(_OF_MINE, page, reviewer_id=reviewer_id)


def list_differing(tx: Tx, page: Page) -> list[SecondLook]:
    """A page of the cases of which two came to different ends, for who leads the reviewers."""
    return tx.page(_DIFFERING, page)


def get_material(tx: Tx, look: SecondLook) -> Material:
    """What there is to judge; the post itself, or of an account the posts most often reported.
    SecondLookNotFound when nothing is left of it.
    """
    if look.account_id is None:
        raise SecondLookNotFound
    account = get_account(tx, look.account_id)
    name = account.display_name or account.username
    return Material(
        account=GivenAccount(account.id, account.acct, name, account.note),
        posts=tuple(
            GivenPost(post.id, post.spoiler_text, post.text, post.language, post.created_at)
            for post in list_posts_of(tx, look)
        ),
        complaints=tuple(tx.all(_COMPLAINTS_OF, case_id=look.case_id, limit=_COMPLAINTS)),
    )


def list_posts_of(tx: Tx, look: SecondLook) -> list[Post]:
    """The posts that a second look is about: the one, or those of an account most reported; none
    that is not public and that nobody has reported (I4).
    """
    if look.case_id is None:
        return []
    ids = [PostId(look.post_id)] if look.post_id is not None else []
    if not ids:
        ids = list_named_posts(tx, look.case_id, limit=_POSTS)
    found = list_posts(tx, ids)
    case = get_case(tx, look.case_id)
    return [found[n] for n in ids if n in found and sight_of(tx, case, found[n]) != Sight.NEVER]


def list_rules_of(tx: Tx, look: SecondLook) -> list[Rule]:
    """The rules by which the first decision was taken: by them it is looked at again."""
    return list_rules(tx, get_version(tx, look.version_id))


def list_agreement(tx: Tx, *, published: bool = False) -> list[Agreement]:
    """How far reviewers agree: on all rules together first, then on each that was taken at least
    once, from the latest second looks and answers to practice cases.

    With `published` only what may be told to everybody: of at least `quality.publish_from` cases,
    judged by three people or more, so that nobody is singled out.
    """
    judged = _list_judged(tx)
    codes = sorted({a.rule_code for one in judged for a in one.answers} - {""})
    found = [agree_at_all(judged), *(agree_on(code, judged) for code in codes)]
    if not published:
        return found
    least = tx.settings.quality.publish_from
    return [one for one in found if one.may_be_told(least)]


def _list_judged(tx: Tx) -> list[Judged]:
    found = [
        Judged(
            (decided(one.rule_code, one.step), decided(one.second_rule, one.second_step)),
            frozenset(who for who in (one.first_by, one.looked_by) if who is not None),
        )
        for one in tx.all(_LOOKED, limit=_LOOKS)
    ]
    practised: dict[int, list[_Practised]] = {}
    for one in tx.all(_PRACTISED, limit=_ANSWERS):
        practised.setdefault(one.practice_id, []).append(one)
    found += [
        Judged(
            tuple(decided(one.rule_code, one.step) for one in answers),
            frozenset(one.reviewer_id for one in answers if one.reviewer_id is not None),
        )
        for answers in practised.values()
        if len(answers) > 1
    ]
    return found
