"""Which of many conditions could be true at all: decided for all of them at once.

A set of conditions is one number, a bit for each. For a fact that is compared with bounds there is
a ladder: between any two bounds, the set of the conditions whose comparisons hold there.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from folkmoot.kit.criteria.conditions import AnyOf, Clause, Compare, OneOf


class Signals(msgspec.Struct, frozen=True):
    """At least one of these signals must have come."""

    any_of: frozenset[Hashable]


class Shortlist:
    """Conditions by their clauses. Clauses on facts that are not `ready`, being dear to find out,
    are left to the conditions themselves.
    """

    def __init__(self, needs: Sequence[Sequence[Clause | Signals]], ready: Collection[str]) -> None:
        self._all = (1 << len(needs)) - 1
        self._started, self._free = _starts(needs)
        bounds: defaultdict[str, list[tuple[int, Compare]]] = defaultdict(list)
        choices: defaultdict[str, list[tuple[int, frozenset[Any]]]] = defaultdict(list)
        for number, clauses in enumerate(needs):
            for clause in clauses:
                if isinstance(clause, Compare) and clause.name in ready:
                    bounds[clause.name].append((number, clause))
                elif isinstance(clause, OneOf) and clause.name in ready:
                    choices[clause.name].append((number, clause.values))
                elif isinstance(clause, AnyOf) and len(clause.names) == 1:
                    (name,) = clause.names
                    if name in ready:
                        choices[name].append((number, frozenset({True})))
        self._ladders = [(name, *_ladder(found, self._all)) for name, found in bounds.items()]
        self._choices = [(name, *_choice(found, self._all)) for name, found in choices.items()]

    def candidates(self, signals: Iterable[Hashable], facts: Mapping[str, Any]) -> list[int]:
        """The numbers, rising, of the conditions that may be true."""
        left = self._free
        started = self._started
        for signal in signals:
            left |= started.get(signal, 0)
        for name, by_value, others in self._choices:
            if not left:
                return []
            left &= by_value.get(facts[name], others)
        for name, bounds, steps in self._ladders:
            if not left:
                return []
            value = facts[name]
            left &= steps[bisect_left(bounds, value) + bisect_right(bounds, value)]
        found = []
        while left:
            lowest = left & -left
            found.append(lowest.bit_length() - 1)
            left ^= lowest
        return found


def _starts(needs: Sequence[Sequence[Clause | Signals]]) -> tuple[dict[Hashable, int], int]:
    """For each signal the conditions that wait for it, and those that wait for none. Of several
    choices that a condition needs, the narrowest is watched.
    """
    started: defaultdict[Hashable, int] = defaultdict(int)
    free = 0
    for number, clauses in enumerate(needs):
        waits = [clause.any_of for clause in clauses if isinstance(clause, Signals)]
        if not waits:
            free |= 1 << number
        for signal in min(waits, key=len, default=frozenset()):
            started[signal] |= 1 << number
    return dict(started), free


def _ladder(
    compared: Sequence[tuple[int, Compare]], everybody: int
) -> tuple[list[float], list[int]]:
    """The bounds, and the sets for: below the first, at the first, between it and the second, …"""
    bounds = sorted({clause.bound for _, clause in compared})
    at = {bound: 2 * place + 1 for place, bound in enumerate(bounds)}
    steps = [everybody] * (2 * len(bounds) + 1)
    for number, clause in compared:
        for step in range(len(steps)):
            if not _stands(step, clause.sign, at[clause.bound]):
                steps[step] &= ~(1 << number)
    return bounds, steps


def _stands(step: int, sign: str, bound: int) -> bool:
    match sign:
        case "<":
            return step < bound
        case "<=":
            return step <= bound
        case ">":
            return step > bound
        case ">=":
            return step >= bound
    return step == bound


def _choice(
    wanted: Sequence[tuple[int, frozenset[Any]]], everybody: int
) -> tuple[dict[Any, int], int]:
    """For each value the set of conditions that are content with it, and those with any other."""
    others = everybody
    for number, _ in wanted:
        others &= ~(1 << number)
    by_value = {}
    for value in frozenset[Any]().union(*(values for _, values in wanted)):
        content = everybody
        for number, values in wanted:
            if value not in values:
                content &= ~(1 << number)
        by_value[value] = content
    return by_value, others
