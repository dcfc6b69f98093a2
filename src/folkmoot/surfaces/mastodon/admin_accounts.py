"""/api/v1/admin/accounts, /api/v2/admin/accounts: members as the team sees and restricts them.

Whatever restricts somebody is a decision by a rule, with its reasons; what two must agree to waits
for the second.
"""

from typing import Annotated, Literal

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import enable_user
from folkmoot.domain.auth.model import Permission, Role
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.actions import lift
from folkmoot.domain.decisions.model import Draft, Step, SubjectKind, usual_length
from folkmoot.domain.leaving.actions import delete_suspended
from folkmoot.domain.registration.actions import approve_sign_up, reject_sign_up
from folkmoot.domain.registration.model import Members, Wanted
from folkmoot.domain.registration.queries import list_member_ids
from folkmoot.domain.reports.model import Report, decode_rule_ids
from folkmoot.domain.reports.queries import get_report
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import harm_of
from folkmoot.domain.review.queries import find_open_case, find_rule
from folkmoot.kit.clock import SECOND
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.mastodon.entities.admin_account import (
    AdminAccount,
    present_admin_account,
    present_admin_accounts,
    present_private,
)
from folkmoot.surfaces.mastodon.entities.role import ROLE_IDS
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    link_header,
    one_of,
)

router = Router("admin accounts")

HERE = "/api/v1/admin/accounts"
READ = "admin:read:accounts"
WRITE = "admin:write:accounts"

# What moderation apps call the steps of the ladder that can be taken on an account, and the two
# that they have no word for.
STEPS = {
    "none": Step.NO_ACTION,
    "sensitive": Step.SCREEN,
    "silence": Step.UNLIST,
    "suspend": Step.SUSPEND,
    "limit": Step.LIMIT,
    "pause": Step.PAUSE,
}
_LOOKED_AT_AGAIN = "A reviewer looked at this again and lifted it."
_TEAM = (Role.REVIEWER, Role.ADMINISTRATOR, Role.OWNER)
_ROLES = {role_id: role for role, role_id in ROLE_IDS.items()}


class NotLookedUp(Invalid):
    """Members are not looked up by their IP address here"""


class NoSuchAction(Invalid):
    """Type is not one of none, sensitive, silence, limit, pause, suspend"""


class NotDisabled(Invalid):
    """Nobody is locked out here without a decision: pause or suspend instead, with the reasons"""


class NoPresets(Invalid):
    """There are no preset warnings here: say in `text` what happened"""


class Common(PageParams):
    """What both lists can be narrowed by."""

    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    ip: str = ""


