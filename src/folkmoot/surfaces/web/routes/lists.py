"""/lists: people whose posts the member reads apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.model import AccountNotFound
from folkmoot.domain.accounts.queries import find_account_by_address, list_accounts
from folkmoot.domain.feeds.queries import list_feed
from folkmoot.domain.lists import actions, queries
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.gathering import present_posts
from folkmoot.surfaces.web.pages.curating import ListLink, ListPage, ListSettingsPage, ListsPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.lists.model import MemberList
    from folkmoot.kit.errors import Refusal

router = Router()

_PEOPLE = 40
_FIELDS = ("title", "replies", "exclusive")


class NobodyThere(AccountNotFound):
    """There is nobody of that name whom you follow. Look at how their page writes it."""


def present_list(found: MemberList, *, chosen: bool = False) -> ListLink:
    """A list as pages name it."""
    return ListLink(id=str(found.id), title=found.title, exclusive=found.exclusive, chosen=chosen)


def _found(visit: Visit) -> MemberList:
    return queries.get_list(visit.tx, visit.part(), owner_id=visit.me.account.id)


def _index(visit: Visit, form: Form) -> Answer:
    lists = queries.list_lists(visit.tx, visit.me.account.id)
    page = ListsPage(frame=frame(visit), lists=tuple(map(present_list, lists)), form=form)
    return show(visit, page)


@router.get("/lists", members=True)
def index(visit: Visit) -> Answer:
    """The member's lists."""
    return _index(visit, Form())


def _index_again(visit: Visit, refusal: Refusal) -> Answer:
    return _index(visit, form_of(visit, refusal, "title"))


@router.post("/lists", again=_index_again)
def create(visit: Visit) -> Answer:
    """Makes a list, and goes on to who is on it."""
    made = actions.create_list(visit.tx, visit.me.account.id, title=visit.field("title"))
    return redirect(visit, f"/lists/{made.id}/edit", notice="list-made")


@router.get("/lists/{id}", members=True)
def read(visit: Visit) -> Answer:
    """What the people on a list say."""
    found, me = _found(visit), visit.viewer_id
    ids = list_feed(visit.tx, found.id, stretch(visit), viewer_id=me)
    page = ListPage(
        frame=frame(visit),
        list=present_list(found),
        posts=present_posts(visit.app, visit.tx, me, ids, place="home"),
        pager=pager(visit, ids),
    )
    return show(visit, page)


def _settings(visit: Visit, *, form: Form | None = None, member: Form | None = None) -> Answer:
    found = _found(visit)
    part = stretch(visit, limit=_PEOPLE)
    rows = queries.list_members_of(visit.tx, found.id, part)
    accounts = list_accounts(visit.tx, [row.account_id for row in rows])
    kept = {
        "title": found.title,
        "replies": found.replies_policy,
        "exclusive": "1" if found.exclusive else "",
    }
    page = ListSettingsPage(
        frame=frame(visit),
        list=present_list(found),
        form=form or Form(values=kept),
        members=tuple(
            present_person(visit.app, accounts[row.account_id])
            for row in rows
            if row.account_id in accounts
        ),
        member_form=member or Form(),
        pager=pager(visit, [row.id for row in rows], limit=_PEOPLE, path=f"/lists/{found.id}/edit"),
    )
    return show(visit, page)


@router.get("/lists/{id}/edit", members=True)
def edit(visit: Visit) -> Answer:
    """Who is on a list, and what it shows."""
    return _settings(visit)


def _settings_again(visit: Visit, refusal: Refusal) -> Answer:
    return _settings(visit, form=form_of(visit, refusal, *_FIELDS))


@router.post("/lists/{id}/edit", again=_settings_again)
def change(visit: Visit) -> Answer:
    """Changes what a list is called and shows."""
    found = actions.change_list(
        visit.tx,
        _found(visit),
        title=visit.field("title"),
        replies_policy=visit.field("replies"),
        exclusive=visit.ticked("exclusive"),
    )
    return redirect(visit, f"/lists/{found.id}", notice="saved")


def _members_again(visit: Visit, refusal: Refusal) -> Answer:
    return _settings(visit, member=form_of(visit, refusal, "member"))


@router.post("/lists/{id}/members", rate="follows", again=_members_again)
def add_member(visit: Visit) -> Answer:
    """Puts somebody on a list, by their handle."""
    found = _found(visit)
    account = find_account_by_address(visit.tx, visit.field("member"))
    if account is None:
        raise NobodyThere(field="member")
    actions.add_members(visit.tx, found, [account.id])
    return redirect(visit, f"/lists/{found.id}/edit", notice="saved")


@router.post("/lists/{id}/members/remove")
def remove_member(visit: Visit) -> Answer:
    """Takes somebody off a list."""
    found = _found(visit)
    account = find_account_by_address(visit.tx, visit.field("member"))
    if account is not None:
        actions.remove_members(visit.tx, found, [account.id])
    return redirect(visit, f"/lists/{found.id}/edit", notice="saved")


@router.post("/lists/{id}/delete")
def delete(visit: Visit) -> Answer:
    """Deletes a list; nobody on it is unfollowed."""
    actions.delete_list(visit.tx, _found(visit))
    return redirect(visit, "/lists", notice="list-deleted")
