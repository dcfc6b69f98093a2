"""Krippendorff's alpha, held to the example he published and to what must hold of any data."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.agreement import Metric, Reliability, measure, nominal, ordinal

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, part C: four observers,
# twelve units, 0 where an observer gave no value.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0),
)
EXAMPLE = [[value for value in unit if value] for unit in zip(*OBSERVERS, strict=True)]


def interval(given: Sequence[int], one: int, other: int) -> float:
    """The values of the example are 1 to 5, each given at least once."""
    del given
    return float(other - one) ** 2


def ratio(given: Sequence[int], one: int, other: int) -> float:
    del given
    return ((other - one) / (one + 1 + other + 1)) ** 2


@pytest.mark.parametrize(
    ("metric", "published"),
    [(nominal, 0.743), (ordinal, 0.815), (interval, 0.849), (ratio, 0.797)],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_the_published_example(metric: Metric, published: float) -> None:
    found = measure(EXAMPLE, metric)
    assert found is not None
    assert round(found.alpha, 3) == published
    assert found.units == 11  # the twelfth was judged by one observer alone
    assert found.low < found.alpha < found.high


# The same paper, part A: two observers, ten units, two values.
A = list(zip((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0), strict=True))
# Part B: two observers, twelve units, nominal values a to e.
B = list(
    zip(
        (1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1),
        (2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4),
        strict=True,
    )
)


def test_the_papers_smaller_examples() -> None:
    two, many = measure(A, nominal), measure(B, nominal)
    assert two is not None
    assert many is not None
    assert round(two.alpha, 3) == 0.095
    assert round(many.alpha, 3) == 0.692


def test_what_cannot_be_measured() -> None:
    assert measure([], nominal) is None
    assert measure([(1,), (2,)], nominal) is None
    assert measure([(1, 1)] * 9, nominal) is None
    # A single unit decides that there are two values: all that is known is that alpha is a number.
    alone = measure([(1, 1)] * 9 + [(1, 2)], nominal)
    assert alone is not None
    assert (alone.low, alone.high) == (-1.0, 1.0)


def test_agreement_throughout_is_not_certainty() -> None:
    found = measure([(0, 0)] * 10 + [(1, 1)] * 10, nominal)
    assert found == Reliability(1.0, 1 - 3 / 20, 1.0, 20)


def test_near_misses_weigh_less_where_values_have_an_order() -> None:
    alike = [(n, n) for n in range(6)] * 5
    near = measure([*alike, (2, 3), (3, 2)], ordinal)
    far = measure([*alike, (0, 5), (5, 0)], ordinal)
    assert near is not None
    assert far is not None
    assert near.alpha > 0.95 > far.alpha


units = st.lists(st.lists(st.integers(0, 4), min_size=0, max_size=4), max_size=12)


@given(units, st.sampled_from([nominal, ordinal]), st.randoms())
def test_neither_order_of_units_nor_of_judges_matters(
    drawn: list[list[int]], metric: Metric, chance: random.Random
) -> None:
    mixed = [chance.sample(unit, len(unit)) for unit in chance.sample(drawn, len(drawn))]
    one, other = measure(drawn, metric), measure(mixed, metric)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.alpha == pytest.approx(other.alpha)
        assert one.low == pytest.approx(other.low)
        assert -1 <= one.low <= one.high <= 1
        assert one.alpha <= 1


def test_the_interval_is_as_wide_as_the_bootstraps() -> None:
    chance = random.Random(7)
    data = []
    for _ in range(150):
        true = chance.randrange(5)
        data.append([true if chance.random() < 0.8 else chance.randrange(5) for _ in range(2)])
    for metric in (nominal, ordinal):
        found = measure(data, metric)
        assert found is not None
        drawn = []
        for _ in range(300):
            again = measure(chance.choices(data, k=len(data)), metric)
            assert again is not None
            drawn.append(again.alpha)
        mean = sum(drawn) / len(drawn)
        error = math.sqrt(sum((alpha - mean) ** 2 for alpha in drawn) / (len(drawn) - 1))
        assert (found.high - found.low) / 2 / 1.96 == pytest.approx(error, rel=0.2)
