"""/api/v1/admin/trends: what trends or would, and what the team lets through."""

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.discovery.actions import judge_trend
from folkmoot.domain.discovery.model import MOST_TRENDS, Kind
from folkmoot.domain.discovery.queries import list_allowed, list_trends
from folkmoot.domain.tags.queries import list_tags
from folkmoot.surfaces.mastodon.entities.admin_trends import (
    AdminTag,
    AdminTrendsLink,
    present_admin_links,
    present_admin_tags,
)
from folkmoot.surfaces.mastodon.entities.status import Status, present_page, present_status
from folkmoot.surfaces.mastodon.operations import Answer, Call, Router

router = Router("admin trends")

HERE = "/api/v1/admin/trends"
READ = "admin:read"
WRITE = "admin:write"
MANAGE = Permission.MANAGE_TRENDS


class TrendsParams(msgspec.Struct):
    """How many of them, best first."""

    limit: int | None = None


def _listed(call: Call, params: TrendsParams, kind: Kind) -> tuple[list[int], set[int]]:
    """What trends or would, and what of it may trend."""
    limit = max(1, min(params.limit or MOST_TRENDS, MOST_TRENDS))
    found = list_trends(call.tx, kind, viewer_id=0, limit=limit, waiting=True)
    ids = [trend.subject_id for trend in found]
    return ids, _allowed(call, kind, ids)


def _allowed(call: Call, kind: Kind, ids: list[int]) -> set[int]:
    if not call.app.settings.discovery.trends_review:
        return set(ids)
    return list_allowed(call.tx, kind, ids)


@router.get(f"{HERE}/tags", scope=READ, permission=MANAGE, returns=list[AdminTag])
def tags(call: Call, params: TrendsParams) -> list[AdminTag]:
    """Hashtags that trend, or would if they were let through."""
    ids, allowed = _listed(call, params, Kind.TAG)
    known = list_tags(call.tx, ids)
    shown = [known[tag_id] for tag_id in ids if tag_id in known]
    return present_admin_tags(call.app, call.tx, shown, allowed)


@router.get(f"{HERE}/statuses", scope=READ, permission=MANAGE, returns=list[Status])
def statuses(call: Call, params: TrendsParams) -> Answer:
    """Public statuses that trend, or would if they were let through."""
    ids, _ = _listed(call, params, Kind.POST)
    return Answer(present_page(call.app, call.tx, call.viewer_id, ids))


@router.get(f"{HERE}/links", scope=READ, permission=MANAGE, returns=list[AdminTrendsLink])
def links(call: Call, params: TrendsParams) -> list[AdminTrendsLink]:
    """Links that trend, or would if they were let through."""
    ids, allowed = _listed(call, params, Kind.LINK)
    return present_admin_links(call.app, call.tx, ids, allowed)


def _judge_tag(call: Call, *, allowed: bool) -> AdminTag:
    judge_trend(call.tx, Kind.TAG, call.id(), allowed=allowed)
    shown = list(list_tags(call.tx, [call.id()]).values())
    return present_admin_tags(call.app, call.tx, shown, _allowed(call, Kind.TAG, [call.id()]))[0]


def _judge_status(call: Call, *, allowed: bool) -> Answer:
    judge_trend(call.tx, Kind.POST, call.id(), allowed=allowed)
    return Answer(present_status(call.app, call.tx, call.viewer_id, call.id()))


def _judge_link(call: Call, *, allowed: bool) -> AdminTrendsLink:
    judge_trend(call.tx, Kind.LINK, call.id(), allowed=allowed)
    ids = [call.id()]
    return present_admin_links(call.app, call.tx, ids, _allowed(call, Kind.LINK, ids))[0]


@router.post(f"{HERE}/tags/{{id}}/approve", scope=WRITE, permission=MANAGE, returns=AdminTag)
def approve_tag(call: Call) -> AdminTag:
    """Lets a hashtag through to the trends, where they are reviewed."""
    return _judge_tag(call, allowed=True)


@router.post(f"{HERE}/tags/{{id}}/reject", scope=WRITE, permission=MANAGE, returns=AdminTag)
def reject_tag(call: Call) -> AdminTag:
    """Takes that back."""
    return _judge_tag(call, allowed=False)


@router.post(f"{HERE}/statuses/{{id}}/approve", scope=WRITE, permission=MANAGE, returns=Status)
def approve_status(call: Call) -> Answer:
    """Lets a status through to the trends, where they are reviewed."""
    return _judge_status(call, allowed=True)


@router.post(f"{HERE}/statuses/{{id}}/reject", scope=WRITE, permission=MANAGE, returns=Status)
def reject_status(call: Call) -> Answer:
    """Takes that back."""
    return _judge_status(call, allowed=False)


@router.post(
    f"{HERE}/links/{{id}}/approve", scope=WRITE, permission=MANAGE, returns=AdminTrendsLink
)
def approve_link(call: Call) -> AdminTrendsLink:
    """Lets a link through to the trends, where they are reviewed."""
    return _judge_link(call, allowed=True)


@router.post(f"{HERE}/links/{{id}}/reject", scope=WRITE, permission=MANAGE, returns=AdminTrendsLink)
def reject_link(call: Call) -> AdminTrendsLink:
    """Takes that back."""
    return _judge_link(call, allowed=False)
