"""/api/v1/admin/measures, dimensions and retention: what is counted here anyway, day by day.

Nothing is counted of what members read or on which days they came, so that there are no active
users of a day, and retention goes by when members were seen last.
"""

import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from folkmoot import __version__
from folkmoot.domain.auth.model import Permission, Seen
from folkmoot.domain.auth.queries import count_days as count_sign_ups
from folkmoot.domain.auth.queries import list_last_seen
from folkmoot.domain.instance.queries import measure_database
from folkmoot.domain.reports.queries import count_days as count_reports
from folkmoot.domain.tags.queries import list_history
from folkmoot.kit.clock import DAY, day_start, from_iso, iso
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.mastodon.entities.admin_figures import (
    AdminCohort,
    AdminCohortData,
    AdminDimension,
    AdminDimensionData,
    AdminMeasure,
    AdminMeasureData,
)
from folkmoot.surfaces.mastodon.operations import NEEDED, Call, Id, Router

router = Router("admin figures")

READ = "admin:read"
SEE = Permission.SEE_DASHBOARD
MOST_DAYS = 366
MOST_COHORTS = 92


class SpanInvalid(Invalid):
    """Start at and end at must be two days, such as 2026-01-31, at most a year apart"""


class TooManyCohorts(Invalid):
    """By day, start at and end at can be {days} days apart: ask by month"""


class MeasuredTagParams(msgspec.Struct):
    """Which tag, by its id."""

    id: Id = 0


class MeasureParams(msgspec.Struct):
    """What is to be counted, from one day to another, both included. Of `keys` this server knows
    new_users, opened_reports, resolved_reports, tag_accounts and tag_uses; it leaves out others.
    """

    keys: list[str] = []
    start_at: Annotated[str, NEEDED] = ""
    end_at: Annotated[str, NEEDED] = ""
    tag_accounts: MeasuredTagParams | None = None
    tag_uses: MeasuredTagParams | None = None


class DimensionParams(msgspec.Struct):
    """What is to be told apart. Of `keys` this server knows software_versions and space_usage; it
    leaves out others."""

    keys: list[str] = []
    start_at: str = ""
    end_at: str = ""
    limit: int | None = None


class RetentionParams(msgspec.Struct):
    """From one day to another, both included; by `day` or by `month`."""

    start_at: Annotated[str, NEEDED] = ""
    end_at: Annotated[str, NEEDED] = ""
    frequency: str = "day"


Counted = Callable[[int, int], dict[int, int]]


@router.post(
    "/api/v1/admin/measures",
    scope=READ,
    permission=SEE,
    returns=list[AdminMeasure],
    writes=False,
)
def measures(call: Call, params: MeasureParams) -> list[AdminMeasure]:
    """What was counted day by day, in all, and in as many days before."""
    since, until = _span(params.start_at, params.end_at)
    known = _countable(call, params)
    return [
        _measure(key, known[key], since, until)
        for key in dict.fromkeys(params.keys)
        if key in known
    ]


def _span(start_at: str, end_at: str) -> tuple[int, int]:
    """From the first midnight to the one after the last day."""
    try:
        since, until = day_start(from_iso(start_at)), day_start(from_iso(end_at)) + DAY
    except ValueError as error:
        raise SpanInvalid(field="start_at") from error
    if not 0 < until - since <= MOST_DAYS * DAY or since < 0:
        raise SpanInvalid(field="end_at")
    return since, until


def _countable(call: Call, params: MeasureParams) -> dict[str, Counted]:
    tx = call.tx
    found: dict[str, Counted] = {
        "new_users": lambda since, until: count_sign_ups(tx, since=since, until=until),
        "opened_reports": lambda since, until: count_reports(
            tx, "created_at", since=since, until=until
        ),
        "resolved_reports": lambda since, until: count_reports(
            tx, "resolved_at", since=since, until=until
        ),
    }
    if params.tag_accounts is not None:
        found["tag_accounts"] = _of_tag(call, params.tag_accounts.id, "accounts")
    if params.tag_uses is not None:
        found["tag_uses"] = _of_tag(call, params.tag_uses.id, "uses")
    return found


