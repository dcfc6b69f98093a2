"""/scheduled: the member's posts that wait for their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.scheduling import actions
from folkmoot.domain.scheduling.model import TooSoon, decode_draft
from folkmoot.domain.scheduling.queries import list_scheduled
from folkmoot.surfaces.web.forms import moment_again, read_moment, write_moment
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.posts import ScheduledPage, Waiting
from folkmoot.surfaces.web.presenting import SEEN_BY
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.scheduling.model import Scheduled
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/scheduled"


def _page(visit: Visit, refused: dict[str, Form]) -> Answer:
    found = list_scheduled(visit.tx, visit.me.account.id, stretch(visit))
    page = ScheduledPage(
        frame=frame(visit),
        waiting=tuple(_present(one, refused.get(str(one.id))) for one in found),
        pager=pager(visit, [one.id for one in found], path=HERE),
    )
    return show(visit, page)


def _present(scheduled: Scheduled, refused: Form | None) -> Waiting:
    draft = decode_draft(scheduled)
    return Waiting(
        id=str(scheduled.id),
        text=draft.text,
        warning=draft.spoiler_text,
        visibility=SEEN_BY[draft.visibility or Visibility.PUBLIC],
        language=draft.language or "",
        at=scheduled.publish_at,
        files=len(draft.media_ids),
        poll=draft.poll is not None,
        problem=scheduled.error,
        form=refused or Form(values={"at": write_moment(scheduled.publish_at)}),
        back=refused is not None,
    )


@router.get(HERE, members=True)
def scheduled(visit: Visit) -> Answer:
    """What waits, the newest first."""
    return _page(visit, {})


def _again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, "at")
    values = {"at": moment_again(visit.field("at"), visit.field("at_offset"))}
    said = "Choose a time at least five minutes from now."
    errors = {"at": said} if isinstance(refusal, TooSoon) else form.errors
    form = Form(values=values, errors=errors, problem=None if errors else form.problem)
    return _page(visit, {visit.incoming.params["id"]: form})


@router.post(f"{HERE}/{{id}}/move", rate="posts", again=_again)
def move(visit: Visit) -> Answer:
    """Publishes one at another time."""
    at = read_moment(visit.field("at"), visit.field("at_offset"), field="at")
    actions.move_scheduled(visit.tx, visit.me.account.id, visit.part(), at=at)
    return redirect(visit, HERE, notice="rescheduled")


@router.post(f"{HERE}/{{id}}/cancel")
def cancel(visit: Visit) -> Answer:
    """Does not publish one."""
    actions.cancel_scheduled(visit.tx, visit.me.account.id, visit.part())
    return redirect(visit, HERE, notice="unscheduled")
