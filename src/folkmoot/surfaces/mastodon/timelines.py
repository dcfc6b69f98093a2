"""/api/v1/timelines"""

from folkmoot.domain.posts.model import PostId
from folkmoot.domain.timelines import queries
from folkmoot.surfaces.mastodon.entities.status import Status, present_page
from folkmoot.surfaces.mastodon.operations import (
    OPTIONAL,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)

router = Router("timelines")


class PublicParams(PageParams):
    """Paging, and what to leave out."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


def answer_page(call: Call, ids: list[PostId], limit: int) -> Answer:
    """A page of statuses with its Link header."""
    headers = link_header(
        call,
        first=ids[0] if ids else None,
        last=ids[-1] if ids else None,
        full=len(ids) >= limit,
    )
    return Answer(present_page(call.app, call.tx, call.viewer_id, ids), headers=headers)


@router.get("/api/v1/timelines/home", scope="read:statuses", returns=list[Status])
def home(call: Call, params: PageParams) -> Answer:
    """Statuses of followed accounts and tags, newest first."""
    page = params.page()
    me = call.me.account_id
    return answer_page(call, queries.list_feed(call.tx, me, page, viewer_id=me), page.limit)


@router.get("/api/v1/timelines/public", auth=OPTIONAL, returns=list[Status])
def public(call: Call, params: PublicParams) -> Answer:
    """All public statuses, newest first."""
    page = params.page()
    ids = queries.list_public(call.tx, page, viewer_id=call.viewer_id, only_media=params.only_media)
    return answer_page(call, ids, page.limit)
