"""/ and /theme: what a visitor meets first."""

from __future__ import annotations

from folkmoot.domain.discovery.model import Kind
from folkmoot.domain.discovery.queries import list_trends
from folkmoot.domain.tags.queries import list_tags
from folkmoot.domain.timelines import queries as timelines
from folkmoot.surfaces.web import cookies
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.posts import FrontPage, TagLink
from folkmoot.surfaces.web.routes.about import present_rules
from folkmoot.surfaces.web.routes.tags import tag_path
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

router = Router()

_RULES = 5
_TAGS = 8


@router.get("/")
def front(visit: Visit) -> Answer:
    """The public timeline and what this server is; members go on to their home."""
    if visit.reader:
        return redirect(visit, "/home")
    part = stretch(visit)
    ids = timelines.list_public(visit.tx, part, viewer_id=0)
    around = frame(visit, forms=False)
    first = visit.number("max_id") is None and visit.number("min_id") is None
    page = FrontPage(
        frame=around,
        card=Card(
            title=around.site.name,
            description=around.site.description or f"{around.site.name}, a place to talk.",
            url=f"{visit.app.base_url}/",
        ),
        posts=present_posts(visit.app, visit.tx, 0, ids),
        tags=trending_tags(visit),
        rules=tuple(rule.text for rule in present_rules(visit)[:_RULES]),
        pager=pager(visit, ids),
        first=first,
    )
    return show(visit, page, public=True)


def trending_tags(visit: Visit) -> tuple[TagLink, ...]:
    """Tags that many people use these days."""
    found = list_trends(visit.tx, Kind.TAG, viewer_id=visit.viewer_id, limit=_TAGS)
    known = list_tags(visit.tx, [trend.subject_id for trend in found])
    return tuple(
        TagLink(known[trend.subject_id].display_name, tag_path(known[trend.subject_id].name))
        for trend in found
        if trend.subject_id in known
    )


@router.post("/theme", members=False, checked=False)
def choose_light(visit: Visit) -> Answer:
    """Keeps the reader's choice of light. Harmless from elsewhere, so it needs no token."""
    answer = redirect(visit, visit.return_to("/"))
    theme = visit.field("theme")
    if theme in ("light", "dark", "auto"):
        kept = cookies.set_cookie(
            cookies.THEME,
            theme,
            secure=visit.secure,
            max_age_s=cookies.YEAR_S,
            readable=True,
        )
        answer.cookies.append(kept)
    return answer
