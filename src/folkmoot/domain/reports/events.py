"""Facts about reports."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.reports.model import Report, ReportedPost


class ReportFiled(msgspec.Struct, frozen=True):
    """Somebody reported an account, perhaps with posts."""

    report: Report
    posts: tuple[ReportedPost, ...]


class ReportResolved(msgspec.Struct, frozen=True):
    """What became of a report is known."""

    report: Report


class ReporterWarned(msgspec.Struct, frozen=True):
    """Many reports of a member in a row were manifestly unfounded; more will pause reporting, or,
    with `paused_until`, have done so, by a decision in a case.
    """

    account_id: AccountId
    paused_until: int | None
    warned_at: int | None = None
    decision_id: int | None = None
