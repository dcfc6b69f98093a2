"""/api/v1/notifications/requests: those whose notifications are held back."""

from typing import Any

import msgspec

from folkmoot.domain.notifications import actions, queries
from folkmoot.domain.notifications.model import RequestNotFound
from folkmoot.surfaces.mastodon.entities.notification_request import (
    NotificationRequest,
    present_requests,
)
from folkmoot.surfaces.mastodon.notifications import DEFAULT, MOST
from folkmoot.surfaces.mastodon.operations import (
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    link_header,
)

router = Router("notifications")


class IdsParams(msgspec.Struct):
    """Requests to decide on."""

    id: list[Id] = []


class Merged(msgspec.Struct):
    """Whether what was accepted is in the list of notifications by now."""

    merged: bool


@router.get(
    "/api/v1/notifications/requests",
    scope="read:notifications",
    returns=list[NotificationRequest],
)
def list_requests(call: Call, params: PageParams) -> Answer:
    """The accounts whose notifications one's policy holds back."""
    page = params.page(DEFAULT, MOST)
    found = queries.list_requests(call.tx, call.me.account_id, page)
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    made = present_requests(call.app, call.tx, call.me.account_id, found)
    return Answer(made, headers=headers)


@router.get("/api/v1/notifications/requests/merged", scope="read:notifications", returns=Merged)
def show_merged(call: Call) -> Merged:
    """Whether accepted requests are merged; they are, in the same moment."""
    return Merged(merged=True)


@router.get(
    "/api/v1/notifications/requests/{id}", scope="read:notifications", returns=NotificationRequest
)
def show(call: Call) -> NotificationRequest:
    """One request."""
    found = queries.get_request(call.tx, call.me.account_id, call.id())
    made = present_requests(call.app, call.tx, call.me.account_id, [found])
    if not made:
        raise RequestNotFound
    return made[0]


@router.post("/api/v1/notifications/requests/accept", scope="write:notifications")
def accept_many(call: Call, params: IdsParams) -> dict[str, Any]:
    """Accepts several requests; those that are not there are passed over."""
    me = call.me.account_id
    for request in queries.list_requests_by_id(call.tx, me, params.id[:MOST]):
        actions.accept_request(call.tx, me, request)
    return {}


@router.post("/api/v1/notifications/requests/dismiss", scope="write:notifications")
def dismiss_many(call: Call, params: IdsParams) -> dict[str, Any]:
    """Dismisses several requests; those that are not there are passed over."""
    me = call.me.account_id
    for request in queries.list_requests_by_id(call.tx, me, params.id[:MOST]):
        actions.dismiss_request(call.tx, me, request)
    return {}


@router.post("/api/v1/notifications/requests/{id}/accept", scope="write:notifications")
def accept(call: Call) -> dict[str, Any]:
    """Shows what is held back of an account, and accepts what it does from now on."""
    me = call.me.account_id
    actions.accept_request(call.tx, me, queries.get_request(call.tx, me, call.id()))
    return {}


@router.post("/api/v1/notifications/requests/{id}/dismiss", scope="write:notifications")
def dismiss(call: Call) -> dict[str, Any]:
    """Removes what is held back of an account."""
    me = call.me.account_id
    actions.dismiss_request(call.tx, me, queries.get_request(call.tx, me, call.id()))
    return {}
