"""/api/v2/search, /api/v1/search"""

from typing import Annotated, Literal

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_name
from folkmoot.domain.posts.model import PostId, PostNotFound
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.domain.relationships.queries import search_accounts
from folkmoot.domain.search.queries import search_posts
from folkmoot.domain.tags.model import Tag as DomainTag
from folkmoot.domain.tags.queries import search_tags
from folkmoot.kit.ids import parse_id
from folkmoot.kit.text import parse_query
from folkmoot.surfaces.mastodon.entities.account import present_account_list
from folkmoot.surfaces.mastodon.entities.search import Search, V1Search
from folkmoot.surfaces.mastodon.entities.status import present_page
from folkmoot.surfaces.mastodon.entities.tag import present_tags
from folkmoot.surfaces.mastodon.errors import BadRequest, Unauthorised
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    OPTIONAL,
    Call,
    Id,
    PageParams,
    Router,
)

router = Router("search")

_MOST_OFFSET = 10_000


class SearchParams(PageParams):
    """What to look for, among what."""

    q: Annotated[str, NEEDED] = ""
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    resolve: bool = False
    following: bool = False
    account_id: Id | None = None
    exclude_unreviewed: bool = False
    offset: int = 0


class Found(msgspec.Struct):
    """What was found, as ids and tags."""

    accounts: list[AccountId]
    posts: list[PostId]
    tags: list[DomainTag]


@router.get("/api/v2/search", auth=OPTIONAL, scope="read:search", returns=Search, rate="search")
def search(call: Call, params: SearchParams) -> dict[str, object]:
    """Accounts, statuses and hashtags that match."""
    found = _find(call, params)
    return {
        "accounts": msgspec.Raw(present_account_list(call.app, call.tx, found.accounts)),
        "statuses": msgspec.Raw(present_page(call.app, call.tx, call.viewer_id, found.posts)),
        "hashtags": present_tags(call.app, call.tx, call.viewer_id, found.tags),
    }


@router.get("/api/v1/search", auth=OPTIONAL, scope="read:search", returns=V1Search, rate="search")
def search_v1(call: Call, params: SearchParams) -> dict[str, object]:
    """The same in the form of version 1."""
    found = _find(call, params)
    return {
        "accounts": msgspec.Raw(present_account_list(call.app, call.tx, found.accounts)),
        "statuses": msgspec.Raw(present_page(call.app, call.tx, call.viewer_id, found.posts)),
        "hashtags": [tag.display_name for tag in found.tags],
    }


def _find(call: Call, params: SearchParams) -> Found:
    text = params.q.strip()[: call.app.settings.search.query_chars]
    if not text:
        raise BadRequest("Say what to search for")
    if not call.viewer_id and (params.resolve or params.offset):
        raise Unauthorised("Sign in to search beyond the first page")
    if text.startswith(("https://", "http://")):
        return _find_address(call, text, params.type)
    return Found(
        _find_accounts(call, text, params),
        _find_posts(call, text, params),
        _find_tags(call, text, params),
    )


def _limit(call: Call, params: SearchParams) -> int:
    return max(1, min(params.limit or 20, call.app.settings.search.max_results))


def _offset(params: SearchParams) -> int:
    """Only counted where one kind is asked for."""
    return max(0, min(params.offset, _MOST_OFFSET)) if params.type else 0


def _find_accounts(call: Call, text: str, params: SearchParams) -> list[AccountId]:
    if params.type not in (None, "accounts") or text.startswith("#"):
        return []
    found = search_accounts(
        call.tx,
        text,
        viewer_id=call.viewer_id,
        limit=_limit(call, params),
        offset=_offset(params),
        following=params.following and call.viewer_id != 0,
    )
    return [account.id for account in found]


def _find_posts(call: Call, text: str, params: SearchParams) -> list[PostId]:
    settings = call.app.settings.search
    may_search = call.viewer_id != 0 or settings.public_without_account
    if params.type not in (None, "statuses") or text.startswith("@") or not may_search:
        return []
    return search_posts(
        call.tx,
        parse_query(text),
        msgspec.structs.replace(params.page(), limit=_limit(call, params)),
        viewer_id=call.viewer_id,
        author_id=params.account_id,
        offset=_offset(params),
    )


def _find_tags(call: Call, text: str, params: SearchParams) -> list[DomainTag]:
    if params.type not in (None, "hashtags") or text.startswith("@"):
        return []
    return search_tags(call.tx, text, limit=_limit(call, params), offset=_offset(params))


def _find_address(call: Call, text: str, kind: str | None) -> Found:
    """The account or post of this server whose address was given; of others none is known."""
    found = Found([], [], [])
    path = text.removeprefix(call.app.base_url)
    parts = path.partition("?")[0].strip("/").split("/") if path != text else []
    match parts:
        case [name] if name.startswith("@") and kind in (None, "accounts"):
            found.accounts = _named(call, name[1:])
        case ["users", name] if kind in (None, "accounts"):
            found.accounts = _named(call, name)
        case [name, number] if name.startswith("@") and kind in (None, "statuses"):
            found.posts = _numbered(call, number)
        case ["users", _, "statuses", number] if kind in (None, "statuses"):
            found.posts = _numbered(call, number)
    return found


def _named(call: Call, name: str) -> list[AccountId]:
    account = find_account_by_name(call.tx, name)
    return [] if account is None or account.pending else [account.id]


def _numbered(call: Call, number: str) -> list[PostId]:
    try:
        return [get_visible_post(call.tx, parse_id(number), viewer_id=call.viewer_id).id]
    except PostNotFound:
        return []
