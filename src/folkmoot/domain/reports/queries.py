"""Reads of reports, receipts, flaggers and standings."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import Addressee, DayCount, User
from folkmoot.domain.auth.queries import find_user
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.reports.model import (
    Alike,
    Contact,
    Flagger,
    Report,
    ReportedPost,
    ReportId,
    ReportNotFound,
    Standing,
)
from folkmoot.domain.reports.tables import (
    IS_OPEN,
    flaggers,
    report_posts,
    reporter_standings,
    reports,
)
from folkmoot.domain.transparency.model import pseudonym_of
from folkmoot.kit.clock import DAY
from folkmoot.kit.crypto import derive, open_sealed
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.ids import first_at

_BY_ID = rows(sa.select(reports).where(reports.c.id == param("id")), Report)
_BY_CODE = rows(sa.select(reports).where(reports.c.code == param("code")), Report)
_POSTS = rows(
    sa.select(report_posts)
    .where(report_posts.c.report_id == param("report_id"))
    .order_by(report_posts.c.post_id),
    ReportedPost,
)
_POSTS_OF = rows(
    sa.select(report_posts)
    .where(within(report_posts.c.report_id, "ids"))
    .order_by(report_posts.c.post_id),
    ReportedPost,
)
_OPEN = paged(sa.select(reports).where(IS_OPEN), reports.c.id, Report)
_ALL = paged(sa.select(reports), reports.c.id, Report)
_OF_CASE = paged(
    sa.select(reports).where(reports.c.case_id == param("case_id")), reports.c.id, Report
)
_OF_REPORTER = paged(
    sa.select(reports).where(reports.c.reporter_id == param("reporter_id")), reports.c.id, Report
)
_STATES: dict[str, tuple[Any, ...]] = {
    "open": (IS_OPEN,),
    "resolved": (reports.c.resolved_at.is_not(None),),
    "all": (),
}
_WHO: dict[tuple[bool, bool], tuple[Any, ...]] = {
    (by_reporter, by_target): tuple(
        reports.c[column] == param(column)
        for column, asked in (("reporter_id", by_reporter), ("target_id", by_target))
        if asked
    )
    for by_reporter in (False, True)
    for by_target in (False, True)
}
_FOR_TEAM = {
    (state, who): paged(
        sa.select(reports).where(*met, *of, reports.c.target_id != param("reader_id", Id)),
        reports.c.id,
        Report,
    )
    for state, met in _STATES.items()
    for who, of in _WHO.items()
}
_day: Any = sa.literal_column(str(DAY))
_DAYS = {
    moment: rows(
        sa.select(column - column % _day, sa.func.count())
        .where(column >= param("since", Moment), column < param("until", Moment), *more)
        .group_by(column - column % _day),
        DayCount,
    )
    for moment, column, more in (
        ("created_at", reports.c.created_at, (reports.c.id >= param("first_id", Id),)),
        ("resolved_at", reports.c.resolved_at, ()),
    )
}
_BY_SAME = values(
    sa.select(sa.func.count())
    .select_from(reports)
    .where(
        reports.c.reporter_id == param("reporter_id"),
        reports.c.case_id == param("case_id"),
    ),
    int,
)
_of_case = report_posts.join(reports, reports.c.id == report_posts.c.report_id)
_NAMES_POST = values(
    sa.select(report_posts.c.post_id)
    .select_from(_of_case)
    .where(report_posts.c.post_id == param("post_id"), reports.c.case_id == param("case_id"))
    .limit(sa.literal_column("1")),
    PostId,
)
_NAMED = values(
    sa.select(report_posts.c.post_id)
    .select_from(_of_case)
    .where(reports.c.case_id == param("case_id"))
    .group_by(report_posts.c.post_id)
    .order_by(sa.func.count().desc(), report_posts.c.post_id)
    .limit(param("limit", sa.Integer())),
    PostId,
)
_GROUPS = rows(
    sa.select(reports.c.by, reports.c.category, reports.c.harm, sa.func.count())
    .where(reports.c.case_id == param("case_id"))
    .group_by(reports.c.by, reports.c.category, reports.c.harm)
    .order_by(sa.func.count().desc()),
    Alike,
)
_FLAGGER = rows(
    sa.select(flaggers).where(
        flaggers.c.account_id == param("account_id"), flaggers.c.revoked_at.is_(None)
    ),
    Flagger,
)
_FLAGGERS = rows(sa.select(flaggers).order_by(flaggers.c.awarded_at.desc()), Flagger)
_STANDING = rows(
    sa.select(reporter_standings).where(reporter_standings.c.account_id == param("account_id")),
    Standing,
)
_STANDINGS = rows(
    sa.select(reporter_standings).where(within(reporter_standings.c.account_id, "ids")), Standing
)


def get_report(tx: Tx, report_id: int) -> Report:
    """The report of an id; ReportNotFound when there is none."""
    found = find_report(tx, report_id)
    if found is None:
        raise ReportNotFound
    return found


def find_report(tx: Tx, report_id: int) -> Report | None:
    """The report of an id."""
    return tx.first(_BY_ID, id=report_id)


def find_report_of_code(tx: Tx, code: str) -> Report | None:
    """The report of a receipt's code, however it is typed."""
    return tx.first(_BY_CODE, code=code.strip().upper())


