"""/api/v1/trends"""

import msgspec

from folkmoot.domain.discovery.model import Kind
from folkmoot.domain.discovery.queries import list_trends
from folkmoot.domain.tags.queries import list_tags
from folkmoot.surfaces.mastodon.entities.preview_card import TrendsLink
from folkmoot.surfaces.mastodon.entities.status import Status, present_page
from folkmoot.surfaces.mastodon.entities.tag import Tag, present_tags
from folkmoot.surfaces.mastodon.entities.trends_link import present_links
from folkmoot.surfaces.mastodon.operations import OPTIONAL, Answer, Call, Router

router = Router("trends")


class TrendParams(msgspec.Struct):
    """Which stretch of a ranking."""

    limit: int | None = None
    offset: int = 0


def _answer(
    call: Call, params: TrendParams, kind: Kind, *, default: int
) -> tuple[list[int], list[tuple[str, str]]]:
    """The ids of what trends, and the headers that lead to the next stretch."""
    limit = max(1, min(params.limit or default, 2 * default))
    offset = max(0, min(params.offset, 1_000))
    found = list_trends(call.tx, kind, viewer_id=call.viewer_id, limit=limit, offset=offset)
    headers = []
    if len(found) == limit:
        there = f"{call.app.base_url}{call.incoming.path}?limit={limit}&offset={offset + limit}"
        headers.append(("link", f'<{there}>; rel="next"'))
    return [trend.subject_id for trend in found], headers


@router.get("/api/v1/trends/tags", "/api/v1/trends", auth=OPTIONAL, returns=list[Tag])
def tags(call: Call, params: TrendParams) -> Answer:
    """Hashtags that many people use these days."""
    ids, headers = _answer(call, params, Kind.TAG, default=10)
    known = list_tags(call.tx, ids)
    shown = [known[tag_id] for tag_id in ids if tag_id in known]
    return Answer(present_tags(call.app, call.tx, call.viewer_id, shown), headers=headers)


@router.get("/api/v1/trends/statuses", auth=OPTIONAL, returns=list[Status])
def statuses(call: Call, params: TrendParams) -> Answer:
    """Statuses that many people boost or like these days."""
    ids, headers = _answer(call, params, Kind.POST, default=20)
    return Answer(present_page(call.app, call.tx, call.viewer_id, ids), headers=headers)


@router.get("/api/v1/trends/links", auth=OPTIONAL, returns=list[TrendsLink])
def links(call: Call, params: TrendParams) -> Answer:
    """Links that many people post these days."""
    ids, headers = _answer(call, params, Kind.LINK, default=10)
    return Answer(present_links(call.app, call.tx, ids), headers=headers)
