"""How many people must be there in each hour of a week, so that work that arrives by chance is
done before it is due; and how sure a rate is that was counted. Hours are numbers from 0 to 167.
"""

import math
from collections.abc import Sequence
from itertools import accumulate

import msgspec

WEEK = 168
# Standard deviations above the mean that hold what arrives 19 times out of 20 (one-sided).
SURE = 1.645


class Work(msgspec.Struct, frozen=True):
    """A kind of work: how much of it arrives in each hour of the week on average, and in how many
    hours each piece is due.
    """

    arrivals: tuple[float, ...]
    due_h: int


class Effort(msgspec.Struct, frozen=True):
    """What a piece of work takes: the mean in hours of a person's presence, and the mean of its
    square; `weeks` is over how many weeks arrivals were counted.
    """

    mean_h: float
    square_h: float
    weeks: float


class Roster(msgspec.Struct, frozen=True):
    """How many are there in each hour, and how many pieces of each kind a week come due while
    nobody can be there, however many there are otherwise.
    """

    people: tuple[int, ...]
    late: tuple[float, ...]

    @property
    def most(self) -> int:
        return max(self.people)

    @property
    def hours(self) -> int:
        return sum(self.people)


def plan_week(kinds: Sequence[Work], effort: Effort, *, hours: Sequence[bool]) -> Roster:
    """The fewest people at once, and then about the fewest hours, with which work is done in time.

    The processor demand criterion of real-time scheduling (S. Baruah, L. Rosier and R. Howell,
    "Algorithms and complexity concerning the preemptive scheduling of periodic, real-time tasks on
    one processor", Real-Time Systems 2, 1990): when what is due first is done first, all is done in
    time if and only if, in each stretch of time, what both arrives and is due within it is no more
    than can be done in it. Arrivals are Poisson, so the work of a stretch has a mean and a variance
    (of a compound Poisson process, and of the mean that was estimated from `weeks`); what is
    asked for is that it fits 19 times out of 20. A piece of work counts from the hour after the
    one it arrives in to the last whole hour before it is due.

    `hours` says when anybody can be there. What comes due while nobody can is late, and is wanted
    in the next hour in which somebody can. A roster of nobody when no hour is open.
    """
    if not any(hours):
        return Roster((0,) * WEEK, tuple(sum(kind.arrivals) for kind in kinds))
    closing = _hours_to_next(hours)
    late = []
    # By the hour from which a piece can be worked on and how many hours it may take: arrivals.
    windows: list[dict[int, float]] = [{} for _ in range(WEEK)]
    for kind in kinds:
        missed = 0.0
        for hour, rate in enumerate(kind.arrivals):
            begin, length = (hour + 1) % WEEK, max(1, kind.due_h - 1)
            if closing[begin] >= length:
                length, missed = closing[begin] + 1, missed + rate
            if rate:
                windows[begin][length] = windows[begin].get(length, 0.0) + rate
        late.append(missed)
    needs = _needs(windows, effort)
    return Roster(tuple(_fill(needs, hours)), tuple(late))


def _hours_to_next(hours: Sequence[bool]) -> list[int]:
    """For each hour of the week, how long it is until an hour in which somebody can be there."""
    until, found = [0] * WEEK, 0
    for at in reversed(range(2 * WEEK)):
        found = 0 if hours[at % WEEK] else found + 1
        until[at % WEEK] = found
    return until


def _needs(windows: Sequence[dict[int, float]], effort: Effort) -> list[list[int]]:
    """For each hour and each number of hours up to a week, how many hours of presence the stretch
    that ends with that hour must hold.
    """
    spread = effort.square_h + effort.mean_h**2 / effort.weeks
    all_week = sum(sum(each.values()) for each in windows)
    needs: list[list[int]] = [[0] * (WEEK + 1) for _ in range(WEEK)]
    for first in range(WEEK):
        due = [0.0] * (WEEK + 1)
        for offset in range(WEEK):
            for length, rate in windows[(first + offset) % WEEK].items():
                if offset + length <= WEEK:
                    due[offset + length] += rate
        # Over the whole week all of it has to be done, also what is due just after its end.
        totals = [*accumulate(due[:WEEK]), all_week]
        for length in range(1, WEEK + 1):
            if rate := totals[length]:
                hours = rate * effort.mean_h + SURE * math.sqrt(rate * spread)
                needs[(first + length - 1) % WEEK][length] = math.ceil(hours - 1e-9)
    return needs


def _fill(needs: Sequence[Sequence[int]], hours: Sequence[bool]) -> list[int]:
    """Puts people into hours, as late as the stretches that end with each hour allow, which takes
    the fewest (what serves an earlier need serves a later one, too). The second week, which
    follows on the first, is the one that repeats; the third only adds what its seam lacks.
    """
    most = _peak(needs, hours)
    people = [0] * WEEK
    for week in range(3):
        for end in range(WEEK):
            if week < 2:
                people[end] = 0
            _meet(people, needs[end], hours, end, most)
    return people


def _peak(needs: Sequence[Sequence[int]], hours: Sequence[bool]) -> int:
    """The fewest people at once with which every stretch can hold what it must."""
    most = 0
    for end in range(WEEK):
        open_hours = 0
        for length in range(1, WEEK + 1):
            open_hours += hours[(end - length + 1) % WEEK]
            if need := needs[end][length]:
                most = max(most, -(-need // open_hours))
    return most


def _meet(
    people: list[int], needs: Sequence[int], hours: Sequence[bool], end: int, most: int
) -> None:
    there = 0
    for length in range(1, WEEK + 1):
        there += people[(end - length + 1) % WEEK]
        back = 0
        while there < needs[length] and back < length:
            hour = (end - back) % WEEK
            more = min(needs[length] - there, most - people[hour]) if hours[hour] else 0
            people[hour] += more
            there += more
            back += 1


def count_between(count: int) -> tuple[float, float]:
    """What number could lie behind a count of independent events, 19 times out of 20.

    F. Garwood, "Fiducial limits for the Poisson distribution" (1936), by the approximation of
    Wilson and Hilferty (1931); within 1 % of the exact limits from a count of 2 on.
    """
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * math.sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    return max(0.0, low), above * (1 - 1 / (9 * above) + 1.96 / (3 * math.sqrt(above))) ** 3
