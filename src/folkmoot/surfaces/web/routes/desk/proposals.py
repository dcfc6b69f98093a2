"""/desk/proposals: what one reviewer would do, and a second has to agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.review import actions, queries
from folkmoot.surfaces.web import casework
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.cases import ProposalsPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.routes.desk.cases import show_case
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/proposals"


@router.get(HERE, permission=Permission.REVIEW_REPORTS)
def proposals(visit: Visit) -> Answer:
    """Everything that waits for agreement, what comes first in the queue first."""
    found = queries.list_proposed(visit.tx)
    page = ProposalsPage(frame=frame(visit), cases=tuple(casework.list_lines(visit, found)))
    return show(visit, page)


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return show_case(visit, visit.part(), Form(problem=refusal.sentence))


@router.post(f"{HERE}/{{id}}/agree", permission=Permission.REVIEW_REPORTS, again=_again)
def agree(visit: Visit) -> Answer:
    """Does what another has proposed."""
    actions.agree(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="case-agreed")


@router.post(f"{HERE}/{{id}}/disagree", permission=Permission.REVIEW_REPORTS, again=_again)
def disagree(visit: Visit) -> Answer:
    """Gives it back to the queue."""
    actions.disagree(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="case-disagreed")
