"""/settings/blocks: whom the member blocks and mutes; /follow-requests: who asks to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.boundaries import actions, queries
from folkmoot.domain.relationships.queries import list_requests
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.boundaries import Apart, BlocksPage, RequestsPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.routes.people import present_entries
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from folkmoot.domain.boundaries.model import MuteRow, Row
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/settings/blocks"
_PEOPLE = 40


@router.get(HERE, members=True)
def blocked(visit: Visit) -> Answer:
    """Whom the member blocks."""
    return _apart(visit, "blocked", queries.list_blocks)


@router.get(f"{HERE}/muted", members=True)
def muted(visit: Visit) -> Answer:
    """Whom the member mutes, and until when."""
    return _apart(visit, "muted", queries.list_mutes)


def _apart(
    visit: Visit, which: Literal["blocked", "muted"], read: Callable[..., list[Any]]
) -> Answer:
    found = read(visit.tx, visit.viewer_id, stretch(visit, limit=_PEOPLE))
    page = BlocksPage(
        frame=frame(visit),
        which=which,
        people=_people(visit, found),
        pager=pager(visit, [row.id for row in found], limit=_PEOPLE),
    )
    return show(visit, page)


def _people(visit: Visit, rows: list[Row] | list[MuteRow]) -> tuple[Apart, ...]:
    accounts = list_accounts(visit.tx, [row.account_id for row in rows])
    return tuple(
        Apart(
            person=present_person(visit.app, accounts[row.account_id]),
            until=getattr(row, "expires_at", None),
        )
        for row in rows
        if row.account_id in accounts
    )


@router.get(f"{HERE}/servers", members=True)
def servers(visit: Visit) -> Answer:
    """Which servers the member wants nothing of."""
    return _servers(visit, Form())


def _servers(visit: Visit, form: Form) -> Answer:
    part = stretch(visit, limit=_PEOPLE)
    found = queries.list_domain_blocks(visit.tx, visit.viewer_id, part)
    page = BlocksPage(
        frame=frame(visit),
        which="servers",
        servers=tuple(row.domain for row in found),
        form=form,
        pager=pager(visit, [row.id for row in found], limit=_PEOPLE, path=f"{HERE}/servers"),
    )
    return show(visit, page)


def _servers_again(visit: Visit, refusal: Refusal) -> Answer:
    return _servers(visit, form_of(visit, refusal, "domain"))


@router.post(f"{HERE}/servers", rate="follows", again=_servers_again)
def block_server(visit: Visit) -> Answer:
    """Wants nothing of a server from now on."""
    actions.block_domain(visit.tx, visit.me.account.id, visit.field("domain"))
    return redirect(visit, f"{HERE}/servers", notice="server-blocked")


@router.post(f"{HERE}/servers/remove")
def unblock_server(visit: Visit) -> Answer:
    """Takes that back."""
    actions.unblock_domain(visit.tx, visit.me.account.id, visit.field("domain"))
    return redirect(visit, f"{HERE}/servers", notice="server-unblocked")


@router.get("/follow-requests", members=True)
def requests(visit: Visit) -> Answer:
    """Who asks to follow the member."""
    part = stretch(visit, limit=_PEOPLE)
    found = list_requests(visit.tx, visit.viewer_id, part)
    page = RequestsPage(
        frame=frame(visit),
        entries=present_entries(visit, [row.account_id for row in found]),
        locked=visit.me.account.locked,
        pager=pager(visit, [row.id for row in found], limit=_PEOPLE),
    )
    return show(visit, page)
