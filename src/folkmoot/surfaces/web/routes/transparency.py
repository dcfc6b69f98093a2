"""/transparency: the published reports, each with its figures and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.policy.model import Action
from folkmoot.domain.tallies import queries
from folkmoot.domain.tallies.model import (
    ABOUT,
    EU,
    TOTAL,
    Complaints,
    Notices,
    Tally,
)
from folkmoot.domain.transparency.model import month_of
from folkmoot.surfaces.official.report_files import lines
from folkmoot.surfaces.web.answering import told_agreement
from folkmoot.surfaces.web.charts import Columns, stack_columns
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Card
from folkmoot.surfaces.web.pages.official import ReportLine, ReportPage, ReportsPage, Table
from folkmoot.surfaces.web.rendering import MONTHS
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit
from folkmoot.surfaces.web.wording import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from folkmoot.domain.tallies.model import Measures, PublishedReport

router = Router()

_SERIES = ("Decisions", "Reports", "Appeals", "Reversals", "Legal requests")
_NAMES = {
    "": "All",
    "visibility": "Against a restricted visibility",
    "monetary": "Against a restricted income",
    "service": "Against a restricted use",
    "account": "Against a suspended account",
    "no-action": "Because a report led to nothing",
    "no-action-flagger": "Because a trusted flagger's report led to nothing",
}
_MISUSE = {
    "illegal-content": "For repeated manifestly illegal content",
    "unfounded-notices": "For repeated manifestly unfounded reports",
    "unfounded-complaints": "For repeated manifestly unfounded appeals",
}


@router.get("/transparency")
def reports(visit: Visit) -> Answer:
    """The published reports."""
    found = queries.list_reports(visit.tx)
    page = ReportsPage(
        frame=frame(visit, forms=False),
        card=Card(
            title="Transparency reports",
            description="How often what was done here, counted from the public log.",
            url=f"{visit.app.base_url}/transparency",
        ),
        reports=tuple(_line(each) for each in found),
        agreement=told_agreement(visit),
    )
    return show(visit, page, public=True)


def _line(report: PublishedReport) -> ReportLine:
    figures = report.figures
    return ReportLine(
        code=report.code,
        period=_period(report),
        published_at=report.published_at,
        decisions=figures.decisions,
        reports=figures.reports,
    )


def _period(report: PublishedReport) -> str:
    return f"{_day(report.from_on)} to {_day(report.to_on)}"


def _day(day: str) -> str:
    year, month, date = day.split("-")
    return f"{int(date)} {MONTHS[int(month) - 1]} {year}"


@router.get("/transparency/{code}")
def report(visit: Visit) -> Answer:
    """One report: its figures in words, tables and charts."""
    found = queries.get_report(visit.tx, visit.incoming.params["code"])
    figures = found.figures
    page = ReportPage(
        frame=frame(visit, forms=False),
        card=Card(
            title=f"Transparency report {found.code}",
            description=f"What was done here from {_period(found)}, counted from the public log.",
            url=f"{visit.app.base_url}/transparency/{found.code}",
        ),
        code=found.code,
        period=_period(found),
        published_at=found.published_at,
        position=found.position,
        cards=cards_of(figures),
        charts=tuple(charts_of(figures)),
        tables=tuple(table for table in tables_of(figures) if table.rows),
        files=tuple(each.name for each in queries.list_files(visit.tx, found.code)),
    )
    return show(visit, page, public=True)


@router.get("/transparency/{code}/{name}")
def file(visit: Visit) -> Answer:
    """A part of a report, to the byte as it was published."""
    params = visit.incoming.params
    found = queries.get_file(visit.tx, params["code"], params["name"])
    headers = [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        ("content-disposition", f'attachment; filename="{found.report}_{found.name}"'),
        ("cache-control", "public, max-age=86400"),
        ("etag", f'"{found.sha256}"'),
    ]
    return Answer(found.body.encode(), headers=headers)


def cards_of(figures: Tally) -> tuple[tuple[str, str], ...]:
    """The figures that most visitors look for."""
    all_ = figures.complaints.get("", Complaints())
    decided = all_.upheld + all_.partly + all_.reversed
    undone = f"{100 * (all_.partly + all_.reversed) / decided:.0f} %" if decided else "–"
    took = figures.notices.get(TOTAL, Notices()).action_h
    return (
        ("Decisions", _whole(figures.decisions)),
        ("Reports", _whole(figures.reports)),
        ("Decided appeals that undid something", undone),
        ("Time to act on a notice, median", _hours(took)),
        ("Legal requests", _whole(sum(figures.outcomes.values()))),
        ("Life-at-risk referrals", _whole(figures.referrals)),
    )


def _whole(number: int) -> str:
    return f"{number:,}"


def _hours(hours: float | None) -> str:
    return "–" if hours is None else f"{hours:,.1f} h"


def charts_of(figures: Tally) -> Iterator[tuple[str, Columns]]:
    """What is drawn, each with the heading of its numbers' first column."""
    if figures.by_month:
        months = _months(figures)
        used = [s for s in _SERIES if any(s in column for _, column in months)]
        yield "Month", stack_columns("What happened each month", used, months)
    orders = {country: rows for country, rows in figures.orders.items() if country != TOTAL}
    if orders:
        columns = [
            (country, {"To act": rows[TOTAL].to_act, "For information": rows[TOTAL].to_inform})
            for country, rows in sorted(orders.items())
        ]
        title = "Legal requests by country"
        yield "Country", stack_columns(title, ("To act", "For information"), columns)


