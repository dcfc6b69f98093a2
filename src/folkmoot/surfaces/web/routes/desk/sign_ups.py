"""/desk/sign-ups: the team decides who may join, and tells whom it turns away why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.auth.queries import get_user, list_awaiting
from folkmoot.domain.registration import actions
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.desk import SignUp, SignUpsPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/sign-ups"


def _page(visit: Visit, refused: dict[str, Form]) -> Answer:
    found = list_awaiting(visit.tx, stretch(visit))
    page = SignUpsPage(
        frame=frame(visit),
        waiting=tuple(
            SignUp(
                id=str(one.account_id),
                username=one.username,
                email=one.email,
                reason=one.reason,
                asked_at=one.created_at,
                form=refused.get(str(one.account_id), Form()),
                back=str(one.account_id) in refused,
            )
            for one in found
        ),
        pager=pager(visit, [one.account_id for one in found], path=HERE),
    )
    return show(visit, page)


@router.get(HERE, permission=Permission.DECIDE_SIGN_UPS)
def sign_ups(visit: Visit) -> Answer:
    """Who waits for a decision."""
    return _page(visit, {})


@router.post(f"{HERE}/{{id}}/approve", permission=Permission.DECIDE_SIGN_UPS)
def approve(visit: Visit) -> Answer:
    """Lets somebody in."""
    by = get_user(visit.tx, visit.me.account.id)
    actions.approve_sign_up(visit.tx, by, visit.part())
    return redirect(visit, HERE, notice="approved")


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, {visit.incoming.params["id"]: form_of(visit, refusal, "reason")})


@router.post(f"{HERE}/{{id}}/reject", again=_again, permission=Permission.DECIDE_SIGN_UPS)
def reject(visit: Visit) -> Answer:
    """Turns somebody away, who is told why."""
    by = get_user(visit.tx, visit.me.account.id)
    actions.reject_sign_up(visit.tx, by, visit.part(), visit.field("reason"))
    return redirect(visit, HERE, notice="rejected")
