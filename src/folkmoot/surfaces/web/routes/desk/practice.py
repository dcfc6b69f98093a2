"""/desk/practice: cases to practise with. Nothing of it touches a member, or is shown to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import LADDER, Step, SubjectKind
from folkmoot.domain.practice import actions, queries
from folkmoot.domain.practice.model import NothingToPractise, PracticeCase, PracticeNotFound
from folkmoot.surfaces.web.answering import answer_words, choices_of
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.quality import Counted, PracticeCasePage, PracticePage
from folkmoot.surfaces.web.presenting import present_media
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/practice"
_REVIEW = Permission.REVIEW_REPORTS


@router.get(HERE, permission=_REVIEW)
def practice(visit: Visit) -> Answer:
    """One's own progress, and what waits."""
    me = visit.me.account.id
    mine = queries.get_progress(visit.tx, me)
    page = PracticePage(
        frame=frame(visit),
        answered=mine.answered,
        right=mine.right,
        step_off=mine.step_off,
        rule_off=mine.rule_off,
        waiting=mine.waiting,
        leads=may(get_user(visit.tx, me), actions.LEAD),
    )
    return show(visit, page)


@router.post(f"{HERE}/next", permission=_REVIEW)
def begin(visit: Visit) -> Answer:
    """On to the next case to practise with."""
    try:
        case = actions.start_practice(visit.tx, visit.me.account.id)
    except NothingToPractise:
        return redirect(visit, HERE, notice="practised")
    return redirect(visit, f"{HERE}/{case.id}")


@router.get(f"{HERE}/{{id}}", permission=_REVIEW)
def practice_case(visit: Visit) -> Answer:
    """A case that one has begun: to be answered, or with the answer."""
    return show(visit, _page(visit, Form()))


def _answer_again(visit: Visit, refusal: Refusal) -> Answer:
    return show(visit, _page(visit, form_of(visit, refusal, "rule", "step")), status=422)


@router.post(f"{HERE}/{{id}}/answer", permission=_REVIEW, again=_answer_again)
def answer(visit: Visit) -> Answer:
    """Decides it; nothing follows for anybody."""
    case = actions.answer_practice(
        visit.tx,
        visit.me.account.id,
        visit.part(),
        rule_code=visit.field("rule"),
        step=visit.field("step"),
    )
    return redirect(visit, f"{HERE}/{case.id}")


def _page(visit: Visit, form: Form) -> PracticeCasePage:
    tx, me = visit.tx, visit.me.account.id
    case = queries.get_practice_case(tx, visit.part())
    mine = queries.find_answer(tx, case.id, me)
    if mine is None:
        raise PracticeNotFound
    rules = queries.list_rules_of(tx, case)
    kind = SubjectKind(case.subject_kind)
    picture = queries.find_picture(tx, case)
    done = mine.answered_at is not None
    others = queries.list_tally(tx, case.id) if done else []
    return PracticeCasePage(
        frame=frame(visit),
        id=str(case.id),
        on_account=kind == SubjectKind.ACCOUNT,
        text=case.text,
        language=case.language,
        about=case.about,
        choices=choices_of(rules, kind),
        form=form,
        media=present_media(visit.app, picture) if picture else None,
        media_gone=case.attachment_id is not None and picture is None,
        mine=answer_words(rules, mine.rule_code, mine.step) if done else None,
        verdict=mine.verdict,
        right=tuple(
            answer_words(rules, "" if step == Step.NO_ACTION else case.rule_code, step)
            for step in _right_steps(case)
        )
        if done
        else (),
        reasons=case.reasons if done else "",
        others=tuple(
            Counted(answer_words(rules, each.rule_code, each.step), each.times) for each in others
        ),
        more=done and queries.find_next_practice(tx, me) is not None,
    )


def _right_steps(case: PracticeCase) -> list[Step]:
    """The mildest and the gravest step that are right, once where these are one."""
    ends = [Step(case.low), Step(case.high)]
    return ends if LADDER.index(ends[0]) < LADDER.index(ends[1]) else ends[:1]
