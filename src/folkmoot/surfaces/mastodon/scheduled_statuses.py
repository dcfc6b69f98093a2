"""/api/v1/scheduled_statuses"""

import msgspec

from folkmoot.domain.scheduling.actions import cancel_scheduled, move_scheduled
from folkmoot.domain.scheduling.queries import get_own_scheduled, list_scheduled
from folkmoot.surfaces.mastodon.entities.scheduled_status import (
    ScheduledStatus,
    build_scheduled,
)
from folkmoot.surfaces.mastodon.operations import (
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)
from folkmoot.surfaces.mastodon.statuses import moment

router = Router("scheduled_statuses")


class MoveParams(msgspec.Struct):
    """When to publish instead."""

    scheduled_at: str


@router.get("/api/v1/scheduled_statuses", scope="read:statuses", returns=list[ScheduledStatus])
def show_all(call: Call, params: PageParams) -> Answer:
    """One's scheduled statuses, the last written first."""
    page = params.page()
    found = list_scheduled(call.tx, call.me.account_id, page)
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    return Answer([build_scheduled(call.app, call.tx, s) for s in found], headers=headers)


@router.get("/api/v1/scheduled_statuses/{id}", scope="read:statuses", returns=ScheduledStatus)
def show(call: Call) -> Answer:
    """One of one's scheduled statuses."""
    found = get_own_scheduled(call.tx, call.id(), account_id=call.me.account_id)
    return Answer(build_scheduled(call.app, call.tx, found))


@router.put("/api/v1/scheduled_statuses/{id}", scope="write:statuses", returns=ScheduledStatus)
def move(call: Call, params: MoveParams) -> Answer:
    """Publishes a scheduled status at another time."""
    at = moment(params.scheduled_at)
    moved = move_scheduled(call.tx, call.me.account_id, call.id(), at=at)
    return Answer(build_scheduled(call.app, call.tx, moved))


@router.delete("/api/v1/scheduled_statuses/{id}", scope="write:statuses")
def cancel(call: Call) -> Answer:
    """Does not publish a scheduled status."""
    cancel_scheduled(call.tx, call.me.account_id, call.id())
    return Answer({})
