"""Reads of what was counted."""

import sqlalchemy as sa

from folkmoot.domain.staffing.model import COUNT_WEEKS, HourCount, Observed, hour_of, observe
from folkmoot.domain.staffing.tables import case_hours
from folkmoot.kit.db import Tx, param, rows, values
from folkmoot.kit.roster import WEEK

_c = case_hours.c
# At most eight weeks of 168 hours.
_BETWEEN = rows(
    sa.select(case_hours)
    .where(_c.hour >= param("first"), _c.hour < param("end"))
    .order_by(_c.hour),
    HourCount,
)
_FIRST = values(
    sa.select(sa.func.coalesce(sa.func.min(_c.hour), param("now_hour", _c.hour.type))), int
)


def get_observed(tx: Tx) -> Observed:
    """What the last whole weeks have shown, eight at most, as far back as anything was counted."""
    end = hour_of(tx.now)
    first = tx.one(_FIRST, now_hour=end)
    weeks = min(COUNT_WEEKS, (end - first) // WEEK)
    counts = tx.all(_BETWEEN, first=end - weeks * WEEK, end=end) if weeks else []
    return observe(counts, weeks)
