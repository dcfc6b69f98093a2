"""/api/v1/markers"""

import msgspec

from folkmoot.domain.timelines.actions import set_marker
from folkmoot.domain.timelines.model import TIMELINES
from folkmoot.domain.timelines.queries import list_markers
from folkmoot.kit.clock import iso
from folkmoot.kit.ids import MAX_ID
from folkmoot.surfaces.mastodon.operations import (
    Call,
    Id,
    Router,
)

router = Router("markers")


class Marker(msgspec.Struct):
    """How far one has read a timeline."""

    last_read_id: str
    version: int
    updated_at: str


class TimelineParams(msgspec.Struct):
    """Which timelines: `home`, `notifications`."""

    timeline: list[str] = []


class Position(msgspec.Struct):
    """What was read last."""

    last_read_id: Id | None = None


class MarkerParams(msgspec.Struct):
    """What was read last in each timeline."""

    home: Position | None = None
    notifications: Position | None = None


def _present(call: Call, timelines: list[str]) -> dict[str, Marker]:
    found = list_markers(call.tx, call.me.account_id, timelines)
    return {m.timeline: Marker(str(m.last_read_id), m.version, iso(m.updated_at)) for m in found}


@router.get("/api/v1/markers", scope="read:statuses", returns=dict[str, Marker])
def show(call: Call, params: TimelineParams) -> dict[str, Marker]:
    """How far one has read."""
    return _present(call, [name for name in TIMELINES if name in params.timeline])


@router.post("/api/v1/markers", scope="write:statuses", returns=dict[str, Marker])
def save(call: Call, params: MarkerParams) -> dict[str, Marker]:
    """Keeps how far one has read."""
    saved = []
    for name, position in zip(TIMELINES, (params.home, params.notifications), strict=True):
        if position is not None and position.last_read_id is not None:
            last_read_id = max(0, min(position.last_read_id, MAX_ID))
            set_marker(call.tx, call.me.account_id, name, last_read_id)
            saved.append(name)
    return _present(call, saved)
