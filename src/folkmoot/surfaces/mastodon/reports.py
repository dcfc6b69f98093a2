"""/api/v1/reports"""

import msgspec

from folkmoot.domain.review import actions
from folkmoot.domain.review.model import Category
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
    report = actions.file_report(
        call.tx,
        call.me.account_id,
        params.account_id,
        category=params.category,
        comment=params.comment,
        rule_ids=params.rule_ids,
        post_ids=params.status_ids,
        forward=params.forward,
    )
    return present_report(call.app, call.tx, report)
