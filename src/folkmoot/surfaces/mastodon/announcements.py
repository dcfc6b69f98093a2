"""/api/v1/announcements"""

from typing import Any

import msgspec

from folkmoot.domain.instance import actions, queries
from folkmoot.surfaces.mastodon.entities.announcement import Announcement, present_announcements
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("announcements")


class AnnouncementParams(msgspec.Struct):
    """Whether those one has dismissed are wanted too."""

    with_dismissed: bool = False


@router.get("/api/v1/announcements", auth="user", returns=list[Announcement])
def list_announcements(call: Call, params: AnnouncementParams) -> list[Announcement]:
    """What the team tells all members, oldest first."""
    me = call.me.account_id
    found = present_announcements(
        call.app, call.tx, queries.list_announcements(call.tx), reader_id=me
    )
    return [each for each in found if params.with_dismissed or not each.read]


@router.post("/api/v1/announcements/{id}/dismiss", scope="write:accounts", returns=dict[str, Any])
def dismiss(call: Call) -> dict[str, Any]:
    """Marks an announcement as read."""
    actions.dismiss_announcement(call.tx, call.me.account_id, call.id())
    return {}


@router.put(
    "/api/v1/announcements/{id}/reactions/{name}",
    scope="write:favourites",
    returns=dict[str, Any],
)
def react(call: Call) -> dict[str, Any]:
    """Reacts to an announcement by an emoji."""
    actions.react(call.tx, call.me.account_id, call.id(), call.path["name"])
    return {}


@router.delete(
    "/api/v1/announcements/{id}/reactions/{name}",
    scope="write:favourites",
    returns=dict[str, Any],
)
def take_reaction_back(call: Call) -> dict[str, Any]:
    """Takes a reaction back."""
    actions.take_reaction_back(call.tx, call.me.account_id, call.id(), call.path["name"])
    return {}
