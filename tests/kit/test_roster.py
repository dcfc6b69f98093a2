"""Rosters, held against simulated weeks and against what must hold of each."""

import heapq
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.kit.roster import WEEK, Effort, Roster, Work, count_between, plan_week

ALWAYS = [True] * WEEK
DAYTIME = [8 <= hour % 24 < 20 for hour in range(WEEK)]
# Six minutes, exponentially distributed: the mean square is twice the square of the mean.
SIX_MINUTES = Effort(0.1, 0.02, 8.0)


def busy(rate: float) -> tuple[float, ...]:
    """Three times as much in the evening as at night."""
    return tuple(rate * (1.5 if 16 <= hour % 24 < 23 else 0.5) for hour in range(WEEK))


def share_late(
    kinds: list[Work],
    roster: Roster,
    mean_h: float,
    weeks: int,
    *,
    ahead_h: dict[int, float] | None = None,
) -> float:
    """Simulates: pieces arrive by chance, each takes its time, whoever is there takes what is due
    first; or, with `ahead_h`, what came first, each kind that many hours ahead of its arrival. The
    share that was done too late.
    """
    chance = random.Random(3)
    arrived = []
    for at in range(weeks * WEEK):
        for which, kind in enumerate(kinds):
            rate = kind.arrivals[at % WEEK]
            moment = at + (chance.expovariate(rate) if rate else 1.0)
            while moment < at + 1:
                due = moment + kind.due_h
                rank = due if ahead_h is None else moment - ahead_h[which]
                arrived.append((moment, rank, due, chance.expovariate(1 / mean_h)))
                moment += chance.expovariate(rate)
    arrived.sort()
    waiting: list[tuple[float, float, float]] = []
    late = at_next = 0
    for hour in range(weeks * WEEK):
        while at_next < len(arrived) and arrived[at_next][0] < hour:
            heapq.heappush(waiting, arrived[at_next][1:])
            at_next += 1
        for _ in range(roster.people[hour % WEEK]):
            clock = float(hour)
            while waiting and clock < hour + 1:
                rank, due, takes = heapq.heappop(waiting)
                if clock + takes > hour + 1:  # the rest of it is for the next hour
                    heapq.heappush(waiting, (rank, due, takes - (hour + 1 - clock)))
                    break
                clock += takes
                late += clock > due
    return late / max(1, len(arrived))


def test_simulated_weeks_keep_the_clocks() -> None:
    kinds = [Work(busy(0.3), 4), Work(busy(4), 24), Work(busy(12), 72)]
    roster = plan_week(kinds, SIX_MINUTES, hours=ALWAYS)
    assert roster.late == (0.0, 0.0, 0.0)
    assert share_late(kinds, roster, 0.1, weeks=60) < 0.02
    # It is not generous, either: with a fifth fewer hours much comes late.
    fewer = Roster(tuple(n if hour % 5 else 0 for hour, n in enumerate(roster.people)), ())
    assert share_late(kinds, fewer, 0.1, weeks=60) > 0.1
    load = sum(sum(kind.arrivals) for kind in kinds) * 0.1
    assert load < roster.hours < 1.35 * load


def test_a_single_grave_case_wants_somebody_to_look_in_time() -> None:
    rare = [Work((0.02,) * WEEK, 4)]
    roster = plan_week(rare, SIX_MINUTES, hours=ALWAYS)
    assert roster.most == 1
    # Pieces can be worked on in three whole hours: in any three in a row somebody is there.
    for first in range(WEEK):
        assert sum(roster.people[(first + n) % WEEK] for n in range(3)) >= 1
    assert roster.hours == WEEK / 3


def test_what_comes_due_while_nobody_is_there_is_late_and_waits_for_the_morning() -> None:
    kinds = [Work((1.0,) * WEEK, 4), Work((1.0,) * WEEK, 72)]
    roster = plan_week(kinds, SIX_MINUTES, hours=DAYTIME)
    assert all(n == 0 for hour, n in enumerate(roster.people) if not DAYTIME[hour])
    # Nobody is there from 20 to 8: what arrives in the ten hours from 19 on has no open hour
    # of the three in which it could be done.
    assert roster.late == (7 * 10.0, 0.0)


def test_nobody_anywhere_keeps_no_clock() -> None:
    roster = plan_week([Work((1.0,) * WEEK, 24)], SIX_MINUTES, hours=[False] * WEEK)
    assert (roster.hours, roster.late) == (0, (168.0,))


def test_without_work_nobody_is_needed() -> None:
    assert plan_week([Work((0.0,) * WEEK, 4)], SIX_MINUTES, hours=ALWAYS).hours == 0


def test_fewer_weeks_counted_ask_for_more() -> None:
    kinds = [Work(busy(5), 24)]
    sure = plan_week(kinds, Effort(0.1, 0.02, 52.0), hours=ALWAYS)
    unsure = plan_week(kinds, Effort(0.1, 0.02, 1.0), hours=ALWAYS)
    assert unsure.hours > sure.hours


rates = st.lists(st.floats(0, 30), min_size=WEEK, max_size=WEEK)


@settings(max_examples=15, deadline=None)
@given(rates, rates, st.integers(2, 30), st.integers(0, 22), st.integers(1, 24))
def test_every_stretch_holds_what_is_due_in_it(
    grave: list[float], lesser: list[float], due_h: int, opens: int, long: int
) -> None:
    hours = [opens <= hour % 24 < opens + long for hour in range(WEEK)]
    kinds = [Work(tuple(grave), due_h), Work(tuple(lesser), 3 * due_h)]
    roster = plan_week(kinds, SIX_MINUTES, hours=hours)
    assert all(n == 0 for hour, n in enumerate(roster.people) if not hours[hour])
    assert roster.hours >= sum(map(sum, (grave, lesser))) * 0.1
    for first in range(0, WEEK, 7):
        for length in (due_h - 1, due_h, 3 * due_h, 100):
            inside = [(first + n) % WEEK for n in range(length)]
            work = 0.0
            for kind in kinds:
                for offset in range(length - kind.due_h + 2):
                    arrives = (first + offset - 1) % WEEK
                    window = [(arrives + 1 + n) % WEEK for n in range(kind.due_h - 1)]
                    work += kind.arrivals[arrives] * any(hours[each] for each in window)
            assert sum(roster.people[each] for each in inside) >= work * 0.1 - 1e-6


# Garwood's exact limits, as tables of the Poisson distribution print them.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.025, 5.572),
        (5, 1.623, 11.668),
        (20, 12.217, 30.888),
        (100, 81.36, 121.63),
    ],
    ids=str,
)
def test_limits_of_a_count(count: int, low: float, high: float) -> None:
    found = count_between(count)
    assert found[0] == pytest.approx(low, rel=0.01, abs=0.03)
    assert found[1] == pytest.approx(high, rel=0.01)
