"""/settings/invitations: codes by which others join without waiting for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.registration import actions, queries
from folkmoot.domain.registration.model import MAX_MEMBER_USES, MAX_TEAM_USES
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import Invitation, InvitationsPage
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import back, pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/settings/invitations"


def _page(visit: Visit, form: Form) -> Answer:
    me = visit.me.account.id
    manages = may(get_user(visit.tx, me), Permission.MANAGE_INVITATIONS)
    everybody = manages and visit.query("of") == "everybody"
    part = stretch(visit)
    found = (
        queries.list_all_invitations(visit.tx, part)
        if everybody
        else queries.list_invitations(visit.tx, me, part)
    )
    others = list_accounts(visit.tx, sorted({i.account_id for i in found if i.account_id != me}))
    page = InvitationsPage(
        frame=frame(visit),
        invitations=tuple(
            Invitation(
                id=str(one.id),
                url=f"{visit.app.base_url}/auth/sign-up?invitation={one.code}",
                note=one.note,
                uses=one.uses,
                max_uses=one.max_uses,
                expires_at=one.expires_at,
                good=one.is_good(visit.tx.now),
                by=present_person(visit.app, others[one.account_id])
                if one.account_id in others
                else None,
            )
            for one in found
        ),
        days=visit.app.settings.registration.invitation_days,
        most=MAX_TEAM_USES if manages else MAX_MEMBER_USES,
        manages=manages,
        everybody=everybody,
        form=form,
        pager=pager(visit, [one.id for one in found], path=HERE),
    )
    return show(visit, page)


@router.get(HERE, members=True)
def invitations(visit: Visit) -> Answer:
    """The member's invitations, and the form for a new one."""
    return _page(visit, Form(values={"uses": "1"}))


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, form_of(visit, refusal, "uses", "note"))


@router.post(HERE, rate="sign_ups", again=_again)
def make(visit: Visit) -> Answer:
    """Makes an invitation."""
    wanted = visit.field("uses")
    by = get_user(visit.tx, visit.me.account.id)
    uses = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    actions.make_invitation(visit.tx, by, max_uses=uses, note=visit.field("note"))
    return redirect(visit, HERE, notice="invitation-made")


@router.post(f"{HERE}/{{id}}/revoke")
def revoke(visit: Visit) -> Answer:
    """Ends an invitation."""
    actions.revoke_invitation(visit.tx, get_user(visit.tx, visit.me.account.id), visit.part())
    return redirect(visit, back(visit, HERE), notice="invitation-ended")
