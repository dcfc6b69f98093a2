"""Reads of reports, and the count of a period from the log's entries in the database."""

import sqlalchemy as sa

from folkmoot.domain.tallies.model import (
    SETTLED,
    Count,
    Period,
    PublishedReport,
    ReportFile,
    ReportNotFound,
    Tally,
)
from folkmoot.domain.tallies.tables import published_reports, report_files
from folkmoot.domain.transparency.queries import list_from
from folkmoot.kit.db import Tx, param, rows

_BATCH = 1_000

_p, _f = published_reports.c, report_files.c
_REPORT = rows(sa.select(published_reports).where(_p.code == param("code")), PublishedReport)
_REPORTS = rows(
    sa.select(published_reports)
    .order_by(_p.published_at.desc())
    .limit(param("limit", sa.Integer())),
    PublishedReport,
)
_FILES = rows(
    sa.select(report_files).where(_f.report == param("report")).order_by(_f.position), ReportFile
)


def count_period(tx: Tx, period: Period) -> Tally:
    """The figures of a period, from its own entries and what waited when it began; a thousand
    entries at a time.
    """
    count, position = Count(period), 0
    # Whoever records at the same time may come in another order than by the clock.
    settled = period.end + SETTLED
    while found := list_from(tx, position, limit=_BATCH):
        for each in found:
            if each.recorded_at >= settled:
                return count.tally()
            count.take(each.content)
        position = found[-1].position + 1
    return count.tally()


def get_report(tx: Tx, code: str) -> PublishedReport:
    """The published report of a period; ReportNotFound."""
    found = find_report(tx, code)
    if found is None:
        raise ReportNotFound
    return found


def find_report(tx: Tx, code: str) -> PublishedReport | None:
    """The published report of a period, if there is one."""
    return tx.first(_REPORT, code=code)


def list_reports(tx: Tx, *, limit: int = 40) -> list[PublishedReport]:
    """Published reports, the latest first."""
    return tx.all(_REPORTS, limit=limit)


def list_files(tx: Tx, code: str) -> list[ReportFile]:
    """The parts of a report, in their order."""
    return tx.all(_FILES, report=code)


def get_file(tx: Tx, code: str, name: str) -> ReportFile:
    """A part of a report by its name; ReportNotFound."""
    found = next((each for each in list_files(tx, code) if each.name == name), None)
    if found is None:
        raise ReportNotFound
    return found
