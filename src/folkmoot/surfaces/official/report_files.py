"""The harmonised transparency report as its eleven CSV parts: UTF-8, RFC 4180.

The same figures make the same bytes, on the server and for whoever recomputes them. The template's
headings and labels lie in `texts/harmonised.toml`.
"""

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from folkmoot.domain.policy.model import shipped_text
from folkmoot.domain.tallies.model import (
    EU,
    OTHER,
    TOTAL,
    Complaints,
    Identity,
    Measures,
    Notices,
    Orders,
    Tally,
)

_ALL = "All"
_HOSTING = "Only for providers of hosting services, including online platforms"
_HOURS = "In hours."
_NO_KEYWORD = "No narrower keyword was given."
_RESTRICTIONS: tuple[tuple[str, ...], ...] = (
    ("visibility-removed",),
    ("visibility-disabled",),
    ("visibility-demoted",),
    ("visibility-age-restricted",),
    ("visibility-interaction-restricted",),
    ("visibility-labelled",),
    ("visibility-other",),
    ("monetary-suspension",),
    ("monetary-termination",),
    ("monetary-other",),
    ("service-partial-suspension", "service-total-suspension"),
    ("service-partial-termination", "service-total-termination"),
    ("account-suspended",),
    ("account-terminated",),
)
_ABOUT = {
    "Number of complaints submitted": "",
    "Complaint regarding a decision to remove": "visibility",
    "Complaint regarding a decision to suspend or terminate the provision": "service",
    "Complaint regarding a decision to suspend or terminate an account": "account",
    "Complaint regarding a decision to restrict the ability to monetise": "monetary",
    "Complaint regarding a decision not to take action on a notice submitted in": "no-action",
    "Complaint regarding a decision not to take action on a notice submitted by": (
        "no-action-flagger"
    ),
}
_MISUSE = {
    "illegal content": "illegal-content",
    "unfounded notices": "unfounded-notices",
    "unfounded complaints": "unfounded-complaints",
}
Row = Sequence[Any]


class Line(msgspec.Struct, frozen=True):
    """A row of the template's categories: label, words, the code it has there, and the row of a
    tally that it shows.
    """

    label: str
    words: str
    code: str
    number: int
    row: str


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads(shipped_text("harmonised.toml"))


@cache
def lines() -> tuple[Line, ...]:
    """The template's categories and keywords, in its order."""
    made: list[Line] = []
    number, category = 0, ""
    for label, words, code in _template()["categories"]["rows"]:
        if code.startswith("STATEMENT_CATEGORY_"):
            number, category = number + 1, code.removeprefix("STATEMENT_CATEGORY_")
            row = category
        elif code == TOTAL:
            row = TOTAL
        else:
            row = f"{category}/{code.removeprefix('KEYWORD_')}"
        made.append(Line(label, words, code, number, row))
    return tuple(made)


def lines_of(part: str) -> list[Line]:
    """Those of the categories that a part has rows of; the total first."""
    numbers = {0, *_template()["category_numbers"][part]}
    return [line for line in lines() if line.number in numbers]


def build_files(identity: Identity, tally: Tally) -> list[tuple[str, str]]:
    """The parts, each a file's name and text."""
    period = f"{tally.period.from_on}/{tally.period.to_on}"
    before = (identity.service, period)
    parts: tuple[tuple[str, Iterable[Row]], ...] = (
        ("report_identification", _identification(identity, tally)),
        ("categories_names", ((line.label, line.words, line.code, "") for line in lines())),
        ("member_states_orders", _orders(before, tally)),
        ("notices", _notices(before, tally)),
        ("own_initiative_illegal", _measures(before, "own_initiative_illegal", tally.illegal)),
        ("own_initiative_TC", _measures(before, "own_initiative_TC", tally.incompatible)),
        ("appeals_and_recidivism", _appeals(before, tally)),
        ("automated_means", _automated(before, tally)),
        ("human_resources", _people(before, tally)),
        ("AMAR", _recipients(before, identity)),
        ("qualitative", _qualities(before)),
    )
    return [
        (f"{at}_{part}.csv", _csv(_template()["headers"][part], rows))
        for at, (part, rows) in enumerate(parts, 1)
    ]


