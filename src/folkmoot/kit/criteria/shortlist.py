"""Which of many conditions could be true at all: decided for all of them at once.

A set of conditions is one number, a bit for each. For a fact that is compared with bounds there is
a ladder: between any two bounds, the set of the conditions whose comparisons hold there.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from folkmoot.kit.criteria.conditions import SIGNS, AnyOf, Clause, Compare, OneOf


class Signals(msgspec.Struct, frozen=True):
    """At least one of these signals must have come."""

    any_of: frozenset[Hashable]


class Shortlist:
    """Conditions by their clauses. Facts are asked for in the order of `ready`, the cheapest first,
    each only while a condition that compares it is left; clauses on other facts, being dear to
    find out, are left to the conditions themselves.
    """

    def __init__(self, needs: Sequence[Sequence[Clause | Signals]], ready: Sequence[str]) -> None:
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
        self._steps: list[_Ladder | _Choice] = []
        for name in ready:
            if name in choices:
                self._steps.append(_Choice(name, choices[name], self._all))
            if name in bounds:
                self._steps.append(_Ladder(name, bounds[name], self._all))

    def candidates(self, signals: Iterable[Hashable], facts: Mapping[str, Any]) -> list[int]:
        """The numbers, rising, of the conditions that may be true."""
        left = self._free
        for signal in signals:
            left |= self._started.get(signal, 0)
        for step in self._steps:
            if left & step.users:
                left &= step.content(facts[step.name])
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


class _Ladder:
    """For a fact that is compared: its bounds, and who is content below the first, at the first,
    between it and the second, and so on.
    """

    def __init__(self, name: str, compared: Sequence[tuple[int, Compare]], everybody: int) -> None:
        self.name = name
        self.users = sum(1 << number for number in {number for number, _ in compared})
        self._bounds = sorted({clause.bound for _, clause in compared})
        at = {bound: 2 * place + 1 for place, bound in enumerate(self._bounds)}
        self._steps = [everybody] * (2 * len(self._bounds) + 1)
        for number, clause in compared:
            for step in range(len(self._steps)):
                if not SIGNS[clause.sign](step, at[clause.bound]):
                    self._steps[step] &= ~(1 << number)

    def content(self, value: float) -> int:
        bounds = self._bounds
        return self._steps[bisect_left(bounds, value) + bisect_right(bounds, value)]


class _Choice:
    """For a fact that must have certain values: who is content with each, and with any other."""

    def __init__(
        self, name: str, wanted: Sequence[tuple[int, frozenset[Any]]], everybody: int
    ) -> None:
        self.name = name
        self.users = sum(1 << number for number in {number for number, _ in wanted})
        self._others = everybody & ~self.users
        self._by_value = {}
        for value in frozenset[Any]().union(*(values for _, values in wanted)):
            content = everybody
            for number, values in wanted:
                if value not in values:
                    content &= ~(1 << number)
            self._by_value[value] = content

    def content(self, value: Any) -> int:
        return self._by_value.get(value, self._others)
