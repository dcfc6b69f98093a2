"""/api/v1/reports"""

import msgspec

from folkmoot.domain.reports import actions
from folkmoot.domain.reports.model import Category, Complaint
from folkmoot.surfaces.mastodon.entities.report import Report, present_report
from folkmoot.surfaces.mastodon.operations import (
    Call,
    Id,
    Router,
)

router = Router("reports")


class ReportParams(msgspec.Struct):
    """Whom one reports, and why."""

    account_id: Id
    status_ids: list[Id] = []
    comment: str = ""
    forward: bool = False
    category: Category = Category.OTHER
    rule_ids: list[Id] = []


@router.post("/api/v1/reports", scope="write:reports", returns=Report, rate="reports")
def file_report(call: Call, params: ReportParams) -> Report:
    """Reports an account to the team."""
    complaint = Complaint(
        category=params.category,
        comment=params.comment,
        rule_ids=tuple(params.rule_ids),
        post_ids=tuple(params.status_ids),
        forward=params.forward,
    )
    report = actions.file_report(call.tx, call.me.account_id, params.account_id, complaint)
    return present_report(call.app, call.tx, report)
