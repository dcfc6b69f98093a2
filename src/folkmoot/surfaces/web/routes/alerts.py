"""/alerts: what others did that concerns the member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.notifications.model import Group, Kind
from folkmoot.domain.notifications.queries import get_notification, list_groups
from folkmoot.domain.timelines.actions import set_marker
from folkmoot.domain.timelines.queries import list_markers
from folkmoot.kit.ids import time_of
from folkmoot.surfaces.web.frames import ALERTS_MARKER, frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.alerts import Alert, AlertsPage
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from folkmoot.domain.accounts.model import Account, AccountId
    from folkmoot.kit.db import Tx
    from folkmoot.surfaces.web.pages.posts import Post

router = Router()

_SHOWN = 6

# The drawing, what is said, and whether the post stands below in full.
_WORDS: dict[Kind, tuple[str, str, bool]] = {
    Kind.MENTION: ("reply", "mentioned you", True),
    Kind.POST: ("home", "posted", True),
    Kind.BOOST: ("boost", "boosted your post", False),
    Kind.FOLLOW: ("person", "followed you", False),
    Kind.FOLLOW_REQUEST: ("person", "asks to follow you", False),
    Kind.FAVOURITE: ("favourite", "favourited your post", False),
    Kind.POLL: ("scales", "asked a question whose poll has ended", True),
    Kind.EDIT: ("pencil", "edited a post you boosted", False),
    Kind.QUOTE: ("quote", "quoted your post", True),
    Kind.QUOTED_EDIT: ("pencil", "edited a post you quoted", False),
    Kind.SIGN_UP: ("moot", "joined", False),
    Kind.REPORT: ("flag", "filed a report", False),
    Kind.SEVERANCE: ("warning", "ended ties between you and others", False),
    Kind.COLLECTED: ("person", "put you into a collection", False),
    Kind.COLLECTION_EDIT: ("pencil", "changed a collection that you are in", False),
    Kind.WARNING: ("scales", "Something about your account or a post of yours was decided", False),
}


@router.get("/alerts", members=True)
async def alerts(visit: Visit) -> Answer:
    """The member's alerts; those on the first page count as read from now on."""
    me = visit.me.account.id
    seen: list[int] = []
    answer = await visit.look(lambda looking: _alerts(looking, seen))
    if seen and visit.number("max_id") is None:
        await visit.app.db.write(_mark_read, me, max(seen))
    return answer


@router.get("/alerts/{id}", members=True)
def alert(visit: Visit) -> Answer:
    """Where an alert about a decision leads: to its statement. Looked up when it is followed, so
    that a page of alerts costs no more questions."""
    found = get_notification(visit.tx, visit.me.account.id, visit.part())
    if found.kind != Kind.WARNING or found.subject_id is None:
        return redirect(visit, "/alerts")
    return redirect(visit, f"/statements/{found.subject_id}")


def _mark_read(tx: Tx, me: AccountId, last_id: int) -> None:
    """Moves the marker on, never back."""
    markers = list_markers(tx, me, [ALERTS_MARKER])
    if all(marker.last_read_id < last_id for marker in markers):
        set_marker(tx, me, ALERTS_MARKER, last_id)


def _alerts(visit: Visit, seen: list[int]) -> Answer:
    """The page, grouped, newest first; puts the ids that it shows into `seen`."""
    me = visit.me.account.id
    groups = list_groups(visit.tx, me, stretch(visit))
    seen += [group.latest_id for group in groups]
    wanted = sorted({one for group in groups for one in group.sample_ids[:_SHOWN]})
    accounts = list_accounts(visit.tx, wanted)
    post_ids = [group.post_id for group in groups if group.post_id is not None]
    posts = {
        int(p.id): p
        for p in present_posts(visit.app, visit.tx, me, post_ids, place="notifications")
    }
    page = AlertsPage(
        frame=frame(visit),
        alerts=tuple(
            _alert(visit, group, accounts, posts)
            for group in groups
            # About a post that is gone, or filtered away, there is nothing to tell.
            if group.post_id is None or group.post_id in posts
        ),
        pager=pager(visit, [group.latest_id for group in groups]),
    )
    return show(visit, page)


def _alert(
    visit: Visit, group: Group, accounts: dict[AccountId, Account], posts: dict[int, Post]
) -> Alert:
    drawing, words, whole = _WORDS[group.kind]
    post = posts.get(group.post_id) if group.post_id else None
    if group.kind == Kind.MENTION and post is not None and post.visibility == "direct":
        drawing, words = "direct", "wrote to you"
    return Alert(
        icon=drawing,
        people=()
        if group.kind == Kind.WARNING  # which is from nobody but the team
        else tuple(
            present_person(visit.app, accounts[one])
            for one in group.sample_ids[:_SHOWN]
            if one in accounts
        ),
        count=group.count,
        words=words,
        at=time_of(group.latest_id),
        post=post,
        whole=whole,
        asks=group.kind == Kind.FOLLOW_REQUEST,
        url=f"/alerts/{group.latest_id}" if group.kind == Kind.WARNING else "",
    )
