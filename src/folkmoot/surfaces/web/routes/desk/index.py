"""/desk: what waits for the team, and what of it is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.appeals import queries as appeals
from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import count_awaiting, get_user
from folkmoot.domain.decisions.model import LOOK_AGAIN
from folkmoot.domain.decisions.queries import count_to_review
from folkmoot.domain.detection.model import State
from folkmoot.domain.detection.queries import list_live
from folkmoot.domain.quality.queries import count_waiting
from folkmoot.domain.requests.queries import list_proposed_referrals, list_waiting_requests
from folkmoot.domain.review.queries import count_open, count_proposed, find_held
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.casework import seen_today
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.desk import DeskPage, Waiting
from folkmoot.surfaces.web.rendering import plural
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.auth.model import User

router = Router()


@router.get("/desk", permission=Permission.REVIEW_REPORTS)
def desk(visit: Visit) -> Answer:
    """What waits, for whoever has a part in it."""
    me = get_user(visit.tx, visit.me.account.id)
    page = DeskPage(
        frame=frame(visit),
        waiting=tuple(_waiting(visit, me)),
        seen=seen_today(visit),
        mine=find_held(visit.tx, me.account_id) is not None,
    )
    return show(visit, page)


@router.post("/desk/keys", permission=Permission.REVIEW_REPORTS)
def choose_keys(visit: Visit) -> Answer:
    """Turns single keys on or off, for this browser."""
    answer = redirect(visit, visit.return_to("/desk"))
    choice = "off" if visit.field("keys") == "off" else "on"
    kept = cookies.set_cookie(
        cookies.KEYS, choice, secure=visit.secure, max_age_s=cookies.YEAR_S, readable=True
    )
    answer.cookies.append(kept)
    return answer


def _waiting(visit: Visit, me: User) -> Iterator[Waiting]:
    tx = visit.tx
    number, late = count_open(tx)
    yield Waiting("/desk/cases", number, plural(number, "case is open", "cases are open"), late)
    number = count_proposed(tx)
    yield Waiting(
        "/desk/proposals", number, plural(number, "waits for a second", "wait for a second")
    )
    number = appeals.count_open(tx)
    words = plural(number, "appeal waits", "appeals wait")
    yield Waiting("/desk/appeals", number, words, appeals.count_late(tx))
    number = count_to_review(tx, before=tx.now + LOOK_AGAIN)
    words = plural(number, "decision to look at again", "decisions to look at again")
    yield Waiting("/desk/decisions?due=1", number, words, count_to_review(tx, before=tx.now))
    if number := len(list_proposed_referrals(tx)):
        yield Waiting("/desk/referrals", number, "with a life at risk", number)
    if may(me, Permission.MANAGE_ACCOUNTS) and (number := len(list_waiting_requests(tx))):
        words = plural(number, "legal request waits", "legal requests wait")
        yield Waiting("/desk/requests", number, words)
    number = count_waiting(tx, me.account_id)
    yield Waiting("/desk/second-looks", number, plural(number, "second look", "second looks"))
    if may(me, Permission.DECIDE_SIGN_UPS):
        number = count_awaiting(tx)
        yield Waiting("/desk/sign-ups", number, plural(number, "asks to join", "ask to join"))
    number = sum(one.state == State.SHADOW for one in list_live(tx))
    yield Waiting(
        "/desk/detectors", number, plural(number, "detector on trial", "detectors on trial")
    )
