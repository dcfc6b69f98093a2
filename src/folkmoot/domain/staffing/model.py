"""What was counted of cases, what somebody supposes instead, and the forecast made of both."""

import math

import msgspec

from folkmoot.domain.review.model import SEVERITIES, clock_for
from folkmoot.kit.clock import HOUR, MINUTE, SECOND
from folkmoot.kit.roster import WEEK, Effort, Roster, Work, count_between, plan_week

# The hours of a week begin with Monday, 0:00 UTC; the epoch began on a Thursday.
_EPOCH = 3 * 24
COUNT_WEEKS = 8
KEEP_WEEKS = 26
# With less than this, a forecast would be a guess in the shape of a chart.
MIN_WEEKS, MIN_CASES, MIN_HANDLED = 2, 50, 30
# What is decided with others at once, or by agreeing, takes no time that was measured; what takes
# longer than an hour was interrupted.
HANDLED_AT_LEAST, HANDLED_AT_MOST = SECOND, HOUR


class HourCount(msgspec.Struct, frozen=True):
    """A row of case_hours: an hour since the epoch, how many cases were opened in it, how many
    closed by their severity, and of how many of those how long they took: the sum of the seconds
    and of their squares.
    """

    hour: int
    opened: int = 0
    closed_lesser: int = 0
    closed_serious: int = 0
    closed_grave: int = 0
    handled: int = 0
    handled_s: int = 0
    handled_s2: int = 0


class Observed(msgspec.Struct, frozen=True):
    """What whole weeks have shown: cases opened in each hour of the week (168, from Monday, 0:00
    UTC), closed by severity (1 to 3), and how long they took.
    """

    weeks: int
    opened: tuple[int, ...]
    closed: tuple[int, int, int]
    handled: int
    mean_s: float
    square_s: float

    @property
    def cases(self) -> int:
        return sum(self.opened)

    @property
    def enough(self) -> bool:
        """Whether it carries a forecast."""
        return self.weeks >= MIN_WEEKS and self.cases >= MIN_CASES and self.handled >= MIN_HANDLED


# What can be supposed, from the least to the most. Clocks below two hours are no matter of whole
# hours any more.
BOUNDS: dict[str, tuple[float, float]] = {
    "arrivals": (0.1, 10),
    "handling": (0.1, 10),
    "clocks": (0.5, 10),
    "minutes": (5, 60),
    "opens": (0, 23),
    "closes": (1, 24),
}


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What is supposed: arrivals, handling times and clocks as multiples of what is, how many
    minutes of an hour go into cases, and from when to when (hours of the day, UTC) reviewers can
    be there, on which days (Monday is 0).
    """

    arrivals: float = 1.0
    handling: float = 1.0
    clocks: float = 1.0
    minutes: int = 45
    opens: int = 0
    closes: int = 24
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)

    def hours(self) -> list[bool]:
        """For each hour of the week whether reviewers can be there; a day that closes before it
        opens goes on after midnight.
        """
        found = []
        for hour in range(WEEK):
            day, clock = divmod(hour, 24)
            if self.opens < self.closes:
                found.append(day in self.days and self.opens <= clock < self.closes)
            else:
                begun = day if clock >= self.opens else (day - 1) % 7
                found.append(begun in self.days and not self.closes <= clock < self.opens)
        return found


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """How many reviewers in each hour of the week keep the clocks. `clocks_h` is in how many hours
    cases of severity 1 to 3 are decided then, `late` how many of each a week are not in time as
    nobody can be there; `low` and `high` hold the true rate of `cases` a week, 19 times in 20.
    """

    roster: Roster
    clocks_h: tuple[int, ...]
    late: tuple[float, ...]
    cases: float
    low: float
    high: float
    minutes: float


def hour_of(at: int) -> int:
    """The hour since the epoch that holds a moment."""
    return at // HOUR


def hour_of_week(hour: int) -> int:
    """Where in the week an hour since the epoch is: 0 is Monday, 0:00 to 1:00 UTC."""
    return (hour + _EPOCH) % WEEK


def measured_s(handled_ms: int) -> int | None:
    """How many seconds a case took its reviewer; None where nobody measured it."""
    if handled_ms < HANDLED_AT_LEAST:
        return None
    return round(min(handled_ms, HANDLED_AT_MOST) / SECOND)


def observe(counts: list[HourCount], weeks: int) -> Observed:
    """What counts of whole weeks come to."""
    opened = [0] * WEEK
    for each in counts:
        opened[hour_of_week(each.hour)] += each.opened
    handled = sum(each.handled for each in counts)
    return Observed(
        weeks=weeks,
        opened=tuple(opened),
        closed=(
            sum(each.closed_lesser for each in counts),
            sum(each.closed_serious for each in counts),
            sum(each.closed_grave for each in counts),
        ),
        handled=handled,
        mean_s=sum(each.handled_s for each in counts) / max(1, handled),
        square_s=sum(each.handled_s2 for each in counts) / max(1, handled),
    )


def clocks_h(factor: float) -> tuple[int, ...]:
    """In how many whole hours cases of severity 1 to 3 have to be decided, two at least."""
    clocks = (clock_for(severity) * factor for severity in SEVERITIES)
    return tuple(max(2, math.floor(clock / HOUR)) for clock in clocks)


def forecast(seen: Observed, what_if: WhatIf) -> Forecast:
    """The fewest reviewers with whom clocks are kept 19 times out of 20; `kit.roster` says how.

    Rates are the counts over the weeks, drawn towards the average hour as though one more week had
    been like it: an hour in which nothing has come yet is not one in which nothing can. In the
    same way half a case of each severity is added to those closed.
    """
    average = seen.cases / WEEK / seen.weeks
    rates = [(count + average) / (seen.weeks + 1) * what_if.arrivals for count in seen.opened]
    parts = [count + 0.5 for count in seen.closed]
    clocks = clocks_h(what_if.clocks)
    kinds = [
        Work(tuple(rate * part / sum(parts) for rate in rates), clock)
        for part, clock in zip(parts, clocks, strict=True)
    ]
    # Seconds of work into hours of presence.
    scale = what_if.handling / (what_if.minutes * MINUTE / SECOND)
    effort = Effort(seen.mean_s * scale, seen.square_s * scale**2, float(seen.weeks))
    roster = plan_week(kinds, effort, hours=what_if.hours())
    low, high = count_between(seen.cases)
    per_week = what_if.arrivals / seen.weeks
    return Forecast(
        roster=roster,
        clocks_h=clocks,
        late=roster.late,
        cases=seen.cases * per_week,
        low=low * per_week,
        high=high * per_week,
        minutes=seen.mean_s * what_if.handling / 60,
    )