class AdminAccountsV1Params(Common):
    """Which members; what is false does not matter."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False


Status = Literal["active", "pending", "disabled", "silenced", "suspended"]
_MEMBERS = {
    "active": Members.ACTIVE,
    "pending": Members.PENDING,
    "disabled": Members.DISABLED,
    "silenced": Members.LIMITED,
    "suspended": Members.SUSPENDED,
    "sensitized": Members.SCREENED,
}


class AdminAccountsParams(Common, kw_only=True):
    """Which members; `role_ids` are the ids of roles as a profile shows them."""

    origin: Literal["local", "remote"] | None = None
    status: Status | None = None
    permissions: Literal["staff"] | None = None
    role_ids: list[str] = msgspec.field(default_factory=list)
    invited_by: Id | None = None


class AdminActionParams(msgspec.Struct):
    """What is done, and why. `text` says what happened, for the member to read; the rule is one
    that it names by its code, that `rule_ids` names, or that the report is about. `expires_in` is
    in seconds; without it a step lasts as long as it usually does here.
    """

    type: Annotated[str, NEEDED, one_of(STEPS)] = ""
    report_id: Id | None = None
    text: str = ""
    rule_ids: list[Id] = []
    expires_in: int | None = None
    warning_preset_id: Id | None = None
    send_email_notification: bool = True


class ReasonParams(msgspec.Struct):
    """Why, for the member to read."""

    text: str = ""


class AdminAction(msgspec.Struct):
    """What became of an action: the decision, or, where two must agree, the case in which it waits
    for a second reviewer (answered with 202)."""

    case_id: str
    decision_id: str | None
    waits_for_second: bool


def _list(call: Call, params: Common, wanted: Wanted, *, remote: bool) -> Answer:
    if params.ip:
        raise NotLookedUp(field="ip")
    own = params.by_domain.lower() in ("", call.app.settings.domain)
    page = params.page(100, 200)
    # Nobody from elsewhere has an account here.
    ids = list_member_ids(call.tx, wanted, page) if own and not remote else []
    headers = link_header(
        call,
        first=ids[0] if ids else None,
        last=ids[-1] if ids else None,
        full=len(ids) >= page.limit,
    )
    found = present_admin_accounts(call.app, call.tx, ids)
    return Answer(list(found.values()), headers=headers)


def _wanted(params: Common, members: Members, roles: tuple[Role, ...], by: int = 0) -> Wanted:
    return Wanted(
        members=members,
        username=params.username,
        display_name=params.display_name,
        email=params.email,
        invited_by=by,
        roles=roles,
    )


@router.get(HERE, scope=READ, permission=Permission.MANAGE_ACCOUNTS, returns=list[AdminAccount])
def list_v1(call: Call, params: AdminAccountsV1Params) -> Answer:
    """Members, newest first."""
    asked = [members for name, members in _MEMBERS.items() if getattr(params, name)]
    members = asked[0] if asked else Members.ANY
    roles = _TEAM if params.staff else ()
    return _list(call, params, _wanted(params, members, roles), remote=params.remote)


@router.get(
    "/api/v2/admin/accounts",
    scope=READ,
    permission=Permission.MANAGE_ACCOUNTS,
    returns=list[AdminAccount],
)
def list_v2(call: Call, params: AdminAccountsParams) -> Answer:
    """Members, newest first."""
    members = _MEMBERS[params.status] if params.status else Members.ANY
    roles = tuple(_ROLES[one] for one in params.role_ids if one in _ROLES)
    if params.role_ids and not roles:
        return Answer([])
    if params.permissions:
        roles = tuple(role for role in _TEAM if not roles or role in roles)
    wanted = _wanted(params, members, roles, params.invited_by or 0)
    return _list(call, params, wanted, remote=params.origin == "remote")


@router.get(
    f"{HERE}/{{id}}",
    scope=READ,
    permission=Permission.MANAGE_ACCOUNTS,
    returns=AdminAccount,
    writes=True,
)
def get_one(call: Call) -> AdminAccount:
    """A member with their e-mail address and the addresses they signed in from. Each look is
    recorded."""
    made = present_private(call.app, call.tx, call.id())
    if call.id() != call.me.account_id and (made.email or made.ips):
        case = find_open_case(call.tx, SubjectKind.ACCOUNT, call.id())
        review.note_look_at(
            call.tx,
            AccountId(call.id()),
            call.me.account_id,
            "e-mail address and sign-ins",
            case_id=case.id if case else None,
        )
    return made


@router.post(
    f"{HERE}/{{id}}/approve",
    scope=WRITE,
    permission=Permission.DECIDE_SIGN_UPS,
    returns=AdminAccount,
)
def approve(call: Call) -> AdminAccount:
    """Lets somebody in who waits."""
    approve_sign_up(call.tx, get_user(call.tx, call.me.account_id), call.id())
    return present_admin_account(call.app, call.tx, call.id())


@router.post(
    f"{HERE}/{{id}}/reject",
    scope=WRITE,
    permission=Permission.DECIDE_SIGN_UPS,
    returns=AdminAccount,
)
def reject(call: Call, params: ReasonParams) -> AdminAccount:
    """Turns somebody away who waits; they are told why, so `text` is needed."""
    gone = present_admin_account(call.app, call.tx, call.id())
    by = get_user(call.tx, call.me.account_id)
    reject_sign_up(call.tx, by, call.id(), params.text)
    return gone


@router.delete(
    f"{HERE}/{{id}}",
    scope=WRITE,
    permission=Permission.MANAGE_ACCOUNTS,
    returns=AdminAccount,
)
def delete(call: Call) -> AdminAccount:
    """Deletes the data of an account that is suspended, once its suspension can no longer be
    contested."""
    account = get_account(call.tx, call.id())
    gone = present_admin_account(call.app, call.tx, account.id)
    delete_suspended(call.tx, call.me.account_id, account.id)
    return gone


@router.post(
    f"{HERE}/{{id}}/action",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminAction,
    also=(202,),
    refuses=(409,),
)
def act(call: Call, params: AdminActionParams) -> Answer:
    """Decides about an account. The member is told what, why, by which rule, until when and how to
    contest it, by notification and letter, always. The report given, and all others in its case,
    are resolved with it."""
    if params.type == "disable":
        raise NotDisabled(field="type")
    if params.type not in STEPS:
        raise NoSuchAction(field="type")
    if params.warning_preset_id is not None:
        raise NoPresets(field="warning_preset_id")
    report = get_report(call.tx, params.report_id) if params.report_id is not None else None
    draft = draft_of(
        call, STEPS[params.type], params.text, params.rule_ids, report, params.expires_in
    )
    case, decision = review.act_on_account(
        call.tx, call.me.account_id, AccountId(call.id()), draft, report
    )
    made = AdminAction(str(case.id), str(decision.id) if decision else None, decision is None)
    return Answer(made, 200 if decision else 202)


def draft_of(
    call: Call,
    step: Step,
    text: str,
    rule_ids: list[int],
    report: Report | None,
    expires_in: int | None = None,
) -> Draft:
    """The draft of a decision from what an app sends; RuleNeeded."""
    named = [*rule_ids, *(decode_rule_ids(report) if report else ())]
    harm = harm_of(report) if report else ""
    rule = find_rule(call.tx, step, text=text, rule_ids=named, harm=harm)
    lasts = usual_length(step, 0) if expires_in is None else expires_in * SECOND
    return Draft(
        step=step,
        rule_code=rule.code,
        facts=text,
        ends_at=None if lasts is None or step is Step.NO_ACTION else call.tx.now + lasts,
    )


@router.post(
    f"{HERE}/{{id}}/enable",
    scope=WRITE,
    permission=Permission.MANAGE_ACCOUNTS,
    returns=AdminAccount,
)
def enable(call: Call) -> AdminAccount:
    """Lets somebody sign in again whom the operator kept from it."""
    user = get_user(call.tx, call.id())
    if user.disabled_at is not None:
        enable_user(call.tx, user)
    return present_admin_account(call.app, call.tx, user.account_id)


def _lift(call: Call, step: Step, params: ReasonParams) -> AdminAccount:
    account = get_account(call.tx, call.id())
    reason = params.text.strip() or _LOOKED_AT_AGAIN
    lift(call.tx, call.me.account_id, account.id, step, reason=reason)
    return present_admin_account(call.app, call.tx, account.id)


@router.post(
    f"{HERE}/{{id}}/unsilence",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminAccount,
)
def unsilence(call: Call, params: ReasonParams) -> AdminAccount:
    """Puts an account back on public pages."""
    return _lift(call, Step.UNLIST, params)


@router.post(
    f"{HERE}/{{id}}/unsuspend",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminAccount,
)
def unsuspend(call: Call, params: ReasonParams) -> AdminAccount:
    """Lets a suspended member back in."""
    return _lift(call, Step.SUSPEND, params)


@router.post(
    f"{HERE}/{{id}}/unsensitive",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminAccount,
)
def unsensitive(call: Call, params: ReasonParams) -> AdminAccount:
    """Takes the screen off an account's new media."""
    return _lift(call, Step.SCREEN, params)
