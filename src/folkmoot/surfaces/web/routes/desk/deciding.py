"""/desk/cases/{id}/decide and its preview; /desk/cases/{id}/alike for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.queries import list_strikes
from folkmoot.domain.review import actions, queries
from folkmoot.domain.review.model import BULK_AT_MOST, CaseClosed, State
from folkmoot.kit.ids import MAX_ID
from folkmoot.surfaces.web import casework
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.cases import AlikePage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.routes.desk.cases import QUEUE, path_of, show_case, to_next
from folkmoot.surfaces.web.routes.desk.drafts import TYPED, decide_form, read_draft, state_decision
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return show_case(visit, visit.part(), form_of(visit, refusal, *TYPED))


@router.post(f"{QUEUE}/{{id}}/preview", permission=Permission.REVIEW_REPORTS, again=_again)
def preview(visit: Visit) -> Answer:
    """The statement as the member will read it; decides nothing, and keeps the case."""
    me = visit.me.account.id
    case = actions.take_case(visit.tx, me, visit.part())
    typed = read_draft(visit)
    made = actions.preview_case(visit.tx, me, case.id, typed.draft, on_account=typed.on_account)
    form = Form(values=visit.typed(*TYPED))
    return show_case(visit, case.id, form, statement=state_decision(visit, made))


@router.post(f"{QUEUE}/{{id}}/decide", permission=Permission.REVIEW_REPORTS, again=_again)
def decide(visit: Visit) -> Answer:
    """Decides, and goes on to what comes next."""
    me = visit.me.account.id
    # Whoever wrote for longer than five minutes has the case still, unless somebody took it.
    case = actions.take_case(visit.tx, me, visit.part())
    typed = read_draft(visit)
    decision = actions.decide_case(
        visit.tx,
        me,
        case.id,
        typed.draft,
        unfounded=visit.ticked("unfounded"),
        on_account=typed.on_account,
        more=visit.ticked("more"),
    )
    if decision is None:
        return _on(visit, "case-proposed")
    if visit.ticked("more"):
        return redirect(visit, path_of(case.id), notice="case-more")
    return _on(visit, "case-decided")


def _on(visit: Visit, notice: str) -> Answer:
    if visit.field("then") == "queue":
        return redirect(visit, QUEUE, notice=notice)
    return to_next(visit, notice=notice)


@router.get(f"{QUEUE}/{{id}}/alike", permission=Permission.REVIEW_REPORTS)
def alike(visit: Visit) -> Answer:
    """Cases that one decision could be about, to be chosen among."""
    return _alike(visit, Form(), {visit.incoming.params["id"]})


def _alike_again(visit: Visit, refusal: Refusal) -> Answer:
    return _alike(visit, form_of(visit, refusal, *TYPED), set(visit.chosen("cases")))


def _alike(visit: Visit, form: Form, chosen: set[str]) -> Answer:
    tx, me = visit.tx, visit.me.account.id
    case = queries.get_case(tx, visit.part())
    queries.check_apart(tx, case, me)
    if case.state != State.OPEN:
        raise CaseClosed
    found = queries.list_alike(tx, case)
    why: dict[int, str] = {one.id: reason for one, reason in found}
    why[case.id] = "the case you came from"
    first, *others = casework.list_lines(visit, [case, *(one for one, _ in found)], why=why)
    page = AlikePage(
        frame=frame(visit),
        case=first,
        alike=tuple(others),
        chosen=frozenset(chosen),
        decide=decide_form(visit, case, len(list_strikes(tx, case.account_id)), form),
        most=BULK_AT_MOST,
    )
    return show(visit, page)


@router.post(f"{QUEUE}/{{id}}/alike", permission=Permission.REVIEW_REPORTS, again=_alike_again)
def decide_alike(visit: Visit) -> Answer:
    """Decides every chosen case, each with a statement of its own."""
    typed = read_draft(visit)
    chosen = [int(one) for one in visit.chosen("cases") if one.isascii() and one.isdigit()]
    actions.decide_alike(
        visit.tx,
        visit.me.account.id,
        [one for one in chosen if one <= MAX_ID],
        typed.draft,
        unfounded=visit.ticked("unfounded"),
        on_account=typed.on_account,
    )
    return redirect(visit, QUEUE, notice="cases-decided")
