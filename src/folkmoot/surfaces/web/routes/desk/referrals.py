"""/desk/referrals: when a life is at risk, two of the team agree to tell those who can help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import find_account
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.notifications.queries import list_who_may
from folkmoot.domain.requests import actions, queries
from folkmoot.domain.requests.model import Danger, Data, ReferralDraft, State, decode_data
from folkmoot.kit.clock import DAY, spoken
from folkmoot.surfaces.web.forms import read_choice, read_moment, write_moment
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.official import RecordLine, ReferralPage, ReferralsPage
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import DANGERS, GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.requests.model import Referral
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/referrals"
_MAY = Permission.REVIEW_REPORTS
_TWO = 2
_FIELDS = ("member", "danger", "country", "told", "why", "data", "tell_at")
_STATES = {
    State.PROPOSED: ("waits for a second person", "warning"),
    State.AGREED: ("agreed", "good"),
    State.DECLINED: ("not agreed", ""),
}


@router.get(HERE, permission=_MAY)
def referrals(visit: Visit) -> Answer:
    """Those that wait for a second person, and all there were."""
    told = write_moment(visit.tx.now + 7 * DAY)
    return _list(visit, Form(values={"tell_at": told}))


def _list(visit: Visit, form: Form) -> Answer:
    found = queries.list_referrals(visit.tx, stretch(visit))
    page = ReferralsPage(
        frame=frame(visit),
        waiting=tuple(map(_line, queries.list_proposed_referrals(visit.tx))),
        lines=tuple(map(_line, found)),
        form=form,
        opened=bool(form.errors or form.problem),
        alone=len(list_who_may(visit.tx, _MAY)) < _TWO,
        pager=pager(visit, [each.id for each in found], path=HERE),
    )
    return show(visit, page)


def _line(referral: Referral) -> RecordLine:
    state, tone = _STATES[State(referral.state)]
    return RecordLine(
        code=referral.code,
        words=f"{DANGERS[Danger(referral.danger)]}, to {referral.told} ({referral.country})",
        at=referral.proposed_at,
        state=state,
        tone=tone,
        url=f"{HERE}/{referral.id}",
    )


def _list_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, *_FIELDS)
    chosen = {f"data-{each}": "1" for each in visit.chosen("data")}
    return _list(visit, Form(values=form.values | chosen, errors=form.errors, problem=form.problem))


@router.post(HERE, permission=_MAY, again=_list_again)
def propose(visit: Visit) -> Answer:
    """Proposes to tell those who can help."""
    draft = ReferralDraft(
        member=visit.field("member"),
        danger=read_choice(Danger, visit.field("danger"), field="danger"),
        country=visit.field("country").strip().upper(),
        told=visit.field("told"),
        why=visit.field("why"),
        data=tuple(read_choice(Data, each, field="data") for each in visit.chosen("data")),
        tell_at=read_moment(visit.field("tell_at"), visit.field("tell_at_offset"), field="tell_at"),
    )
    made = actions.propose_referral(visit.tx, visit.me.account.id, draft)
    return redirect(visit, f"{HERE}/{made.id}", notice="referral-proposed")


@router.get(f"{HERE}/{{id}}", permission=_MAY)
def referral(visit: Visit) -> Answer:
    """One referral: why, and what is passed on to whom."""
    found = queries.get_referral(visit.tx, visit.part())
    page = ReferralPage(
        frame=frame(visit),
        id=str(found.id),
        code=found.code,
        facts=tuple(_facts(visit, found)),
        why=queries.read_sealed(visit.tx, found.why, found.code),
        state=found.state,
        mine=found.proposed_by == visit.me.account.id,
    )
    return show(visit, page)


def _facts(visit: Visit, found: Referral) -> Iterator[Fact]:
    account = find_account(visit.tx, found.account_id or 0)
    if account is not None:
        yield Fact("Member", f"@{account.username}", f"/@{account.username}")
    yield Fact("Danger", DANGERS[Danger(found.danger)])
    yield Fact("To be told", f"{found.told} ({found.country})")
    yield Fact("What is passed on", ", ".join(GIVEN[each] for each in decode_data(found.data)))
    yield Fact("Proposed", f"{spoken(found.proposed_at)}, by {found.proposer}")
    if found.decided_at is not None:
        word = "Agreed" if found.state == State.AGREED else "Not agreed"
        yield Fact(word, f"{spoken(found.decided_at)}, by {found.seconder}")
    if found.state == State.AGREED:
        told = f"was told {spoken(found.told_at)}" if found.told_at is not None else ""
        yield Fact("The member", told or f"is told {spoken(found.tell_at)}, by itself")
        yield Fact("In the public log", found.code, f"/log?q={found.code}")


@router.post(f"{HERE}/{{id}}/agree", permission=_MAY)
def agree(visit: Visit) -> Answer:
    """Agrees, as a second person."""
    actions.agree_to_referral(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, f"{HERE}/{visit.part()}", notice="referral-agreed")


@router.post(f"{HERE}/{{id}}/decline", permission=_MAY)
def decline(visit: Visit) -> Answer:
    """Does not agree, or takes one's own proposal back."""
    actions.decline_referral(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, f"{HERE}/{visit.part()}", notice="not-agreed")
