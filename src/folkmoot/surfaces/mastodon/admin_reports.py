"""/api/v1/admin/reports: reports as the team works on them. A report is decided in its case."""

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.decisions.model import Step
from folkmoot.domain.reports.model import Report, ReportNotFound
from folkmoot.domain.reports.queries import (
    get_report,
    list_for_team,
    map_reported_posts,
)
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.queries import get_case
from folkmoot.surfaces.mastodon.admin_accounts import draft_of
from folkmoot.surfaces.mastodon.entities.admin_report import (
    AdminReport,
    present_admin_reports,
    present_held_report,
)
from folkmoot.surfaces.mastodon.operations import (
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    link_header,
)

router = Router("admin reports")

HERE = "/api/v1/admin/reports"
READ = "admin:read:reports"
WRITE = "admin:write:reports"
_FINE = "A reviewer looked at what was reported and found that it does not break the rule."


class ReportListParams(PageParams):
    """Which reports: those that wait for an outcome unless said otherwise."""

    resolved: bool = False
    unresolved: bool = False
    account_id: Id | None = None
    target_account_id: Id | None = None


class ResolveParams(msgspec.Struct):
    """Why nothing is done, for both sides to read, and by which rule it was judged where the
    report names none."""

    text: str = ""
    rule_ids: list[Id] = []


def _mine(call: Call) -> Report:
    """The report of the path; one about the reader does not exist for them."""
    report = get_report(call.tx, call.id())
    if report.target_id == call.me.account_id or report.case_id is None:
        raise ReportNotFound
    return report


def _show(call: Call) -> AdminReport:
    """The report with the posts that everybody can see and, for who holds its case, the others
    that it names; that look is recorded."""
    report = _mine(call)
    case = get_case(call.tx, report.case_id or 0)
    me = call.me.account_id
    if case.leased_by == me and (case.lease_until or 0) > call.tx.now:
        for post_id in map_reported_posts(call.tx, [report.id]).get(report.id, []):
            review.see(call.tx, case, me, post_id)
        return present_held_report(call.app, call.tx, report)
    return present_admin_reports(call.app, call.tx, [report])[0]


@router.get(HERE, scope=READ, permission=Permission.REVIEW_REPORTS, returns=list[AdminReport])
def list_reports(call: Call, params: ReportListParams) -> Answer:
    """Reports, newest first, without those about oneself."""
    state = "all" if params.unresolved else "resolved"
    page = params.page(100, 200)
    found = list_for_team(
        call.tx,
        page,
        state=state if params.resolved else "open",
        reader_id=call.me.account_id,
        reporter_id=params.account_id or 0,
        target_id=params.target_account_id or 0,
    )
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    return Answer(present_admin_reports(call.app, call.tx, found), headers=headers)


@router.get(
    f"{HERE}/{{id}}",
    scope=READ,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminReport,
    writes=True,
)
def get_one(call: Call) -> AdminReport:
    """A report. Who holds its case also sees its posts that not everybody can, on record."""
    return _show(call)


@router.post(
    f"{HERE}/{{id}}/assign_to_self",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminReport,
    refuses=(409,),
)
def assign_to_self(call: Call) -> AdminReport:
    """Takes the report's case for five minutes, in which nobody else can decide it."""
    review.take_case(call.tx, call.me.account_id, _mine(call).case_id or 0)
    return _show(call)


@router.post(
    f"{HERE}/{{id}}/unassign",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminReport,
)
def unassign(call: Call) -> AdminReport:
    """Gives the report's case back to the others."""
    review.release_case(call.tx, call.me.account_id, _mine(call).case_id or 0)
    return _show(call)


@router.post(
    f"{HERE}/{{id}}/resolve",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminReport,
    refuses=(409,),
)
def resolve(call: Call, params: ResolveParams) -> AdminReport:
    """Decides that nothing is to be done in the report's case. Both sides are told, and all its
    reports are resolved. To do something, act on the account."""
    report = _mine(call)
    draft = draft_of(call, Step.NO_ACTION, params.text, params.rule_ids, report)
    if not params.text.strip():
        draft = msgspec.structs.replace(draft, facts=_FINE)
    case = review.take_case(call.tx, call.me.account_id, report.case_id or 0)
    review.decide_case(call.tx, call.me.account_id, case.id, draft)
    return _show(call)


@router.post(
    f"{HERE}/{{id}}/reopen",
    scope=WRITE,
    permission=Permission.REVIEW_REPORTS,
    returns=AdminReport,
    refuses=(409,),
)
def reopen(call: Call) -> AdminReport:
    """Opens a case again in which nothing was done, for another reviewer to judge."""
    review.reopen_by_hand(call.tx, call.me.account_id, _mine(call).case_id or 0)
    return _show(call)


router.not_offered(
    f"PUT {HERE}/{{id}}",
    why="What somebody reported stays as they reported it: the decision says which rule it is by",
)
