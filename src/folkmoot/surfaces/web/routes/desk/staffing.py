"""/desk/staffing: how many reviewers it takes, from what was counted and what is supposed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from folkmoot.domain.auth.model import Permission
from folkmoot.domain.review.model import SEVERITIES, clock_for
from folkmoot.domain.staffing.model import BOUNDS, Forecast, Observed, WhatIf, forecast
from folkmoot.domain.staffing.queries import get_observed
from folkmoot.kit.clock import HOUR
from folkmoot.surfaces.web.charts import DAYS, heat_week
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Form
from folkmoot.surfaces.web.pages.quality import StaffingPage
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

router = Router()

_DAYS = {"every": tuple(range(7)), "weekdays": tuple(range(5)), "weekend": (5, 6)}
_GRAVITY = {3: "Grave", 2: "Serious", 1: "Lesser"}


@router.get("/desk/staffing", permission=Permission.MANAGE_RULES)
def staffing(visit: Visit) -> Answer:
    """The forecast; what is supposed stands in the address."""
    form, what_if = _read(visit)
    seen = get_observed(visit.tx)
    page = StaffingPage(
        frame=frame(visit),
        form=form,
        weeks=seen.weeks,
        cases=seen.cases,
        handled=seen.handled,
        enough=seen.enough,
        supposed=what_if != WhatIf(),
    )
    return show(visit, _with_forecast(page, seen, forecast(seen, what_if)) if seen.enough else page)


def _read(visit: Visit) -> tuple[Form, WhatIf]:
    """What is supposed, and the form as it was filled in; where a number cannot be meant, it says
    so and what is goes on holding.
    """
    plain = WhatIf()
    values, errors = {}, {}
    numbers: dict[str, float] = {}
    for name, (low, high) in BOUNDS.items():
        default = getattr(plain, name)
        values[name] = typed = visit.query(name, str(default)).strip()
        found = _number(typed, whole=isinstance(default, int))
        if found is None or not low <= found <= high:
            errors[name] = f"Give a number from {low:g} to {high:g}."
            found = default
        numbers[name] = found
    values["days"] = days = visit.query("days", "every")
    what_if = WhatIf(
        arrivals=numbers["arrivals"],
        handling=numbers["handling"],
        clocks=numbers["clocks"],
        minutes=int(numbers["minutes"]),
        opens=int(numbers["opens"]),
        closes=int(numbers["closes"]),
        days=_DAYS.get(days, plain.days),
    )
    return Form(values=values, errors=errors), what_if


def _number(typed: str, *, whole: bool) -> float | None:
    try:
        return int(typed) if whole else float(typed.replace(",", "."))
    except ValueError:
        return None


def _with_forecast(page: StaffingPage, seen: Observed, made: Forecast) -> StaffingPage:
    rates = [count / seen.weeks for count in seen.opened]
    planned = dict(zip(SEVERITIES, made.clocks_h, strict=True))
    late = dict(zip(SEVERITIES, made.late, strict=True))
    return msgspec.structs.replace(
        page,
        most=made.roster.most,
        hours=made.roster.hours,
        a_week=f"{made.cases:,.0f}",
        between=f"{made.low:,.0f} to {made.high:,.0f}",
        minutes=f"{made.minutes:.1f}",
        clocks=tuple(
            (_GRAVITY[grave], f"{clock_for(grave) // HOUR} h", f"{planned[grave]} h")
            for grave in reversed(SEVERITIES)
        ),
        late=tuple(
            (_GRAVITY[grave].lower(), _few(late[grave]))
            for grave in reversed(SEVERITIES)
            if late[grave]
        ),
        people=heat_week(made.roster.people),
        in_words=tuple(
            (name, "; ".join(_stretches(made.roster.people[24 * day : 24 * day + 24])))
            for day, name in enumerate(DAYS)
        ),
        arrivals=heat_week(rates, digits=1),
    )


def _few(number: float) -> str:
    return f"{number:,.0f}" if number >= 1.5 else f"{number:.1f}"


def _stretches(people: Sequence[int]) -> Iterator[str]:
    """A day in words: from when to when how many are needed."""
    hour = 0
    for number, group in groupby(people):
        until = hour + len(list(group))
        yield f"{hour} to {until}: {number or 'nobody'}"
        hour = until
