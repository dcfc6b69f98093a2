"""/@name/<id>/…: who boosted or favourited a post, what quotes it, what it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.interactions.queries import list_likers
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls.model import decode_options
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.posts.model import PostNotFound
from folkmoot.domain.posts.queries import get_visible_post, list_boosters
from folkmoot.domain.reading.queries import list_quotes
from folkmoot.domain.revisions.model import decode_shown
from folkmoot.domain.revisions.queries import list_versions
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.around import (
    Edition,
    HistoryPage,
    PostPeoplePage,
    QuotesPage,
)
from folkmoot.surfaces.web.routes.people import find_account, present_entries
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from folkmoot.domain.posts.model import Post as DomainPost
    from folkmoot.surfaces.web.pages.posts import Post

router = Router()

_PEOPLE = 40


def _find(visit: Visit) -> tuple[DomainPost, Post]:
    """The post in the address, under its author's name."""
    author = find_account(visit)
    found_id = parse_id(visit.incoming.params["rest"])
    post = get_visible_post(visit.tx, found_id, viewer_id=visit.viewer_id)
    found = present_posts(visit.app, visit.tx, visit.viewer_id, [post.id])
    if post.author_id != author.id or not found:
        raise PostNotFound
    return post, found[0]


@router.get("/{handle}/{rest}/boosts")
def boosts(visit: Visit) -> Answer:
    """Who boosted a post."""
    post, shown = _find(visit)
    part = stretch(visit, limit=_PEOPLE)
    found = list_boosters(visit.tx, post.id, part, viewer_id=visit.viewer_id)
    page = PostPeoplePage(
        frame=frame(visit, forms=False),
        post=shown,
        which="boosts",
        entries=present_entries(visit, [one.account_id for one in found]),
        pager=pager(visit, [one.boost_id for one in found], limit=_PEOPLE),
    )
    return show(visit, page, public=True)


@router.get("/{handle}/{rest}/favourites")
def favourites(visit: Visit) -> Answer:
    """Who marked a post as a favourite."""
    post, shown = _find(visit)
    part = stretch(visit, limit=_PEOPLE)
    found = list_likers(visit.tx, post.id, part, viewer_id=visit.viewer_id)
    page = PostPeoplePage(
        frame=frame(visit, forms=False),
        post=shown,
        which="favourites",
        entries=present_entries(visit, [one.account_id for one in found]),
        pager=pager(visit, [one.id for one in found], limit=_PEOPLE),
    )
    return show(visit, page, public=True)


@router.get("/{handle}/{rest}/quotes")
def quotes(visit: Visit) -> Answer:
    """What quotes a post."""
    post, shown = _find(visit)
    ids = list_quotes(visit.tx, post.id, stretch(visit), viewer_id=visit.viewer_id)
    page = QuotesPage(
        frame=frame(visit, forms=False),
        post=shown,
        quotes=present_posts(visit.app, visit.tx, visit.viewer_id, ids, place="public"),
        pager=pager(visit, ids),
    )
    return show(visit, page, public=True)


@router.get("/{handle}/{rest}/history")
def history(visit: Visit) -> Answer:
    """What a post was before each of its edits."""
    post, shown = _find(visit)
    page = HistoryPage(
        frame=frame(visit, forms=False), post=shown, editions=list_editions(visit, post)
    )
    return show(visit, page, public=True)


def list_editions(visit: Visit, post: DomainPost) -> tuple[Edition, ...]:
    """Each form that a post had, the present one first."""
    earlier = [
        Edition(
            at=version.created_at,
            html=version.html,
            warning=version.spoiler_text,
            descriptions=tuple(media.description for media in decode_shown(version)),
            options=_options(version.poll),
        )
        for version in list_versions(visit.tx, post.id)
    ]
    return (_present(visit, post), *reversed(earlier))


def _options(poll: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(poll, type=list[str])) if poll else ()


def _present(visit: Visit, post: DomainPost) -> Edition:
    """What a post is now."""
    media = list_attachments(visit.tx, [post.id]).get(post.id, [])
    polls = list_polls(visit.tx, [post.poll_id]) if post.poll_id else {}
    return Edition(
        at=post.edited_at or post.created_at,
        html=post.html,
        warning=post.spoiler_text,
        descriptions=tuple(attachment.description for attachment in media),
        options=tuple(option for poll in polls.values() for option in decode_options(poll)),
    )