def _csv(headings: Row, rows: Iterable[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow(["" if cell is None else _cell(cell) for cell in row])
    return out.getvalue()


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _identification(identity: Identity, tally: Tally) -> Iterator[Row]:
    for indicator, value in (
        ("Name of the service provider", identity.provider),
        ("Date of the publication of the report", identity.published_on),
        ("Date of the publication of the latest previous report", identity.previous_on),
        ("Starting date of reporting period", tally.period.from_on),
        ("Ending date of reporting period", tally.period.to_on),
    ):
        yield _ALL, identity.service, indicator, value


def _orders(before: Row, tally: Tally) -> Iterator[Row]:
    """All of them, then each member state's."""
    for country in (TOTAL, *EU):
        of_country = tally.orders.get(country, {})
        for line in lines_of("member_states_orders"):
            cell = of_country.get(line.row, Orders())
            figures = (
                *(cell.to_act, cell.items, cell.act_confirmed_h, cell.act_effective_h),
                *(cell.to_inform, cell.inform_confirmed_h, cell.inform_effective_h),
            )
            context = ("", "", _HOURS, _HOURS, "", _HOURS, _HOURS)
            yield (
                _ALL,
                *before,
                line.code,
                _other(line, figures),
                country,
                *figures,
                *_on(line, context),
            )


def _notices(before: Row, tally: Tally) -> Iterator[Row]:
    for line in lines_of("notices"):
        cell = tally.notices.get(line.row, Notices())
        figures = msgspec.structs.astuple(cell)
        context = ("", "", "", "", _HOURS, _HOURS, "", "", "", "")
        yield _HOSTING, *before, line.code, _other(line, figures), *figures, *_on(line, context)


def _measures(before: Row, part: str, found: dict[str, Measures]) -> Iterator[Row]:
    for line in lines_of(part):
        cell = found.get(line.row, Measures())
        by_kind = (sum(cell.by.get(name, 0) for name in names) for names in _RESTRICTIONS)
        figures = (cell.total, cell.detected, *by_kind)
        yield _ALL, *before, line.code, _other(line, figures), *figures, *([""] * len(figures))


def _other(line: Line, figures: Row) -> str:
    """What the row of other things stands for, where it says something."""
    return _NO_KEYWORD if line.row.endswith(f"/{OTHER}") and any(figures) else ""


def _on(line: Line, context: Row) -> Row:
    """Remarks stand in the first row alone."""
    return context if line.row == TOTAL else [""] * len(context)


def _appeals(before: Row, tally: Tally) -> Iterator[Row]:
    for applies, section, indicator, scope in _template()["appeals_and_recidivism"]["rows"]:
        hours = _HOURS if scope == "Median time" else ""
        value = _appeal_value(tally, indicator, scope)
        yield applies, *before, section, indicator, scope, value, hours


def _appeal_value(tally: Tally, indicator: str, scope: str) -> Any:
    if indicator.startswith("Number of suspensions"):
        kind = next(of for words, of in _MISUSE.items() if words in indicator)
        return tally.misuse.get(kind, 0)
    if indicator.startswith("Number of restrictions newly imposed"):
        return tally.newly_imposed
    if indicator.startswith("Number of disputes"):
        return _dispute_value(tally, scope)
    about = next(of for words, of in _ABOUT.items() if indicator.startswith(words))
    cell = tally.complaints.get(about, Complaints())
    return {
        "Total number": cell.filed,
        "Decisions upheld": cell.upheld,
        "Decisions partially reversed": cell.partly,
        "Decisions reversed": cell.reversed,
        "Decision omitted": cell.omitted,
        "Median time": cell.decided_h,
    }[scope]


def _dispute_value(tally: Tally, scope: str) -> Any:
    cell = tally.disputes
    decided = cell.upheld + cell.partly + cell.reversed
    return {
        "Total number": cell.ended,
        "Decisions upheld": cell.upheld,
        "Decisions partially reversed": cell.partly,
        "Decisions reversed": cell.reversed,
        "Decision omitted": cell.omitted,
        "Median time": cell.ended_h,
        "Percentage of outcomes implemented": 100 * cell.implemented / decided if decided else None,
    }[scope]


def _automated(before: Row, tally: Tally) -> Iterator[Row]:
    used = tally.automation
    precision = 100 * used.right / used.judged if used.judged else None
    solely = {
        "Total number": used.automatic,
        "Own-initiative": used.own_automatic,
        "NAM Total": used.notices_automatic,
        "NAM Trusted Flagger": used.flagged_automatic,
    }
    by_people = {
        "Total number": used.by_people,
        "Own-initiative": used.own_by_people,
        "NAM Total": used.notices_by_people,
        "NAM Trusted Flagger": used.flagged_by_people,
    }
    for applies, section, indicator, scope in _template()["automated_means"]["rows"]:
        value: Any = None
        context = ""
        if "solely" in indicator:
            value = solely[scope.strip()]
        elif "not " in indicator:
            value = by_people[scope.strip()]
        elif scope == "Total number" and indicator.endswith("Precision"):
            value = precision
            context = f"Per cent of {used.judged} that people judged."
        elif scope == "Total number":
            context = "Not measured: nobody has judged what detectors did not find."
        yield applies, *before, section, indicator, scope, value, context


def _people(before: Row, tally: Tally) -> Iterator[Row]:
    values = {"internal": tally.reviewers, "external": 0}
    for applies, section, indicator, scope in _template()["human_resources"]["rows"]:
        value = next((n for word, n in values.items() if word in indicator), None)
        yield applies, *before, section, indicator, scope, value, ""


def _recipients(before: Row, identity: Identity) -> Iterator[Row]:
    for applies, section, indicator, scope in _template()["AMAR"]["rows"]:
        yield applies, *before, section, indicator, scope, identity.recipients


def _qualities(before: Row) -> Iterator[Row]:
    for applies, indicator, text in _template()["qualitative"]["rows"]:
        yield applies, *before, indicator, text
