"""The formula, and that it counts what docs/trends.md says."""

from pathlib import Path

import pytest

from folkmoot.domain.discovery.actions import week_start
from folkmoot.domain.discovery.model import (
    HALF_LIFE,
    MIN_PEOPLE,
    MOST_TRENDS,
    PER_AUTHOR,
    POST_HALF_LIFE,
    POST_WINDOW,
    WINDOW_DAYS,
    Candidate,
    DayUse,
    Kind,
    PostUse,
    decay,
    rank,
    score_days,
    score_posts,
)
from folkmoot.kit import clock

NOW = clock.from_iso("2026-11-24T15:00:00")
TODAY = clock.day_start(NOW)


def test_half_is_left_after_a_half_life() -> None:
    assert decay(8, 0, HALF_LIFE) == 8
    assert decay(8, HALF_LIFE, HALF_LIFE) == 4
    assert decay(8, 3 * HALF_LIFE, HALF_LIFE) == 1
    assert decay(8, -HALF_LIFE, HALF_LIFE) == 8


def test_days_are_summed_with_older_ones_counting_less() -> None:
    uses = [
        DayUse(1, TODAY, 9, 4),
        DayUse(1, TODAY - clock.DAY, 9, 4),
        DayUse(2, TODAY - 2 * clock.DAY, 9, 16),
    ]
    scores = {candidate.subject_id: candidate.score for candidate in score_days(uses, NOW)}
    assert scores == {1: 6, 2: 4}


def test_one_person_sets_no_trend() -> None:
    uses = [DayUse(1, TODAY - day * clock.DAY, 50, 1) for day in range(7)]
    assert rank(Kind.TAG, score_days(uses, NOW)) == []


def test_posts_count_by_what_others_did_with_them() -> None:
    posts = [
        PostUse(1, 7, NOW, 2, 2),  # type: ignore[arg-type]
        PostUse(2, 8, NOW - POST_HALF_LIFE, 10, 0),  # type: ignore[arg-type]
        PostUse(3, 9, NOW, 1, 1),  # type: ignore[arg-type]
    ]
    ranked = rank(Kind.POST, score_posts(posts, NOW))
    assert [(trend.subject_id, trend.score) for trend in ranked] == [(2, 5), (1, 4)]


def test_no_author_takes_every_place() -> None:
    posts = [Candidate(number, 7, 10 - number, 5) for number in range(5)]
    ranked = rank(Kind.POST, [*posts, Candidate(9, 8, 1, 5)])
    assert [trend.subject_id for trend in ranked] == [0, 1, 9]


def test_of_equals_the_newer_comes_first_and_no_more_than_are_kept() -> None:
    ranked = rank(Kind.TAG, [Candidate(number, 0, 1, 2) for number in range(MOST_TRENDS + 5)])
    assert len(ranked) == MOST_TRENDS
    assert ranked[0].subject_id == MOST_TRENDS + 4


@pytest.mark.parametrize(
    "said",
    [
        f"| {WINDOW_DAYS} days | day |",
        f"| {POST_WINDOW // clock.DAY} days | {POST_HALF_LIFE // clock.HOUR} hours |",
    ],
)
def test_the_document_says_what_the_code_does(said: str) -> None:
    text = (Path(__file__).parents[3] / "docs/trends.md").read_text()
    assert said in text
    assert (HALF_LIFE, MIN_PEOPLE, PER_AUTHOR, MOST_TRENDS) == (clock.DAY, 2, 2, 40)


def test_weeks_begin_on_monday() -> None:
    monday = clock.from_iso("2026-11-23")
    assert week_start(NOW) == monday
    assert week_start(monday) == monday
    assert week_start(monday - 1) == monday - 7 * clock.DAY
