"""/desk/requests: what authorities asked for, and what two of the team agree to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import find_account
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.requests import actions, queries
from folkmoot.domain.requests.model import (
    AnswerDraft,
    Body,
    Data,
    Order,
    Outcome,
    RequestDraft,
    State,
    decode_data,
    order_categories,
    silence_words,
)
from folkmoot.kit.clock import spoken
from folkmoot.surfaces.web.forms import read_choice, read_moment
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.official import RecordLine, RequestPage, RequestsPage
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import BODIES, GIVEN, ORDERS, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.requests.model import LegalRequest
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/requests"
_MAY = Permission.MANAGE_ACCOUNTS
_TWO = 2
_FIELDS = (
    *("order", "body", "country", "authority", "basis", "category", "member", "asked", "items"),
    *("received_at", "confirmed_at"),
)
_ANSWER_FIELDS = ("outcome", "text", "data", "effective_at", "tell_at", "not_told_because")
_TONES = {State.OPEN: "warning", State.PROPOSED: "warning", State.AGREED: "good"}
_STATES = {
    State.OPEN: "to be answered",
    State.PROPOSED: "waits for a second person",
    State.AGREED: "answered",
}


@router.get(HERE, permission=_MAY)
def requests(visit: Visit) -> Answer:
    """Those that wait, and all there were."""
    return _list(visit, Form())


def _list(visit: Visit, form: Form) -> Answer:
    found = queries.list_requests(visit.tx, stretch(visit))
    page = RequestsPage(
        frame=frame(visit),
        waiting=tuple(map(_line, queries.list_waiting_requests(visit.tx))),
        lines=tuple(map(_line, found)),
        form=form,
        opened=bool(form.errors or form.problem),
        alone=len(list_who_may(visit.tx, _MAY)) < _TWO,
        pager=pager(visit, [each.id for each in found], path=HERE),
        categories=tuple((each, _category(each)) for each in order_categories()),
    )
    return show(visit, page)


def _category(code: str) -> str:
    if code == "NOT_SPECIFIED_ORDER":
        return "Not specified"
    return code.replace("_", " ").capitalize()


def _line(request: LegalRequest) -> RecordLine:
    state = State(request.state)
    return RecordLine(
        code=request.code,
        words=f"{request.authority} ({request.country}), {ORDERS[Order(request.order_kind)]}",
        at=request.received_at,
        state=OUTCOMES[Outcome(request.outcome)] if state is State.AGREED else _STATES[state],
        tone=_TONES[state],
        url=f"{HERE}/{request.id}",
    )


def _list_again(visit: Visit, refusal: Refusal) -> Answer:
    return _list(visit, form_of(visit, refusal, *_FIELDS))


@router.post(HERE, permission=_MAY, again=_list_again)
def note(visit: Visit) -> Answer:
    """Writes down a request that has come in."""
    items = visit.field("items").strip() or "0"
    draft = RequestDraft(
        order=read_choice(Order, visit.field("order"), field="order"),
        body=read_choice(Body, visit.field("body"), field="body"),
        country=visit.field("country").strip().upper(),
        authority=visit.field("authority"),
        basis=visit.field("basis"),
        asked=visit.field("asked"),
        received_at=_moment(visit, "received_at") or 0,
        category=visit.field("category"),
        member=visit.field("member"),
        items=int(items) if items.isascii() and items.isdigit() and len(items) < 9 else -1,
        confirmed_at=_moment(visit, "confirmed_at") if visit.field("confirmed_at") else None,
    )
    made = actions.note_request(visit.tx, visit.me.account.id, draft)
    return redirect(visit, f"{HERE}/{made.id}", notice="request-noted")


def _moment(visit: Visit, name: str) -> int:
    return read_moment(visit.field(name), visit.field(f"{name}_offset"), field=name)


@router.get(f"{HERE}/{{id}}", permission=_MAY)
def request(visit: Visit) -> Answer:
    """One request, with what is proposed to answer."""
    return _show(visit, Form())


def _show(visit: Visit, form: Form) -> Answer:
    found = queries.get_request(visit.tx, visit.part())
    page = RequestPage(
        frame=frame(visit),
        id=str(found.id),
        code=found.code,
        facts=tuple(_facts(visit, found)),
        asked=queries.read_sealed(visit.tx, found.asked, found.code),
        state=found.state,
        answer=queries.read_sealed(visit.tx, found.answer, found.code),
        given=tuple(_given(visit, found)),
        informs=found.order_kind == Order.INFORM,
        about_member=found.account_id is not None,
        mine=found.proposed_by == visit.me.account.id,
        form=form,
    )
    return show(visit, page)


def _facts(visit: Visit, found: LegalRequest) -> Iterator[Fact]:
    yield Fact("Asked by", f"{found.authority} ({BODIES[Body(found.body)]}, {found.country})")
    yield Fact("Asked for", ORDERS[Order(found.order_kind)])
    yield Fact("On the basis of", found.basis)
    yield Fact("About", _category(found.category))
    account = find_account(visit.tx, found.account_id or 0)
    if account is not None:
        yield Fact("Member", f"@{account.username}", f"/@{account.username}")
    if found.items:
        yield Fact("Items", str(found.items))
    yield Fact("Received", spoken(found.received_at))
    if found.confirmed_at is not None:
        yield Fact("They were told that it arrived", spoken(found.confirmed_at))
    if found.state == State.AGREED:
        yield Fact("In the public log", found.code, f"/log?q={found.code}")


def _given(visit: Visit, found: LegalRequest) -> Iterator[Fact]:
    """What is proposed, or was answered."""
    if not found.outcome:
        return
    yield Fact("Answer", OUTCOMES[Outcome(found.outcome)].capitalize())
    if data := decode_data(found.data):
        yield Fact("What is given", ", ".join(GIVEN[each] for each in data))
    if found.effective_at is not None:
        yield Fact("In effect since", spoken(found.effective_at))
    if found.state == State.AGREED:
        yield Fact("The member", silence_words(found, visit.tx.now))
    elif found.tell_at is not None:
        yield Fact("The member", f"is told {spoken(found.tell_at)}, by itself")
    elif found.account_id is not None:
        yield Fact("The member", "is told at once")
    if found.not_told_because:
        yield Fact("Why not before", found.not_told_because)
    yield Fact("Proposed by", found.proposer)
    if found.seconder:
        yield Fact("Agreed by", found.seconder)


def _show_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, *_ANSWER_FIELDS)
    chosen = {f"data-{each}": "1" for each in visit.chosen("data")}
    return _show(visit, Form(values=form.values | chosen, errors=form.errors, problem=form.problem))


@router.post(f"{HERE}/{{id}}/propose", permission=_MAY, again=_show_again)
def propose(visit: Visit) -> Answer:
    """Proposes an answer, for somebody else to agree to."""
    draft = AnswerDraft(
        outcome=read_choice(Outcome, visit.field("outcome"), field="outcome"),
        text=visit.field("text"),
        data=tuple(read_choice(Data, each, field="data") for each in visit.chosen("data")),
        effective_at=_moment(visit, "effective_at") if visit.field("effective_at") else None,
        tell_at=_moment(visit, "tell_at") if visit.field("tell_at") else None,
        not_told_because=visit.field("not_told_because"),
    )
    actions.propose_answer(visit.tx, visit.me.account.id, visit.part(), draft)
    return redirect(visit, f"{HERE}/{visit.part()}", notice="answer-proposed")


@router.post(f"{HERE}/{{id}}/agree", permission=_MAY, again=_show_again)
def agree(visit: Visit) -> Answer:
    """Agrees, as a second person."""
    actions.agree_to_answer(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, f"{HERE}/{visit.part()}", notice="answer-agreed")


@router.post(f"{HERE}/{{id}}/reject", permission=_MAY, again=_show_again)
def reject(visit: Visit) -> Answer:
    """Does not agree, or takes one's own proposal back."""
    actions.reject_answer(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, f"{HERE}/{visit.part()}", notice="not-agreed")
