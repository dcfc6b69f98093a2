"""/search: people, posts and tags that match some words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.relationships.queries import search_accounts
from folkmoot.domain.search.queries import search_posts
from folkmoot.domain.tags.queries import search_tags
from folkmoot.kit.text import parse_query
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Pager
from folkmoot.surfaces.web.pages.posts import SearchPage, TagLink
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.routes.tags import tag_path
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, is_local, redirect

if TYPE_CHECKING:
    from folkmoot.domain.posts.model import PostId

router = Router()

_PEOPLE = 5
_TAGS = 8


@router.get("/search", rate="search")
def search(visit: Visit) -> Answer:
    """What was found; an address of this server leads to its page."""
    text = visit.query("q").strip()[: visit.app.settings.search.query_chars]
    path = text.removeprefix(visit.app.base_url)
    if path != text and is_local(path):
        return redirect(visit, path)
    first = visit.number("max_id") is None and visit.number("min_id") is None
    ids = _posts(visit, text)
    page = SearchPage(
        frame=frame(visit, forms=False),
        query=text,
        people=tuple(
            present_person(visit.app, account)
            for account in search_accounts(visit.tx, text, viewer_id=visit.viewer_id, limit=_PEOPLE)
        )
        if first and text and not text.startswith("#")
        else (),
        tags=tuple(
            TagLink(tag.display_name, tag_path(tag.name))
            for tag in search_tags(visit.tx, text, limit=_TAGS)
        )
        if first and text and not text.startswith("@")
        else (),
        posts=present_posts(visit.app, visit.tx, visit.viewer_id, ids),
        pager=pager(visit, ids) if ids else Pager(),
        members_only=bool(text) and not _may_search_posts(visit),
    )
    return show(visit, page)


def _may_search_posts(visit: Visit) -> bool:
    return visit.reader is not None or visit.app.settings.search.public_without_account


def _posts(visit: Visit, text: str) -> list[PostId]:
    if not text or text.startswith("@") or not _may_search_posts(visit):
        return []
    return search_posts(visit.tx, parse_query(text), stretch(visit), viewer_id=visit.viewer_id)
