"""/api/v1/admin/measures and dimensions: what is counted here anyway, day by day.

Nothing is counted of what members read or on which days they came, so that there are no active
users of a day, and no retention.
"""

import platform
from collections.abc import Callable
from typing import Annotated

import msgspec

from folkmoot import __version__
from folkmoot.domain.auth.model import Permission
from folkmoot.domain.auth.queries import count_days as count_sign_ups
from folkmoot.domain.instance.queries import measure_database
from folkmoot.domain.reports.queries import count_days as count_reports
from folkmoot.domain.tags.queries import list_history
from folkmoot.kit.clock import DAY, day_start, from_iso, iso
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.mastodon.entities.admin_figures import (
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


class SpanInvalid(Invalid):
    """Start at and end at must be two days, such as 2026-01-31, at most a year apart"""


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


router.not_offered(
    "POST /api/v1/admin/retention",
    why="This server keeps no record of the days on which members came, so it knows no retention",
)
