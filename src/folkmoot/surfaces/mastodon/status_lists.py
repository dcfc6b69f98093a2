"""/api/v1/favourites, /api/v1/bookmarks; who boosted, favourited and quoted a status"""

from collections.abc import Sequence

from folkmoot.domain.interactions.queries import (
    Mark,
    list_bookmarks,
    list_favourites,
    list_likers,
)
from folkmoot.domain.posts.queries import get_original, list_boosters
from folkmoot.domain.reading.queries import list_quotes
from folkmoot.surfaces.mastodon.entities.account import Account, present_account_list
from folkmoot.surfaces.mastodon.entities.status import Status, present_page
from folkmoot.surfaces.mastodon.operations import (
    OPTIONAL,
    Answer,
    Call,
    PageParams,
    Router,
    link_header,
)

router = Router("statuses")


@router.get("/api/v1/statuses/{id}/reblogged_by", auth=OPTIONAL, returns=list[Account])
def boosted_by(call: Call, params: PageParams) -> Answer:
    """Who boosted a status, the last first."""
    page = params.page(40, 80)
    post = get_original(call.tx, call.id(), viewer_id=call.viewer_id)
    found = list_boosters(call.tx, post.id, page, viewer_id=call.viewer_id)
    headers = _links(call, [b.boost_id for b in found], page.limit)
    accounts = present_account_list(call.app, call.tx, [b.account_id for b in found])
    return Answer(accounts, headers=headers)


@router.get("/api/v1/statuses/{id}/favourited_by", auth=OPTIONAL, returns=list[Account])
def favourited_by(call: Call, params: PageParams) -> Answer:
    """Who marked a status as a favourite, the last first."""
    page = params.page(40, 80)
    post = get_original(call.tx, call.id(), viewer_id=call.viewer_id)
    found = list_likers(call.tx, post.id, page, viewer_id=call.viewer_id)
    headers = _links(call, [liker.id for liker in found], page.limit)
    accounts = present_account_list(call.app, call.tx, [liker.account_id for liker in found])
    return Answer(accounts, headers=headers)


@router.get("/api/v1/statuses/{id}/quotes", scope="read:statuses", returns=list[Status])
def quotes(call: Call, params: PageParams) -> Answer:
    """Statuses that quote a status, newest first."""
    page = params.page()
    post = get_original(call.tx, call.id(), viewer_id=call.viewer_id)
    ids = list_quotes(call.tx, post.id, page, viewer_id=call.viewer_id)
    statuses = present_page(call.app, call.tx, call.viewer_id, ids)
    return Answer(statuses, headers=_links(call, ids, page.limit))


@router.get("/api/v1/favourites", scope="read:favourites", returns=list[Status])
def favourites(call: Call, params: PageParams) -> Answer:
    """Statuses one has marked as favourites, the last marked first."""
    page = params.page()
    return _marked(call, list_favourites(call.tx, call.me.account_id, page), page.limit)


@router.get("/api/v1/bookmarks", scope="read:bookmarks", returns=list[Status])
def bookmarks(call: Call, params: PageParams) -> Answer:
    """Statuses one has bookmarked, the last marked first."""
    page = params.page()
    return _marked(call, list_bookmarks(call.tx, call.me.account_id, page), page.limit)


def _marked(call: Call, marks: list[Mark], limit: int) -> Answer:
    statuses = present_page(call.app, call.tx, call.viewer_id, [m.post_id for m in marks])
    return Answer(statuses, headers=_links(call, [m.id for m in marks], limit))


def _links(call: Call, keys: Sequence[int], limit: int) -> list[tuple[str, str]]:
    return link_header(
        call,
        first=keys[0] if keys else None,
        last=keys[-1] if keys else None,
        full=len(keys) >= limit,
    )
