"""Reads of reports."""

import sqlalchemy as sa

from folkmoot.domain.review.model import Report, ReportedPost, ReportNotFound
from folkmoot.domain.review.tables import IS_OPEN, report_posts, reports
from folkmoot.kit.db import Page, Tx, paged, param, rows

_BY_ID = rows(sa.select(reports).where(reports.c.id == param("id")), Report)
_POSTS = rows(
    sa.select(report_posts)
    .where(report_posts.c.report_id == param("report_id"))
    .order_by(report_posts.c.post_id),
    ReportedPost,
)
_OPEN = paged(sa.select(reports).where(IS_OPEN), reports.c.id, Report)


def get_report(tx: Tx, report_id: int) -> Report:
    """The report of an id; ReportNotFound when there is none."""
    found = find_report(tx, report_id)
    if found is None:
        raise ReportNotFound
    return found


def find_report(tx: Tx, report_id: int) -> Report | None:
    """The report of an id."""
    return tx.first(_BY_ID, id=report_id)


def list_reported_posts(tx: Tx, report_id: int) -> list[ReportedPost]:
    """The posts a report names that are still there."""
    return tx.all(_POSTS, report_id=report_id)


def list_open_reports(tx: Tx, page: Page) -> list[Report]:
    """A page of the reports that nobody has resolved yet."""
    return tx.page(_OPEN, page)
