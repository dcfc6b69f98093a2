"""/tags/<tag>: what is said under a tag, by whoever says it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from folkmoot.domain.tags import actions, queries
from folkmoot.domain.timelines.queries import TagChoice, list_tagged
from folkmoot.kit.errors import NotFound
from folkmoot.kit.text import is_tag, normalise_tag
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.posts import TagPage
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.domain.tags.model import Tag

router = Router()


def _name(visit: Visit) -> str:
    """The tag in the address; NotFound when it can be none."""
    name = visit.incoming.params["name"]
    if not is_tag(name):
        raise NotFound
    return name


@router.get("/tags/{name}")
def tagged(visit: Visit) -> Answer:
    """The public posts with a tag, newest first."""
    name = _name(visit)
    tag = queries.find_tag(visit.tx, name)
    ids = (
        list_tagged(visit.tx, TagChoice(any=(tag.id,)), stretch(visit), viewer_id=visit.viewer_id)
        if tag
        else []
    )
    page = TagPage(
        frame=frame(visit, forms=False),
        card=Card(
            title=f"#{name}",
            description=f"Posts about #{name} on {visit.app.settings.instance.title}",
            url=f"{visit.app.base_url}{tag_path(normalise_tag(name))}",
        ),
        name=tag.display_name if tag else name,
        posts=present_posts(visit.app, visit.tx, visit.viewer_id, ids, place="public"),
        uses=_uses(visit, tag) if tag else None,
        following=_is_followed(visit, tag) if visit.reader else None,
        follow_url=f"{tag_path(name)}/follow",
        pager=pager(visit, ids),
    )
    return show(visit, page, public=True)


def tag_path(name: str) -> str:
    return f"/tags/{quote(name)}"


def _uses(visit: Visit, tag: Tag) -> int:
    """In how many public posts of the past week."""
    return sum(day.uses for day in queries.list_history(visit.tx, [tag.id])[tag.id])


def _is_followed(visit: Visit, tag: Tag | None) -> bool:
    if tag is None:
        return False
    mark = queries.list_marks(visit.tx, visit.viewer_id, [tag.id]).get(tag.id)
    return mark is not None and mark.following


@router.post("/tags/{name}/follow", rate="follows")
def follow(visit: Visit) -> Answer:
    """Follows a tag, or stops when it is followed already."""
    name, me = _name(visit), visit.me.account.id
    followed = _is_followed(visit, queries.find_tag(visit.tx, name))
    (actions.unfollow_tag if followed else actions.follow_tag)(visit.tx, me, name)
    notice = "tag-unfollowed" if followed else "tag-followed"
    return redirect(visit, tag_path(name), notice=notice)
