"""/settings/account: moving here from elsewhere, moving away, signing out everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts import actions
from folkmoot.domain.accounts.model import AliasUnknown, decode_list
from folkmoot.domain.accounts.queries import find_account, find_account_by_address, get_account
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.settings import AccountPage
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.rendering import bare
from folkmoot.surfaces.web.routes.security import me_by_password
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.db import Tx
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/settings/account"


def _page(visit: Visit, *, alias: Form | None = None, move: Form | None = None) -> Answer:
    account = visit.me.account
    moved = find_account(visit.tx, account.moved_to_id) if account.moved_to_id else None
    page = AccountPage(
        frame=frame(visit),
        aliases=tuple((uri, _shown(visit, uri)) for uri in decode_list(account.aliases)),
        alias_form=alias or Form(),
        moved_to=present_person(visit.app, moved) if moved else None,
        move_form=move or Form(),
    )
    return show(visit, page)


def _shown(visit: Visit, uri: str) -> str:
    """An account's URI as a person would write it."""
    name = uri.removeprefix(f"{visit.app.base_url}/users/")
    return f"@{name}@{visit.app.settings.domain}" if name != uri else bare(uri)


@router.get(HERE, members=True)
def account(visit: Visit) -> Answer:
    """Where the member comes from and goes to."""
    return _page(visit)


def _alias_again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, alias=form_of(visit, refusal, "alias"))


@router.post(f"{HERE}/aliases", rate="follows", again=_alias_again)
def add_alias(visit: Visit) -> Answer:
    """Names an account from which the member may move here."""
    actions.add_alias(visit.tx, visit.me.account, visit.field("alias"))
    return redirect(visit, HERE, notice="saved")


@router.post(f"{HERE}/aliases/remove")
def remove_alias(visit: Visit) -> Answer:
    """Takes such a name back."""
    actions.remove_alias(visit.tx, visit.me.account, visit.field("alias"))
    return redirect(visit, HERE, notice="saved")


def _move_again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, move=form_of(visit, refusal, "target", "current"))


@router.post(f"{HERE}/move", rate="sign_ins", again=_move_again)
async def move(visit: Visit) -> Answer:
    """Leads the member's followers to another account that named this one as its alias."""
    user = await me_by_password(visit, "current")
    await visit.app.db.write(_move, user.account_id, visit.field("target"))
    return redirect(visit, HERE, notice="moved")


def _move(tx: Tx, account_id: int, address: str) -> None:
    target = find_account_by_address(tx, address)
    if target is None or target.id == account_id:
        raise AliasUnknown(field="target")
    actions.move_account(tx, get_account(tx, account_id), target)


@router.post(f"{HERE}/stay")
def stay(visit: Visit) -> Answer:
    """Takes back that the member has moved."""
    actions.end_move(visit.tx, visit.me.account)
    return redirect(visit, HERE, notice="saved")
