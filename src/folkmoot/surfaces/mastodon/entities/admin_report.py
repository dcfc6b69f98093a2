"""Admin::Report."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.policy.queries import list_rules
from folkmoot.domain.reports.model import Report, decode_rule_ids
from folkmoot.domain.reports.queries import map_reported_posts
from folkmoot.domain.review.model import Case
from folkmoot.domain.review.queries import map_cases
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.admin_account import AdminAccount, present_admin_accounts
from folkmoot.surfaces.mastodon.entities.rule import Rule, build_rule
from folkmoot.surfaces.mastodon.entities.status import (
    Status,
    present_reported,
    present_statuses,
)


class AdminReport(msgspec.Struct, kw_only=True):
    """A report as the team sees it. `account` is null where a visitor reported; `statuses` are
    those that everybody may read, and the others as well for who holds the report's case, which is
    recorded. `code` is that of its receipt, `case_id` the case that decides it.
    """

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount | None
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Status]
    rules: list[Rule]
    code: str
    case_id: str | None


def present_admin_reports(app: App, tx: Tx, reports: Sequence[Report]) -> list[AdminReport]:
    """The entities of a page of reports, with the posts that a visitor could read."""
    posts = map_reported_posts(tx, [report.id for report in reports])
    readable = present_statuses(app, tx, 0, [i for ids in posts.values() for i in ids])
    found = {
        report_id: [msgspec.Raw(readable[i]) for i in ids if i in readable]
        for report_id, ids in posts.items()
    }
    return _build_all(app, tx, reports, found)


def present_held_report(app: App, tx: Tx, report: Report) -> AdminReport:
    """The entity of one, with every post it names. Whoever calls records the look."""
    ids = map_reported_posts(tx, [report.id]).get(report.id, [])
    return _build_all(app, tx, [report], {report.id: present_reported(app, tx, ids)})[0]


def _build_all(
    app: App, tx: Tx, reports: Sequence[Report], statuses: dict[Any, list[msgspec.Raw]]
) -> list[AdminReport]:
    cases = map_cases(tx, [report.case_id for report in reports if report.case_id])
    people = present_admin_accounts(app, tx, list(_people(reports, cases.values())))
    rules = {rule.id: build_rule(rule, ("en",)) for rule in list_rules(tx)}
    return [
        _build(
            report,
            cases.get(report.case_id or 0),
            people,
            statuses.get(report.id, []),
            [rules[i] for i in decode_rule_ids(report) if i in rules],
            tx.now,
        )
        for report in reports
    ]


def _people(reports: Iterable[Report], cases: Iterable[Case]) -> Iterable[AccountId]:
    for report in reports:
        yield report.target_id
        if report.reporter_id is not None:
            yield report.reporter_id
    for case in cases:
        yield from (who for who in (case.leased_by, case.closed_by) if who is not None)


def _build(
    report: Report,
    case: Case | None,
    people: dict[AccountId, AdminAccount],
    statuses: list[Any],
    rules: list[Rule],
    now: int,
) -> AdminReport:
    holder = case.leased_by if case and (case.lease_until or 0) > now else None
    closer = case.closed_by if case and report.resolved_at is not None else None
    return AdminReport(
        id=str(report.id),
        action_taken=report.resolved_at is not None,
        action_taken_at=iso(report.resolved_at) if report.resolved_at is not None else None,
        category=report.category,
        comment=report.comment,
        forwarded=report.forwarded_at is not None,
        created_at=iso(report.created_at),
        updated_at=iso(report.resolved_at or report.created_at),
        account=_find(people, report.reporter_id),
        target_account=people[report.target_id],
        assigned_account=_find(people, holder),
        action_taken_by_account=_find(people, closer),
        statuses=statuses,
        rules=rules,
        code=report.code,
        case_id=str(report.case_id) if report.case_id else None,
    )


def _find(
    people: dict[AccountId, AdminAccount], account_id: AccountId | None
) -> AdminAccount | None:
    return None if account_id is None else people.get(account_id)
