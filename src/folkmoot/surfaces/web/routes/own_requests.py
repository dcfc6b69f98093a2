"""/settings/requests: what authorities asked about the member, and when help was called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.requests import queries
from folkmoot.domain.requests.model import Body, Danger, Order, Outcome, decode_data
from folkmoot.kit.clock import iso_day, spoken
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.official import OwnRequestsPage
from folkmoot.surfaces.web.showing import show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit
from folkmoot.surfaces.web.wording import BODIES, DANGERS, GIVEN, ORDERS, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.requests.model import LegalRequest, Referral

router = Router()


@router.get("/settings/requests", members=True, suspended=True)
def own_requests(visit: Visit) -> Answer:
    """What the member was told of; what is still silent shows when its time is over."""
    me = visit.me.account.id
    asked = queries.list_told_requests(visit.tx, me, stretch(visit))
    called = queries.list_told_referrals(visit.tx, me, stretch(visit))
    page = OwnRequestsPage(
        frame=frame(visit),
        requests=tuple((each.code, tuple(_request(visit, each))) for each in asked),
        referrals=tuple((each.code, tuple(_referral(visit, each))) for each in called),
    )
    return show(visit, page)


def _request(visit: Visit, found: LegalRequest) -> Iterator[Fact]:
    yield Fact("Asked by", f"{found.authority} ({BODIES[Body(found.body)]}, {found.country})")
    yield Fact("Asked for", ORDERS[Order(found.order_kind)])
    yield Fact("On the basis of", found.basis)
    yield Fact("Received", iso_day(found.received_at))
    yield Fact("Answer", OUTCOMES[Outcome(found.outcome)].capitalize())
    if data := decode_data(found.data):
        yield Fact("What was given", ", ".join(GIVEN[each] for each in data))
    yield Fact("In the team's words", queries.read_sealed(visit.tx, found.answer, found.code))
    yield Fact("You were told", spoken(found.told_at or 0))
    if found.not_told_because:
        yield Fact("Why not before", found.not_told_because)
    yield Fact("In the public log", found.code, f"/log?q={found.code}")


def _referral(visit: Visit, found: Referral) -> Iterator[Fact]:
    yield Fact("Danger", DANGERS[Danger(found.danger)])
    yield Fact("Who was told", f"{found.told} ({found.country})")
    yield Fact("When", spoken(found.decided_at or 0))
    yield Fact("What was passed on", ", ".join(GIVEN[each] for each in decode_data(found.data)))
    yield Fact("Why", queries.read_sealed(visit.tx, found.why, found.code))
    yield Fact("In the public log", found.code, f"/log?q={found.code}")
