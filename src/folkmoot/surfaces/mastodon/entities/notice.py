"""NoticeReceipt: what one has in hand after reporting something, and what became of it."""

import msgspec

from folkmoot.domain.decisions.model import Decision
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.reports.model import Outcome, Report, receipt_path
from folkmoot.domain.review.queries import get_case
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App


class NoticeOutcome(msgspec.Struct):
    """What was decided: by which rule of which version, and what of it no human being did.
    `reasons` says why nothing was done; what is said to somebody about a measure against them is
    theirs. `contest_url` is where it can be contested, until `contestable_until`.
    """

    step: str
    rule: str
    rules_version: int
    reasons: str | None
    detected_automatically: bool
    decided_automatically: bool
    decided_at: str
    contest_url: str
    contestable_until: str


class NoticeReceipt(msgspec.Struct):
    """The receipt of a report. `status_url` is a secret: whoever has it reads the receipt.
    `state` is `open`, `acted`, `not-acted`, or `unfounded` where it was manifestly so; `due_at`
    says by when an open one is to be decided.
    """

    code: str
    key: str
    status_url: str
    state: str
    created_at: str
    due_at: str | None
    resolved_at: str | None
    outcome: NoticeOutcome | None


def present_receipt(app: App, tx: Tx, report: Report) -> NoticeReceipt:
    """The entity of a report, for who filed it or has its key."""
    url = app.base_url + receipt_path(app.settings.secrets.secret_key, report.code)
    waits = report.resolved_at is None and report.case_id is not None
    decision = None if report.decision_id is None else get_decision(tx, report.decision_id)
    return NoticeReceipt(
        code=report.code,
        key=url.rpartition("key=")[2],
        status_url=url,
        state=report.outcome or "open",
        created_at=iso(report.created_at),
        due_at=iso(get_case(tx, report.case_id or 0).due_at) if waits else None,
        resolved_at=iso(report.resolved_at) if report.resolved_at is not None else None,
        outcome=None if decision is None else _build(decision, report, url),
    )


def _build(decision: Decision, report: Report, url: str) -> NoticeOutcome:
    acted = report.outcome == Outcome.ACTED
    return NoticeOutcome(
        step=decision.step,
        rule=decision.rule_code,
        rules_version=decision.version_id,
        reasons=None if acted else decision.facts,
        detected_automatically=decision.detected_automatically,
        decided_automatically=decision.automated,
        decided_at=iso(decision.created_at),
        contest_url=url,
        contestable_until=iso(decision.contestable_until()),
    )
