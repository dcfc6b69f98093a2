"""/settings/applications: which applications may act for the member."""

from __future__ import annotations

from folkmoot.domain.oauth.actions import revoke_app
from folkmoot.domain.oauth.model import AppNotFound
from folkmoot.domain.oauth.queries import list_authorisations
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.settings import Application, ApplicationsPage
from folkmoot.surfaces.web.scopes import name_scopes
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

router = Router()


@router.get("/settings/applications", members=True)
def applications(visit: Visit) -> Answer:
    """The applications that were let in, each with what it may do."""
    page = ApplicationsPage(
        frame=frame(visit),
        applications=tuple(
            Application(
                id=str(one.app_id),
                name=one.name,
                website=one.website or None,
                granted_at=one.granted_at,
                used_at=one.last_used_at,
                permissions=name_scopes(one.scopes.split()),
            )
            for one in list_authorisations(visit.tx, visit.me.account.id)
        ),
    )
    return show(visit, page)


@router.post("/settings/applications/{id}/revoke")
def revoke(visit: Visit) -> Answer:
    """Ends everything an application may do for the member."""
    app_id = parse_id(visit.incoming.params["id"])
    if not app_id:
        raise AppNotFound
    revoke_app(visit.tx, visit.me.account.id, app_id)
    return redirect(visit, "/settings/applications", notice="revoked")
