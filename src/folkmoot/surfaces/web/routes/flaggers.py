"""/flaggers: whose reports come first, and why; /desk/flaggers, where that is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_address, list_accounts
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.reports import actions
from folkmoot.domain.reports.model import NoSuchMember, Standing
from folkmoot.domain.reports.queries import list_flaggers, list_standings
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.flaggers import DeskFlaggersPage, Flagger, FlaggersPage
from folkmoot.surfaces.web.pages.frame import Card, Form
from folkmoot.surfaces.web.presenting import present_person
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/flaggers"


def _list(visit: Visit, refused: dict[str, Form] | None = None) -> tuple[Flagger, ...]:
    found = list_flaggers(visit.tx)
    ids = [one.account_id for one in found]
    accounts, standings = list_accounts(visit.tx, ids), list_standings(visit.tx, ids)
    made = []
    for one in found:
        standing = standings.get(one.account_id, Standing(one.account_id))
        form = (refused or {}).get(str(one.account_id))
        made.append(
            Flagger(
                id=str(one.account_id),
                person=present_person(visit.app, accounts[one.account_id]),
                area=one.area,
                organisation=one.organisation,
                awarded_at=one.awarded_at,
                awarded_by=one.awarded_by,
                awarded_why=one.awarded_why,
                decided=standing.decided,
                upheld=standing.upheld,
                revoked_at=one.revoked_at,
                revoked_by=one.revoked_by,
                revoked_why=one.revoked_why,
                form=form or Form(),
                back=form is not None,
            )
        )
    return tuple(made)


@router.get("/flaggers")
def flaggers(visit: Visit) -> Answer:
    """Who is or was a trusted flagger, and how accurate their reports are."""
    page = FlaggersPage(
        frame=frame(visit, forms=False),
        flaggers=_list(visit),
        card=Card(
            title="Trusted flaggers",
            description="Whose reports come first here, and why.",
            url=f"{visit.app.base_url}/flaggers",
        ),
    )
    return show(visit, page, public=True)


def _desk(visit: Visit, form: Form, refused: dict[str, Form] | None = None) -> Answer:
    page = DeskFlaggersPage(frame=frame(visit), flaggers=_list(visit, refused), form=form)
    return show(visit, page)


@router.get(HERE, permission=Permission.MANAGE_ACCOUNTS)
def desk(visit: Visit) -> Answer:
    """Where flaggers are awarded and revoked."""
    return _desk(visit, Form())


def _award_again(visit: Visit, refusal: Refusal) -> Answer:
    return _desk(visit, form_of(visit, refusal, "member", "area", "organisation", "why"))


@router.post(HERE, permission=Permission.MANAGE_ACCOUNTS, again=_award_again)
def award(visit: Visit) -> Answer:
    """Makes a member a trusted flagger."""
    account = find_account_by_address(visit.tx, visit.field("member"))
    if account is None or not account.is_local:
        raise NoSuchMember(field="member")
    actions.award_flagger(
        visit.tx,
        account.id,
        area=visit.field("area"),
        why=visit.field("why"),
        organisation=visit.field("organisation"),
        by=visit.me.account.id,
    )
    return redirect(visit, HERE, notice="flagger-awarded")


def _revoke_again(visit: Visit, refusal: Refusal) -> Answer:
    return _desk(visit, Form(), {visit.incoming.params["id"]: form_of(visit, refusal, "why")})


@router.post(f"{HERE}/{{id}}/revoke", permission=Permission.MANAGE_ACCOUNTS, again=_revoke_again)
def revoke(visit: Visit) -> Answer:
    """Takes it back."""
    me, why = visit.me.account.id, visit.field("why")
    actions.revoke_flagger(visit.tx, AccountId(visit.part()), why=why, by=me)
    return redirect(visit, HERE, notice="flagger-revoked")
