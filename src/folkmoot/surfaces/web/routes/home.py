"""/home and /public: the timelines of a member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from folkmoot.domain.feeds.queries import list_feed
from folkmoot.domain.interactions import queries as interactions
from folkmoot.domain.timelines import queries as timelines
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.posts import TimelinePage
from folkmoot.surfaces.web.routes.composing import new_draft
from folkmoot.surfaces.web.routes.front import trending_tags
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.domain.interactions.queries import Mark

router = Router()


@router.get("/home", members=True)
def home(visit: Visit) -> Answer:
    """Posts of the people and tags a member follows."""
    me = visit.me.account.id
    ids = list_feed(visit.tx, me, stretch(visit), viewer_id=me)
    first = visit.number("max_id") is None and visit.number("min_id") is None
    page = TimelinePage(
        frame=frame(visit),
        title="Home",
        which="home",
        posts=present_posts(visit.app, visit.tx, me, ids, place="home"),
        pager=pager(visit, ids),
        draft=new_draft(visit) if first else None,
        tags=trending_tags(visit),
    )
    return show(visit, page)


@router.get("/favourites", members=True)
def favourites(visit: Visit) -> Answer:
    """What the member marked as a favourite."""
    return _marked(visit, interactions.list_favourites, "Favourites", "favourites")


@router.get("/bookmarks", members=True)
def bookmarks(visit: Visit) -> Answer:
    """What the member keeps to read again."""
    return _marked(visit, interactions.list_bookmarks, "Bookmarks", "bookmarks")


def _marked(visit: Visit, read: Callable[..., list[Mark]], title: str, which: Any) -> Answer:
    me = visit.me.account.id
    marks = read(visit.tx, me, stretch(visit))
    page = TimelinePage(
        frame=frame(visit),
        title=title,
        which=which,
        posts=present_posts(visit.app, visit.tx, me, [mark.post_id for mark in marks]),
        pager=pager(visit, [mark.id for mark in marks]),
    )
    return show(visit, page)


@router.get("/public", members=True)
def public(visit: Visit) -> Answer:
    """What everybody here says in public."""
    ids = timelines.list_public(visit.tx, stretch(visit), viewer_id=visit.viewer_id)
    page = TimelinePage(
        frame=frame(visit),
        title="What is being said here",
        which="local",
        posts=present_posts(visit.app, visit.tx, visit.viewer_id, ids, place="public"),
        pager=pager(visit, ids),
    )
    return show(visit, page)