def list_reported_posts(tx: Tx, report_id: int) -> list[ReportedPost]:
    """The posts a report names that are still there."""
    return tx.all(_POSTS, report_id=report_id)


def map_reported_posts(tx: Tx, report_ids: list[ReportId]) -> dict[ReportId, list[PostId]]:
    """The posts that each of some reports names and that are still there."""
    found: dict[ReportId, list[PostId]] = {}
    for each in tx.all(_POSTS_OF, ids=report_ids) if report_ids else ():
        found.setdefault(each.report_id, []).append(each.post_id)
    return found


def list_open_reports(tx: Tx, page: Page) -> list[Report]:
    """A page of the reports that nobody has resolved yet."""
    return tx.page(_OPEN, page)


def list_reports(tx: Tx, page: Page) -> list[Report]:
    """A page of all reports."""
    return tx.page(_ALL, page)


def list_for_team(
    tx: Tx,
    page: Page,
    *,
    state: str,
    reader_id: int,
    reporter_id: int = 0,
    target_id: int = 0,
) -> list[Report]:
    """A page of the reports that are `open`, `resolved` or `all`, of one reporter or about one
    account where these are given; without those about the reader, who is part of them.
    """
    by = (bool(reporter_id), bool(target_id))
    return tx.page(
        _FOR_TEAM[state, by],
        page,
        reader_id=reader_id,
        reporter_id=reporter_id,
        target_id=target_id,
    )


def count_days(tx: Tx, moment: str, *, since: int, until: int) -> dict[int, int]:
    """How many reports were `created_at` or `resolved_at` each day (its midnight) of a span."""
    found = tx.all(_DAYS[moment], since=since, until=until, first_id=first_at(since))
    return {each.day: each.count for each in found}


def list_of_case(tx: Tx, case_id: int, page: Page) -> list[Report]:
    """A page of the reports that joined a case."""
    return tx.page(_OF_CASE, page, case_id=case_id)


def list_own_reports(tx: Tx, reporter_id: int, page: Page) -> list[Report]:
    """A page of what a member has reported."""
    return tx.page(_OF_REPORTER, page, reporter_id=reporter_id)


def count_by_same(tx: Tx, case_id: int, reporter_id: int) -> int:
    """How often a member has reported what a case is about."""
    return tx.one(_BY_SAME, case_id=case_id, reporter_id=reporter_id)


def names_post(tx: Tx, case_id: int, post_id: int) -> bool:
    """Whether a report of a case names a post."""
    return tx.first(_NAMES_POST, case_id=case_id, post_id=post_id) is not None


def list_named_posts(tx: Tx, case_id: int, *, limit: int) -> list[PostId]:
    """The posts that the reports of a case name, those named most often first."""
    return tx.all(_NAMED, case_id=case_id, limit=limit)


def list_groups(tx: Tx, case_id: int) -> list[Alike]:
    """The reports of a case, counted by who reports and why."""
    return tx.all(_GROUPS, case_id=case_id)


def list_standings(tx: Tx, account_ids: Sequence[int]) -> dict[int, Standing]:
    """What became of the reports of some members, of those with any record."""
    found = tx.all(_STANDINGS, ids=list(account_ids)) if account_ids else []
    return {one.account_id: one for one in found}


def find_flagger(tx: Tx, account_id: int) -> Flagger | None:
    """A trusted flagger whose award stands."""
    return tx.first(_FLAGGER, account_id=account_id)


def find_flagger_code(tx: Tx, account_id: int) -> str:
    """The name under which a trusted flagger stands in the public log: always the same one."""
    key = derive(tx.settings.secrets.secret_key, "flaggers' codes")
    return "F" + pseudonym_of(key, account_id)[1:]


def list_flaggers(tx: Tx) -> list[Flagger]:
    """Everybody who is or was a trusted flagger, the latest first."""
    return tx.all(_FLAGGERS)


def get_standing(tx: Tx, account_id: int) -> Standing:
    """What became of a member's reports until now."""
    return tx.first(_STANDING, account_id=account_id) or Standing(AccountId(account_id))


def find_addressee(tx: Tx, report: Report) -> User | Addressee | None:
    """To whom letters about a report go: the member, or the visitor if there is an address."""
    if report.reporter_id is not None:
        return find_user(tx, report.reporter_id)
    email = read_contact(tx, report).email
    return Addressee(email, report.language) if email else None


def read_contact(tx: Tx, report: Report) -> Contact:
    """Who a visitor said they are; for letters to them, and for nobody's eyes."""
    if not report.contact:
        return Contact()
    key = derive(tx.settings.secrets.secret_key, "contacts")
    return msgspec.json.decode(open_sealed(key, report.contact, bound_to=report.code), type=Contact)
