"""/api/v1/notifications: one by one."""

from typing import Any

import msgspec

from folkmoot.domain.notifications import actions, queries
from folkmoot.domain.notifications.model import NotificationNotFound
from folkmoot.domain.timelines.queries import list_markers
from folkmoot.surfaces.mastodon.entities.notification import (
    KINDS,
    Notification,
    present_notifications,
)
from folkmoot.surfaces.mastodon.operations import (
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    link_header,
)

router = Router("notifications")

DEFAULT = 40
MOST = 80
COUNT_DEFAULT = 100
COUNT_MOST = 1_000


class Count(msgspec.Struct):
    """How many, counted up to the limit."""

    count: int


class KindParams(PageParams):
    """Which types to give; without `types` all but the excluded."""

    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: Id | None = None

    def kinds(self) -> frozenset[str]:
        """What is asked for, as the domain names it; types nobody knows match nothing."""
        asked = {KINDS[name] for name in self.types if name in KINDS}
        wanted = asked if self.types else queries.ALL_KINDS
        return frozenset(wanted - {KINDS.get(name) for name in self.exclude_types})


class ShowParams(msgspec.Struct):
    """Types that the client can show; for some others it is given words to show instead."""

    supported_types: tuple[str, ...] | None = None


class ListParams(KindParams):
    """Which notifications to give; `supported_types` as for one of them."""

    include_filtered: bool = False
    supported_types: tuple[str, ...] | None = None


@router.get("/api/v1/notifications", scope="read:notifications", returns=list[Notification])
def list_notifications(call: Call, params: ListParams) -> Answer:
    """What one was told of, newest first."""
    page = params.page(DEFAULT, MOST)
    me = call.me.account_id
    found = queries.list_notifications(
        call.tx,
        me,
        page,
        kinds=params.kinds(),
        from_id=params.account_id,
        filtered=params.include_filtered,
    )
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    made = present_notifications(call.app, call.tx, me, found, supported=params.supported_types)
    return Answer(b"[" + b",".join(made.values()) + b"]", headers=headers)


class CountParams(KindParams):
    """Which notifications to count."""

    def most(self) -> int:
        """Up to how many to count."""
        return max(1, min(self.limit or COUNT_DEFAULT, COUNT_MOST))


def last_read_id(call: Call) -> int:
    """Up to where the member has read their notifications."""
    found = list_markers(call.tx, call.me.account_id, ["notifications"])
    return found[0].last_read_id if found else 0


@router.get("/api/v1/notifications/unread_count", scope="read:notifications", returns=Count)
def count_unread(call: Call, params: CountParams) -> Count:
    """How many notifications are newer than the marker."""
    count = queries.count_unread(
        call.tx,
        call.me.account_id,
        since_id=last_read_id(call),
        limit=params.most(),
        kinds=params.kinds(),
        from_id=params.account_id,
    )
    return Count(count)


@router.get("/api/v1/notifications/{id}", scope="read:notifications", returns=Notification)
def show(call: Call, params: ShowParams) -> Answer:
    """One notification."""
    me, supported = call.me.account_id, params.supported_types
    found = queries.get_notification(call.tx, me, call.id())
    made = present_notifications(call.app, call.tx, me, [found], supported=supported)
    if found.id not in made:
        raise NotificationNotFound
    return Answer(made[found.id])


@router.post("/api/v1/notifications/clear", scope="write:notifications")
def clear(call: Call) -> dict[str, Any]:
    """Removes all notifications."""
    actions.clear(call.tx, call.me.account_id)
    return {}


@router.post("/api/v1/notifications/{id}/dismiss", scope="write:notifications")
def dismiss(call: Call) -> dict[str, Any]:
    """Removes one notification."""
    actions.dismiss(call.tx, call.me.account_id, call.id())
    return {}
