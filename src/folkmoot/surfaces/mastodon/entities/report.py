"""Report."""

import msgspec

from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.reports.model import Report as DomainReport
from folkmoot.domain.reports.model import decode_rule_ids
from folkmoot.domain.reports.queries import list_reported_posts
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_account
from folkmoot.surfaces.mastodon.entities.encoded import encoded


class Report(msgspec.Struct, kw_only=True):
    """What one has reported."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    collection_ids: list[str]
    rule_ids: list[str] | None
    target_account: Account


def present_report(app: App, tx: Tx, report: DomainReport) -> Report:
    """The entity of a report, for whoever filed it."""
    rule_ids = [str(rule_id) for rule_id in decode_rule_ids(report)]
    resolved = report.resolved_at
    return Report(
        id=str(report.id),
        action_taken=resolved is not None,
        action_taken_at=iso(resolved) if resolved is not None else None,
        category=report.category,
        comment=report.comment,
        forwarded=report.forwarded_at is not None,
        created_at=iso(report.created_at),
        status_ids=[str(post.post_id) for post in list_reported_posts(tx, report.id)],
        collection_ids=[],
        rule_ids=rule_ids or None,
        target_account=encoded(present_account(app, tx, get_account(tx, report.target_id))),
    )