def _months(figures: Tally) -> list[tuple[str, dict[str, int]]]:
    """Every month of the period, also those in which nothing happened."""
    year, month = map(int, figures.period.from_on.split("-")[:2])
    end = month_of(figures.period.end - 1)
    found = []
    while (code := f"{year}-{month:02d}") <= end:
        found.append((f"{MONTHS[month - 1]} {year}", figures.by_month.get(code, {})))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def tables_of(figures: Tally) -> Iterator[Table]:
    """Every table; those without rows are not shown."""
    yield _notices(figures)
    yield _measures("terms", "Measures by our rules", figures.incompatible)
    yield _measures("law", "Measures by law", figures.illegal)
    yield Table(
        id="t-steps",
        title="What was done",
        note="Measures of all decisions, by step of the ladder.",
        heads=(("Step", False), ("Times", True)),
        rows=tuple((_step(step), _whole(n)) for step, n in sorted(figures.by_step.items())),
    )
    yield _complaints(figures)
    yield _disputes(figures)
    yield _orders(figures)
    yield _automation(figures)
    yield Table(
        id="t-misuse",
        title="Suspensions for misuse",
        note="After a warning, each with an end.",
        heads=(("Why", False), ("Times", True)),
        rows=tuple((_MISUSE[of], _whole(n)) for of, n in sorted(figures.misuse.items())),
    )


def _step(code: str) -> str:
    return ACTIONS[Action(code)] if code in set(Action) else code.replace("-", " ").capitalize()


def _notices(figures: Tally) -> Table:
    heads = ("About", "Notices", "Of trusted flaggers", "Items", "Median time to act")
    more = ("Acted by law", "Acted by rules")
    return Table(
        id="t-notices",
        title="Notices",
        note="Reports of illegal content, and those of trusted flaggers.",
        heads=tuple((name, name != "About") for name in heads + more),
        rows=tuple(
            (
                words,
                *map(_whole, (cell.received, cell.flagged, cell.items)),
                _hours(cell.action_h),
                *map(_whole, (cell.by_law, cell.by_terms)),
            )
            for words, cell in _shown(figures.notices)
        ),
    )


def _shown(found: dict[str, Notices]) -> Iterator[tuple[str, Notices]]:
    for line in lines():
        if line.row in found and "/" not in line.row:
            yield line.words.strip(), found[line.row]


def _measures(id_: str, title: str, found: dict[str, Measures]) -> Table:
    """Measures of one's own initiative by category and keyword."""
    heads = ("About", "Measures", "Found by a detector", "Visibility", "Use", "Account")
    rows: list[tuple[str, ...]] = []
    for line in lines():
        cell = found.get(line.row)
        if cell is None:
            continue
        kinds = (
            sum(n for name, n in cell.by.items() if name.startswith(kind))
            for kind in ("visibility", "service", "account")
        )
        words = line.words.strip()
        numbers = (cell.total, cell.detected, *kinds)
        rows.append((f"– {words}" if "/" in line.row else words, *map(_whole, numbers)))
    return Table(
        id=f"t-{id_}",
        title=title,
        note="Taken after ordinary reports and what detectors found, without a notice.",
        heads=tuple((name, name != "About") for name in heads),
        rows=tuple(rows),
    )


def _complaints(figures: Tally) -> Table:
    heads = ("Appeal", "Filed", "Decision stands", "Undone in part", "Undone", "Median time")
    return Table(
        id="t-appeals",
        title="Appeals",
        note="Each decided by somebody who had no part in the decision. "
        f"{_whole(figures.newly_imposed)} led to a new restriction.",
        heads=tuple((name, name != "Appeal") for name in heads),
        rows=tuple(
            (
                _NAMES[about],
                *map(_whole, (cell.filed, cell.upheld, cell.partly, cell.reversed)),
                _hours(cell.decided_h),
            )
            for about in ("", *ABOUT)
            if (cell := figures.complaints.get(about)) is not None
        ),
    )


def _disputes(figures: Tally) -> Table:
    cell = figures.disputes
    heads = ("Ended", "Decision stands", "Undone in part", "Undone", "Without outcome", "Followed")
    numbers = (
        *(cell.ended, cell.upheld, cell.partly, cell.reversed, cell.omitted, cell.implemented),
    )
    row = (*map(_whole, numbers), _hours(cell.ended_h))
    return Table(
        id="t-disputes",
        title="Out-of-court disputes",
        note="Before bodies that are independent of us.",
        heads=tuple((name, True) for name in (*heads, "Median time")),
        rows=(row,) if cell.ended else (),
    )


def _orders(figures: Tally) -> Table:
    said = ", ".join(f"{n} {outcome}" for outcome, n in sorted(figures.outcomes.items()))
    heads = ("Country", "To act", "Items", "For information", "Median time to give effect")
    return Table(
        id="t-orders",
        title="Legal requests",
        note=f"What authorities asked for: {said}." if said else "",
        heads=tuple((name, name != "Country") for name in heads),
        rows=tuple(
            (
                country if country in EU else f"{country} (outside the EU)",
                *map(_whole, (cell.to_act, cell.items, cell.to_inform)),
                _hours(cell.act_effective_h),
            )
            for country, cell in (
                (name, figures.orders[name][TOTAL]) for name in sorted(figures.orders)
            )
            if country != TOTAL
        ),
    )


def _automation(figures: Tally) -> Table:
    used = figures.automation
    right = f"{100 * used.right / used.judged:.0f} %" if used.judged else "–"
    rows = (
        ("Measures by a detector alone", _whole(used.automatic)),
        ("Measures by people", _whole(used.by_people)),
        ("Found by a detector, judged by people", _whole(used.judged)),
        ("Of these needed a measure", right),
    )
    return Table(
        id="t-automation",
        title="Detectors and people",
        note=f"{figures.reviewers} people decided cases or appeals.",
        heads=(("What", False), ("How many", True)),
        rows=rows if used.automatic or used.by_people or used.judged else (),
    )
