"""/posts/<id>/…: what can be done with what oneself and others said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from folkmoot.domain.interactions import actions as interactions
from folkmoot.domain.posts import actions
from folkmoot.domain.posts.model import PostId, PostNotFound, Visibility
from folkmoot.domain.posts.queries import get_original
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.posts import DeletePage
from folkmoot.surfaces.web.presenting import SEEN_BY
from folkmoot.surfaces.web.showing import back, show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.domain.posts.model import Post

router = Router()

_BY_NAME = {name: Visibility(number) for number, name in SEEN_BY.items()}


def post_id(visit: Visit) -> PostId:
    """The id in the address; PostNotFound when it cannot be one."""
    if not (number := visit.part()):
        raise PostNotFound
    return PostId(number)


class Done(msgspec.Struct, frozen=True):
    """What a script is told: whether it is on now, where the opposite is, how many did it."""

    on: bool
    undo: str
    count: int | None


def _boost(visit: Visit, number: PostId) -> Post:
    original = get_original(visit.tx, number, viewer_id=visit.viewer_id)
    actions.boost_post(
        visit.tx,
        visit.me.account,
        original.id,
        visibility=Visibility(original.visibility),
    )
    return original


def _unboost(visit: Visit, number: PostId) -> Post:
    return actions.unboost_post(visit.tx, visit.me.account, number)


def _by(function: Callable[..., Post]) -> Callable[[Visit, PostId], Post]:
    return lambda visit, number: function(visit.tx, visit.me.account.id, number)


_NOTICES = {
    "pin": "pinned",
    "unpin": "unpinned",
    "mute-thread": "thread-muted",
    "unmute-thread": "thread-unmuted",
}
_ACTS: dict[str, Callable[[Visit, PostId], Post]] = {
    "boost": _boost,
    "unboost": _unboost,
    "favourite": _by(interactions.favourite_post),
    "unfavourite": _by(interactions.unfavourite_post),
    "bookmark": _by(interactions.bookmark_post),
    "unbookmark": _by(interactions.unbookmark_post),
    "pin": _by(interactions.pin_post),
    "unpin": _by(interactions.unpin_post),
    "mute-thread": _by(interactions.mute_thread),
    "unmute-thread": _by(interactions.unmute_thread),
}


def _act(name: str) -> Callable[[Visit], Answer]:
    on = not name.startswith("un")
    opposite = f"un{name}" if on else name[2:]

    def act(visit: Visit) -> Answer:
        number = post_id(visit)
        _ACTS[name](visit, number)
        (shown,) = present_posts(visit.app, visit.tx, visit.viewer_id, [number])
        if b"application/json" not in visit.incoming.headers.get(b"accept", b""):
            return redirect(visit, back(visit, shown.url), notice=_NOTICES.get(name, ""))
        counts = {"boost": shown.boosts, "favourite": shown.favourites}
        count = counts.get(name if on else name[2:])
        done = Done(on, f"/posts/{number}/{opposite}", count)
        return Answer(msgspec.json.encode(done), headers=[("content-type", "application/json")])

    return act


for _name in _ACTS:
    router.post(f"/posts/{{id}}/{_name}")(_act(_name))


@router.post("/posts/{id}/vote")
def vote(visit: Visit) -> Answer:
    """Casts the reader's vote in a post's poll."""
    post = get_original(visit.tx, post_id(visit), viewer_id=visit.viewer_id)
    if post.poll_id is None:
        raise PostNotFound
    chosen = visit.incoming.sent.fields.get("choice", [])
    choices = [int(text) for text in chosen if text.isdecimal() and len(text) < 4]
    interactions.vote(visit.tx, visit.me.account.id, post.poll_id, choices)
    (shown,) = present_posts(visit.app, visit.tx, visit.viewer_id, [post.id])
    return redirect(visit, back(visit, shown.url), notice="voted")


@router.get("/posts/{id}/delete", members=True)
def ask_deletion(visit: Visit) -> Answer:
    """Asks once more before a post is deleted."""
    (shown,) = _own(visit)
    return show(visit, DeletePage(frame=frame(visit), post=shown))


@router.post("/posts/{id}/delete", rate="deletions")
def delete(visit: Visit) -> Answer:
    """Deletes one's own post."""
    actions.delete_post(visit.tx, visit.me.account, post_id(visit))
    return redirect(visit, f"/@{visit.me.account.acct}", notice="deleted")


def _own(visit: Visit) -> Any:
    found = present_posts(visit.app, visit.tx, visit.viewer_id, [post_id(visit)])
    if not found or found[0].standing is None or not found[0].standing.own:
        raise PostNotFound
    return found
