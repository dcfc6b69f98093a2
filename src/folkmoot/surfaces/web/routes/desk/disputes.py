"""/desk/disputes: how disputes before out-of-court bodies ended, and what follows from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.requests import actions, queries
from folkmoot.domain.requests.model import DisputeDraft, Result
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.web.forms import read_choice, read_moment
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.official import DisputesPage, RecordLine
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect
from folkmoot.surfaces.web.wording import RESULTS

if TYPE_CHECKING:
    from folkmoot.domain.requests.model import Dispute
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/disputes"
_MAY = Permission.REVIEW_REPORTS
_FIELDS = ("decision", "body", "filed_at", "ended_at", "result", "follows")


@router.get(HERE, permission=_MAY)
def disputes(visit: Visit) -> Answer:
    """All there were."""
    return _list(visit, Form(values={"follows": "1", "decision": visit.query("decision")}))


def _list(visit: Visit, form: Form) -> Answer:
    found = queries.list_disputes(visit.tx, stretch(visit))
    page = DisputesPage(
        frame=frame(visit),
        waiting=(),
        lines=tuple(map(_line, found)),
        form=form,
        opened=bool(form.errors or form.problem or form.values.get("decision")),
        pager=pager(visit, [each.id for each in found], path=HERE),
    )
    return show(visit, page)


def _line(dispute: Dispute) -> RecordLine:
    return RecordLine(
        code=dispute.code,
        words=f"{dispute.body}, about decision D-{dispute.decision_id}",
        at=dispute.ended_at,
        state=RESULTS[Result(dispute.result)] + ("" if dispute.implemented else ", not followed"),
        tone="" if dispute.implemented else "warning",
        url=f"/log?q={dispute.code}",
    )


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _list(visit, form_of(visit, refusal, *_FIELDS))


@router.post(HERE, permission=_MAY, again=_again)
def record(visit: Visit) -> Answer:
    """Writes down how a dispute ended; where it was reversed, all is restored."""
    moments = {
        name: read_moment(visit.field(name), visit.field(f"{name}_offset"), field=name)
        for name in ("filed_at", "ended_at")
    }
    draft = DisputeDraft(
        body=visit.field("body"),
        result=read_choice(Result, visit.field("result"), field="result"),
        follows=visit.ticked("follows"),
        **moments,
    )
    decision_id = parse_id(visit.field("decision").strip().upper().removeprefix("D-"))
    actions.record_dispute(visit.tx, visit.me.account.id, decision_id, draft)
    return redirect(visit, HERE, notice="dispute-recorded")
