"""/desk/second-looks: cases judged once more, without knowing how they were judged before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import SubjectKind
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.practice.actions import LEAD
from folkmoot.domain.quality import actions, queries
from folkmoot.domain.quality.model import NothingToLookAt, SecondLook, Wish
from folkmoot.domain.reports.model import Category as Reason
from folkmoot.kit.db import Page as Stretch
from folkmoot.surfaces.web.answering import answer_words, choices_of
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.quality import (
    ComparedPage,
    GivenPost,
    LookLine,
    SecondLookPage,
    SecondLooksPage,
)
from folkmoot.surfaces.web.presenting import present_media
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import REASONS, harm_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folkmoot.domain.policy.model import Rule
    from folkmoot.domain.quality.model import Complaint
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/second-looks"
_REVIEW = Permission.REVIEW_REPORTS
_SHOWN = Stretch(limit=10)


@router.get(HERE, permission=_REVIEW)
def second_looks(visit: Visit) -> Answer:
    """What waits, and the latest of what was looked at twice."""
    tx, me = visit.tx, visit.me.account.id
    leads = may(get_user(tx, me), LEAD)
    rules = list_rules(tx)
    held = queries.find_held(tx, me)
    page = SecondLooksPage(
        frame=frame(visit),
        waiting=queries.count_waiting(tx, me),
        held=str(held.id) if held else "",
        by_me=_lines(rules, queries.list_looks_by(tx, me, _SHOWN)),
        of_mine=_lines(rules, queries.list_looks_at_decisions_of(tx, me, _SHOWN)),
        wished=_lines(rules, queries.list_wished(tx)) if leads else (),
        differing=_lines(rules, queries.list_differing(tx, _SHOWN)) if leads else (),
        leads=leads,
    )
    return show(visit, page)


@router.post(f"{HERE}/next", permission=_REVIEW)
def take(visit: Visit) -> Answer:
    """Takes the next one, for half an hour."""
    try:
        look = actions.take_second_look(visit.tx, visit.me.account.id)
    except NothingToLookAt:
        return redirect(visit, HERE, notice="nothing-waits")
    return redirect(visit, f"{HERE}/{look.id}")


@router.get(f"{HERE}/{{id}}", permission=_REVIEW)
def second_look(visit: Visit) -> Answer:
    """One to judge, or what two came to."""
    return _show(visit, Form())


def _show(visit: Visit, form: Form, *, status: int = 200) -> Answer:
    look = queries.get_shown_look(visit.tx, visit.part(), viewer_id=visit.me.account.id)
    build = _to_judge if look.looked_at is None else _compared
    return show(visit, build(visit, look, form), status=status)


def _again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, "rule", "step", "why")
    return _show(visit, form, status=422)


@router.post(f"{HERE}/{{id}}/record", permission=_REVIEW, again=_again)
def record(visit: Visit) -> Answer:
    """Keeps what one would have decided, and shows what was."""
    look = actions.record_look(
        visit.tx,
        visit.me.account.id,
        visit.part(),
        rule_code=visit.field("rule"),
        step=visit.field("step"),
        why=visit.field("why").replace("\r\n", "\n"),
    )
    return redirect(visit, f"{HERE}/{look.id}")


@router.post(f"{HERE}/{{id}}/pass", permission=_REVIEW)
def pass_on(visit: Visit) -> Answer:
    """Leaves it to others."""
    actions.pass_on(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="look-passed")


@router.post(f"{HERE}/{{id}}/propose", permission=_REVIEW, again=_again)
def propose(visit: Visit) -> Answer:
    """Asks for the case to be judged again."""
    why = visit.field("why").replace("\r\n", "\n")
    look = actions.propose_reconsidering(visit.tx, visit.me.account.id, visit.part(), why=why)
    return redirect(visit, f"{HERE}/{look.id}", notice="look-proposed")


@router.post(f"{HERE}/{{id}}/settle", permission=Permission.MANAGE_RULES, again=_again)
def settle(visit: Visit) -> Answer:
    """Opens the case again, or lets it be."""
    reopen = visit.field("settle") == "reopen"
    why = visit.field("why").replace("\r\n", "\n")
    actions.settle(visit.tx, visit.me.account.id, visit.part(), reopen=reopen, why=why)
    return redirect(visit, HERE, notice="look-reopened" if reopen else "look-kept")


def _lines(rules: Sequence[Rule], looks: Iterable[SecondLook]) -> tuple[LookLine, ...]:
    return tuple(_line(rules, look) for look in looks)


def _line(rules: Sequence[Rule], look: SecondLook) -> LookLine:
    return LookLine(
        id=str(look.id),
        on_account=look.subject_kind == SubjectKind.ACCOUNT,
        at=look.looked_at or 0,
        first=answer_words(rules, look.rule_code, look.step),
        second=answer_words(rules, look.second_rule, look.second_step),
        agrees=look.agrees,
        wish=look.wish,
    )


def _to_judge(visit: Visit, look: SecondLook, form: Form) -> SecondLookPage:
    tx = visit.tx
    given = queries.get_material(tx, look)
    media = list_attachments(tx, [post.id for post in given.posts])
    kind = SubjectKind(look.subject_kind)
    return SecondLookPage(
        frame=frame(visit),
        id=str(look.id),
        on_account=kind == SubjectKind.ACCOUNT,
        name=given.account.name,
        address=given.account.address,
        note=given.account.note,
        posts=tuple(
            GivenPost(
                text=post.text,
                warning=post.warning,
                language=post.language,
                at=post.written_at,
                media=tuple(present_media(visit.app, each) for each in media.get(post.id, [])),
            )
            for post in given.posts
        ),
        complaints=tuple((_why(one), one.comment) for one in given.complaints),
        until=look.taken_until or 0,
        choices=choices_of(queries.list_rules_of(tx, look), kind),
        form=form,
    )


def _why(one: Complaint) -> str:
    """What a report names: the harm, or the kind of report where it names none."""
    return harm_words(one.harm) if one.harm else REASONS[Reason(one.category)].capitalize()


def _compared(visit: Visit, look: SecondLook, form: Form) -> ComparedPage:
    me = visit.me.account.id
    leads = may(get_user(visit.tx, me), LEAD)
    asked = look.wish == Wish.PROPOSED
    return ComparedPage(
        frame=frame(visit),
        line=_line(queries.list_rules_of(visit.tx, look), look),
        why=look.second_why,
        case_id=str(look.case_id or ""),
        wish_why=look.wish_why,
        settled_why=look.settled_why,
        may_wish=look.looked_by == me and not look.agrees and look.wish == Wish.NONE,
        may_settle=asked and leads and not look.concerns(me),
        form=form,
    )
