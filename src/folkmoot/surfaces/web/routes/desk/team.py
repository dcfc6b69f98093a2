"""/desk/team: an owner gives roles and takes them back; the person is told, and it is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.auth import queries
from folkmoot.domain.auth.actions import set_role
from folkmoot.domain.auth.model import Permission, Role, UserNotFound
from folkmoot.domain.sessions.queries import check_fresh
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.desk_team import Changed, TeamMember, TeamPage
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.showing import pager, show, stretch
from folkmoot.surfaces.web.visits import Answer, Router, Visit, form_of, redirect

if TYPE_CHECKING:
    from folkmoot.domain.auth.model import User
    from folkmoot.kit.errors import Refusal

router = Router()

HERE = "/desk/team"
ROLES = {
    Role.REVIEWER: "Reviewer",
    Role.ADMINISTRATOR: "Administrator",
    Role.OWNER: "Owner",
    Role.MEMBER: "Member, without a role",
}
_FIELDS = ("username", "role", "why")


class NobodyCalledSo(Invalid):
    """Nobody here has that user name"""


class NoSuchRole(Invalid):
    """Please choose a role"""


def _page(visit: Visit, form: Form, back: dict[str, Form]) -> Answer:
    team = sorted(queries.list_team(visit.tx), key=lambda one: one.created_at)
    changes = queries.list_role_changes(visit.tx, stretch(visit))
    named = {one.account_id for one in team} | {one.account_id for one in changes}
    named |= {one.by_id for one in changes if one.by_id is not None}
    names = {one.id: one.username for one in list_accounts(visit.tx, sorted(named)).values()}
    page = TeamPage(
        frame=frame(visit),
        roles=tuple((role.value, words) for role, words in ROLES.items()),
        team=tuple(_member(one, names[one.account_id], back) for one in team),
        changes=tuple(
            Changed(
                username=names[one.account_id],
                before=ROLES[Role(one.before)],
                after=ROLES[Role(one.after)],
                by=names.get(one.by_id, "") if one.by_id is not None else "",
                why=one.why,
                at=one.created_at,
            )
            for one in changes
        ),
        form=form,
        pager=pager(visit, [one.id for one in changes], path=HERE),
    )
    return show(visit, page)


def _member(user: User, username: str, back: dict[str, Form]) -> TeamMember:
    number = str(user.account_id)
    return TeamMember(
        id=number,
        username=username,
        role=ROLES[Role(user.role)],
        rests=user.second_factor_at is None,
        last_seen_at=user.last_active_at,
        form=back.get(number, Form(values={"role": user.role})),
        back=number in back,
    )


@router.get(HERE, permission=Permission.MANAGE_ROLES)
def team(visit: Visit) -> Answer:
    """Who is on the team."""
    return _page(visit, Form(values={"role": Role.REVIEWER.value}), {})


def _again(visit: Visit, refusal: Refusal) -> Answer:
    return _page(visit, form_of(visit, refusal, *_FIELDS), {})


@router.post(HERE, permission=Permission.MANAGE_ROLES, again=_again)
def take_in(visit: Visit) -> Answer:
    """Gives a member a role, found by user name."""
    user = queries.find_user_by_login(visit.tx, visit.field("username"))
    if user is None:
        raise NobodyCalledSo(field="username")
    return _change(visit, user)


def _change_again(visit: Visit, refusal: Refusal) -> Answer:
    form = form_of(visit, refusal, "role", "why")
    return _page(
        visit, Form(values={"role": Role.REVIEWER.value}), {visit.incoming.params["id"]: form}
    )


@router.post(f"{HERE}/{{id}}", permission=Permission.MANAGE_ROLES, again=_change_again)
def change(visit: Visit) -> Answer:
    """Gives somebody of the team another role, or none."""
    user = queries.get_user(visit.tx, visit.part())
    if user.role == Role.MEMBER:
        raise UserNotFound
    return _change(visit, user)


def _change(visit: Visit, user: User) -> Answer:
    check_fresh(visit.tx, visit.me.session_id)
    wanted = visit.field("role")
    if wanted not in {role.value for role in Role}:
        raise NoSuchRole(field="role")
    by = queries.get_user(visit.tx, visit.me.account.id)
    set_role(visit.tx, by, user, Role(wanted), why=visit.field("why"))
    return redirect(visit, HERE, notice="role-given")
