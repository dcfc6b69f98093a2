"""/@name/…, sent: following and stopping, letting in, muting, blocking, and the forms for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.boundaries import actions as boundaries
from folkmoot.domain.boundaries.model import NotWithYourself
from folkmoot.domain.lists import actions as lists
from folkmoot.domain.lists.queries import list_lists, list_lists_with
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.model import FollowOptions
from folkmoot.domain.relationships.queries import get_tie
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.boundaries import PartPage
from folkmoot.surfaces.web.pages.curating import OnListsPage
from folkmoot.surfaces.web.presenting import account_path, present_person
from folkmoot.surfaces.web.routes.lists import present_list
from folkmoot.surfaces.web.routes.people import find_account
from folkmoot.surfaces.web.showing import back, show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.domain.accounts.model import Account
    from folkmoot.surfaces.web.pages.frame import Person

router = Router()

# How long a mute lasts may be chosen; these are what the form offers, in seconds.
MUTE_TIMES = {"0", "3600", "86400", "604800", "2592000"}


@router.get("/{handle}/block", members=True)
def ask_block(visit: Visit) -> Answer:
    """Says what a block means, and asks for it."""
    page = PartPage(frame=frame(visit), person=_other(visit), which="block")
    return show(visit, page)


@router.get("/{handle}/mute", members=True)
def ask_mute(visit: Visit) -> Answer:
    """Says what a mute means, and asks for how long."""
    return show(visit, PartPage(frame=frame(visit), person=_other(visit), which="mute"))


@router.get("/{handle}/lists", members=True)
def ask_lists(visit: Visit) -> Answer:
    """On which of the member's lists somebody is."""
    target, me = find_account(visit), visit.me.account
    on = {one.id for one in list_lists_with(visit.tx, me.id, target.id)}
    page = OnListsPage(
        frame=frame(visit),
        person=present_person(visit.app, target),
        lists=tuple(present_list(one, chosen=one.id in on) for one in list_lists(visit.tx, me.id)),
    )
    return show(visit, page)


def _other(visit: Visit) -> Person:
    target = find_account(visit)
    if target.id == visit.viewer_id:
        raise NotWithYourself
    return present_person(visit.app, target)


def _follow(visit: Visit, me: Account, target: Account) -> Answer:
    actions.follow(visit.tx, me, target)
    followed = get_tie(visit.tx, me.id, target.id).follow_id
    return redirect(visit, account_path(target), notice="followed" if followed else "requested")


def _unfollow(visit: Visit, me: Account, target: Account) -> Answer:
    actions.unfollow(visit.tx, me.id, target.id)
    return redirect(visit, account_path(target), notice="unfollowed")


def _accept(visit: Visit, me: Account, target: Account) -> Answer:
    actions.accept_request(visit.tx, me, target)
    return redirect(visit, back(visit, "/alerts"), notice="let-in")


def _reject(visit: Visit, me: Account, target: Account) -> Answer:
    actions.reject_request(visit.tx, me.id, target.id)
    return redirect(visit, back(visit, "/alerts"), notice="turned-away")


def _block(visit: Visit, me: Account, target: Account) -> Answer:
    boundaries.block(visit.tx, me.id, target.id)
    return redirect(visit, account_path(target), notice="blocked")


def _unblock(visit: Visit, me: Account, target: Account) -> Answer:
    boundaries.unblock(visit.tx, me.id, target.id)
    return redirect(visit, back(visit, account_path(target)), notice="unblocked")


def _mute(visit: Visit, me: Account, target: Account) -> Answer:
    wanted = visit.field("duration")
    boundaries.mute(
        visit.tx,
        me.id,
        target.id,
        hide_notifications=visit.ticked("notifications"),
        duration_s=int(wanted) if wanted in MUTE_TIMES else 0,
    )
    return redirect(visit, account_path(target), notice="muted")


def _unmute(visit: Visit, me: Account, target: Account) -> Answer:
    boundaries.unmute(visit.tx, me.id, target.id)
    return redirect(visit, back(visit, account_path(target)), notice="unmuted")


def _choose(options: FollowOptions) -> Callable[[Visit, Account, Account], Answer]:
    """Chooses anew what to receive of somebody who is followed."""

    def choose(visit: Visit, me: Account, target: Account) -> Answer:
        tie = get_tie(visit.tx, me.id, target.id)
        if tie.follow_id is not None or tie.request_id is not None:
            actions.follow(visit.tx, me, target, options=options)
        return redirect(visit, account_path(target), notice="saved")

    return choose


def _put_on_lists(visit: Visit, me: Account, target: Account) -> Answer:
    """Puts somebody on the lists that are ticked, and takes them off the others."""
    ticked = set(visit.chosen("list"))
    on = {one.id for one in list_lists_with(visit.tx, me.id, target.id)}
    for one in list_lists(visit.tx, me.id):
        if (str(one.id) in ticked) == (one.id in on):
            continue
        change = lists.remove_members if one.id in on else lists.add_members
        change(visit.tx, one, [target.id])
    return redirect(visit, account_path(target), notice="saved")


_ACTS: dict[str, Callable[[Visit, Account, Account], Answer]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "accept": _accept,
    "reject": _reject,
    "block": _block,
    "unblock": _unblock,
    "mute": _mute,
    "unmute": _unmute,
    "show-boosts": _choose(FollowOptions(show_boosts=True)),
    "hide-boosts": _choose(FollowOptions(show_boosts=False)),
    "notify": _choose(FollowOptions(notify=True)),
    "unnotify": _choose(FollowOptions(notify=False)),
    "lists": _put_on_lists,
}


def _act(name: str) -> Callable[[Visit], Answer]:
    def act(visit: Visit) -> Answer:
        return _ACTS[name](visit, visit.me.account, find_account(visit))

    return act


for _name in _ACTS:
    router.post(f"/{{handle}}/{_name}", rate="follows")(_act(_name))
