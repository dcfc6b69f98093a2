"""/desk: what waits for the team, and what of it is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import count_awaiting, get_user
from folkmoot.domain.detection.model import State
from folkmoot.domain.detection.queries import list_live
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.desk import DeskPage, Waiting
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.auth.model import User

router = Router()


@router.get("/desk", permission=Permission.REVIEW_REPORTS)
def desk(visit: Visit) -> Answer:
    """What waits, for whoever has a part in it."""
    me = get_user(visit.tx, visit.me.account.id)
    return show(visit, DeskPage(frame=frame(visit), waiting=tuple(_waiting(visit, me))))


def _waiting(visit: Visit, me: User) -> Iterator[Waiting]:
    if may(me, Permission.DECIDE_SIGN_UPS):
        yield Waiting("/desk/sign-ups", count_awaiting(visit.tx), "ask to join")
    live = list_live(visit.tx)
    on_trial = sum(one.state == State.SHADOW for one in live)
    yield Waiting("/desk/detectors", on_trial, "detectors on trial")
