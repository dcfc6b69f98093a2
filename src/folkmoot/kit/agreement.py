"""Krippendorff's alpha: how far people agree who judge the same things, beyond what chance makes.

1 is agreement throughout, 0 what chance would bring about. After K. Krippendorff, "Computing
Krippendorff's Alpha-Reliability" (2011), whose worked example the tests hold it to.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import msgspec

# How far two values differ, squared: how often each value was given, from the smallest on, and
# the places of the two, the smaller first.
Metric = Callable[[Sequence[int], int, int], float]
_SURE = 1.96  # standard errors to either side that hold the true value 19 times out of 20


class Reliability(msgspec.Struct, frozen=True):
    """Alpha with the interval that holds it 19 times out of 20, and how many units it rests on."""

    alpha: float
    low: float
    high: float
    units: int


def nominal(given: Sequence[int], one: int, other: int) -> float:
    """Values are alike or not."""
    del given, one, other
    return 1.0


def ordinal(given: Sequence[int], one: int, other: int) -> float:
    """Values have an order: they differ by how many were given from the one to the other."""
    return float(sum(given[one : other + 1]) - (given[one] + given[other]) / 2) ** 2


class _Sums:
    """What alpha is made of: for each pair of values how often they met, for each value how often
    it was given; of units that at least two have judged.
    """

    def __init__(self, patterns: Counter[tuple[int, ...]], width: int) -> None:
        self.given = [0] * width
        self.met = dict.fromkeys(combinations(range(width), 2), 0.0)
        for pattern, times in patterns.items():
            self.add(pattern, times)

    def add(self, pattern: tuple[int, ...], times: int) -> None:
        counts = Counter(pattern)
        for value, count in counts.items():
            self.given[value] += times * count
        for one, other in combinations(sorted(counts), 2):
            self.met[one, other] += times * counts[one] * counts[other] / (len(pattern) - 1)

    def alpha(self, metric: Metric) -> float | None:
        """One, less what is observed to differ over what would by chance; None when it could not
        differ, since all values given are one.
        """
        observed = expected = 0.0
        for (one, other), met in self.met.items():
            if self.given[one] and self.given[other]:
                far = metric(self.given, one, other)
                observed += met * far
                expected += self.given[one] * self.given[other] * far
        return 1 - (sum(self.given) - 1) * observed / expected if expected else None


def measure(units: Iterable[Sequence[int]], metric: Metric) -> Reliability | None:
    """Alpha of the values that each unit was given; units that fewer than two judged count for
    nothing. None where nothing can be said: no such unit, or one value throughout.

    The interval is the jackknife's over units (B. Efron and R. Tibshirani, "An Introduction to the
    Bootstrap", 1993, ch. 11), without chance in it: the same figures for everybody who computes
    them. Where nobody ever disagreed it is the rule of three: of n units at most 3 / n were judged
    by chance, 19 times out of 20.
    """
    judged = [tuple(unit) for unit in units if len(unit) > 1]
    places = {value: at for at, value in enumerate(sorted({v for unit in judged for v in unit}))}
    patterns = Counter(tuple(sorted(places[value] for value in unit)) for unit in judged)
    sums = _Sums(patterns, len(places))
    alpha = sums.alpha(metric)
    if alpha is None:
        return None
    if not any(sums.met.values()):
        return Reliability(alpha, max(-1.0, 1 - 3 / len(judged)), 1.0, len(judged))
    off = _standard_error(sums, patterns, metric)
    if off is None:
        return Reliability(alpha, -1.0, 1.0, len(judged))
    low, high = max(-1.0, alpha - _SURE * off), min(1.0, alpha + _SURE * off)
    return Reliability(alpha, low, high, len(judged))


def _standard_error(
    sums: _Sums, patterns: Counter[tuple[int, ...]], metric: Metric
) -> float | None:
    """By leaving out each unit in turn; those judged alike are worth the same, and done once.
    None when a single unit decides whether there is anything to measure.
    """
    without = []
    for pattern, times in patterns.items():
        sums.add(pattern, -1)
        alpha = sums.alpha(metric)
        sums.add(pattern, 1)
        if alpha is None:
            return None
        without.append((alpha, times))
    number = patterns.total()
    mean = sum(alpha * times for alpha, times in without) / number
    spread = sum((alpha - mean) ** 2 * times for alpha, times in without)
    return math.sqrt((number - 1) / number * spread)