def _of_tag(call: Call, tag_id: int, what: str) -> Counted:
    """The use of a tag is kept for some days only; before them it is not known, and so 0."""

    def count(since: int, until: int) -> dict[int, int]:
        days = list_history(call.tx, [tag_id])[tag_id]
        return {one.day: getattr(one, what) for one in days if since <= one.day < until}

    return count


def _measure(key: str, counted: Counted, since: int, until: int) -> AdminMeasure:
    days = counted(since, until)
    return AdminMeasure(
        key=key,
        unit=None,
        total=str(sum(days.values())),
        previous_total=str(sum(counted(max(0, 2 * since - until), since).values())),
        data=[
            AdminMeasureData(iso(day), str(days.get(day, 0))) for day in range(since, until, DAY)
        ],
    )


@router.post(
    "/api/v1/admin/dimensions",
    scope=READ,
    permission=SEE,
    returns=list[AdminDimension],
    writes=False,
)
def dimensions(call: Call, params: DimensionParams) -> list[AdminDimension]:
    """What runs here, and how much room it takes."""
    database = measure_database(call.tx)
    known = {
        "software_versions": [
            _version("folkmoot", "Folkmoot", __version__),
            _version("python", "Python", platform.python_version()),
            _version(database.name.lower(), database.name, database.version),
        ],
        "space_usage": [
            AdminDimensionData(
                key=database.name.lower(),
                human_key=database.name,
                value=str(database.size),
                unit="bytes",
                human_value=f"{database.size / 1_000_000:.1f} MB",
            )
        ],
    }
    return [AdminDimension(key, known[key]) for key in dict.fromkeys(params.keys) if key in known]


def _version(key: str, name: str, version: str) -> AdminDimensionData:
    return AdminDimensionData(key=key, human_key=name, value=version, human_value=version)


@router.post(
    "/api/v1/admin/retention",
    scope=READ,
    permission=SEE,
    returns=list[AdminCohort],
    writes=False,
)
def retention(call: Call, params: RetentionParams) -> list[AdminCohort]:
    """Of those who signed up in each day or month, how many were seen in it or later, then in the
    next or later, and so on. When members come is not recorded, only when they came last."""
    since, until = _span(params.start_at, params.end_at)
    monthly = params.frequency == "month"
    if not monthly and until - since > MOST_COHORTS * DAY:
        raise TooManyCohorts(days=MOST_COHORTS, field="start_at")
    starts = list(_buckets(since, until, monthly=monthly))
    seen = list_last_seen(call.tx, since=starts[0], until=until)
    return [
        _cohort(start, starts[at:], seen, "month" if monthly else "day")
        for at, start in enumerate(starts)
    ]


def _buckets(since: int, until: int, *, monthly: bool) -> Iterator[int]:
    """The midnights with which the days or months of a span begin."""
    if not monthly:
        yield from range(since, until, DAY)
        return
    first = datetime.fromtimestamp(since / 1_000, UTC).replace(day=1)
    while (start := int(first.timestamp()) * 1_000) < until:
        yield start
        first = (first + timedelta(days=32)).replace(day=1)


def _cohort(start: int, starts: list[int], seen: list[Seen], frequency: str) -> AdminCohort:
    """`starts` begins with the cohort's own."""
    end = starts[1] if len(starts) > 1 else None
    mine = [one for one in seen if start <= one.joined and (end is None or one.joined < end)]
    joined = sum(one.count for one in mine)
    data = []
    for at in starts:
        kept = sum(one.count for one in mine if (one.last or one.joined) >= at)
        data.append(AdminCohortData(iso(at), kept / joined if joined else 0.0, str(kept)))
    return AdminCohort(iso(start), frequency, data)
