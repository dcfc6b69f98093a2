"""Writes of what is counted."""

import sqlalchemy as sa

from folkmoot.domain.review.model import Case
from folkmoot.domain.staffing.model import KEEP_WEEKS, HourCount, hour_of, measured_s
from folkmoot.domain.staffing.tables import case_hours
from folkmoot.kit.db import Id, Tx, command, insert_all, param
from folkmoot.kit.roster import WEEK

_BEGIN_HOUR = insert_all(case_hours, or_ignore=True)
_COUNTS = tuple(name for name in HourCount.__struct_fields__ if name != "hour")
_ADD = command(
    sa.update(case_hours)
    .where(case_hours.c.hour == param("this_hour"))
    .values({name: case_hours.c[name] + param(f"more_{name}", Id) for name in _COUNTS})
)
_FORGET = command(sa.delete(case_hours).where(case_hours.c.hour < param("before")))
_CLOSED = {1: "closed_lesser", 2: "closed_serious", 3: "closed_grave"}


def count_opened(tx: Tx) -> None:
    """Counts a case that was opened now."""
    _add(tx, {"opened": 1})


def count_closed(tx: Tx, case: Case) -> None:
    """Counts a case that was closed now, and how long it took its reviewer."""
    counts = {_CLOSED[case.severity]: 1}
    seconds = measured_s(case.handled_ms)
    if seconds is not None:
        counts |= {"handled": 1, "handled_s": seconds, "handled_s2": seconds**2}
    _add(tx, counts)


def forget_old_hours(tx: Tx) -> None:
    """Forgets hours that no forecast looks at any more: one row for each of some days at most."""
    tx.run(_FORGET, before=hour_of(tx.now) - KEEP_WEEKS * WEEK)


def _add(tx: Tx, counts: dict[str, int]) -> None:
    hour = hour_of(tx.now)
    tx.insert(_BEGIN_HOUR, HourCount(hour))
    tx.run(_ADD, this_hour=hour, **{f"more_{name}": counts.get(name, 0) for name in _COUNTS})
