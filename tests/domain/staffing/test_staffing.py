"""Cases counted by the hour, and what is forecast of them."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.acts import post

from folkmoot.domain.decisions.model import Draft, Step
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import Complaint
from folkmoot.domain.review import actions as review
from folkmoot.domain.staffing import actions, queries
from folkmoot.domain.staffing.model import (
    HourCount,
    Observed,
    WhatIf,
    clocks_h,
    forecast,
    hour_of,
    hour_of_week,
    measured_s,
    observe,
)
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.roster import WEEK, Effort, Work, plan_week
from kit.test_roster import share_late
from plans import check_plan

NONE = Draft(step=Step.NO_ACTION, rule_code="spam-1", facts="One link, once, about bread.")
MONDAY = clock.from_iso("2026-03-02T00:00:00Z")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def test_the_week_begins_on_monday_in_utc() -> None:
    assert hour_of_week(hour_of(MONDAY)) == 0
    assert hour_of_week(hour_of(MONDAY - 1)) == 167
    assert hour_of_week(hour_of(MONDAY + 25 * clock.HOUR)) == 25


def test_what_is_counted_comes_from_real_cases(
    db: Database, ada: Any, bo: Any, join: Any, at: Callable[[int], None]
) -> None:
    rev = join("rev", role="reviewer")

    def report(harm: Harm) -> None:
        said = Complaint(harm=harm, post_ids=(int(post(ada, harm)),))
        db.write_now(reports.file_report, bo.account.id, ada.account.id, said)

    def decide(lasting_s: int) -> None:
        begun = clock.now()
        taken = db.write_now(review.take_next, rev.account.id)
        at(begun + lasting_s * clock.SECOND)
        db.write_now(review.decide_case, rev.account.id, taken.id, NONE)

    at(MONDAY + 9 * clock.HOUR)
    for harm in (Harm.VIOLENCE, Harm.HATE, Harm.SPAM):
        report(harm)
    at(MONDAY + 33 * clock.HOUR)
    for lasting_s in (60, 180, 0):
        decide(lasting_s)
    at(MONDAY + WEEK * clock.HOUR)
    assert db.read_now(queries.get_observed).weeks == 0  # the first hour was not a week ago
    at(MONDAY + 2 * WEEK * clock.HOUR)
    seen = db.read_now(queries.get_observed)
    assert (seen.weeks, seen.cases) == (1, 0)  # what is older than whole weeks is left out
    at(MONDAY + (WEEK + 9) * clock.HOUR)
    seen = db.read_now(queries.get_observed)
    assert (seen.weeks, seen.opened[9], seen.cases) == (1, 3, 3)
    assert seen.closed == (1, 1, 1)
    # The third was decided in no time: nobody measured how long it took.
    assert (seen.handled, seen.mean_s, seen.square_s) == (2, 120, (60**2 + 180**2) / 2)
    assert not seen.enough


def test_counting_survives_many_in_one_hour(db: Database) -> None:
    def count(tx: Tx) -> None:
        for _ in range(5):
            actions.count_opened(tx)

    db.write_now(count)
    db.write_now(count)
    rows = db.read_now(lambda tx: tx.all(queries._BETWEEN, first=0, end=1 << 40))
    assert [(row.opened, row.handled) for row in rows] == [(10, 0)]


def test_old_hours_are_forgotten(
    db: Database, at: Callable[[int], None], run_jobs: Callable[[], None]
) -> None:
    at(MONDAY)
    db.write_now(actions.count_opened)
    at(MONDAY + 26 * WEEK * clock.HOUR)
    db.write_now(actions.forget_old_hours)
    assert db.read_now(lambda tx: tx.one(queries._FIRST, now_hour=7)) == hour_of(MONDAY)
    at(MONDAY + (26 * WEEK + 1) * clock.HOUR)
    db.write_now(actions.forget_old_hours)
    assert db.read_now(lambda tx: tx.one(queries._FIRST, now_hour=7)) == 7


@pytest.mark.parametrize(
    ("handled_ms", "seconds"),
    [(0, None), (999, None), (1_000, 1), (90_400, 90), (16 * clock.HOUR, 3_600)],
    ids=str,
)
def test_what_nobody_measured_and_what_was_interrupted(
    handled_ms: int, seconds: int | None
) -> None:
    assert measured_s(handled_ms) == seconds


def test_clocks_are_those_of_the_desk() -> None:
    assert clocks_h(1.0) == (72, 24, 4)
    assert clocks_h(2.0) == (144, 48, 8)
    assert clocks_h(0.01) == (2, 2, 2)


def test_clocks_are_kept_by_the_order_of_the_desk_and_not_in_order_of_arrival() -> None:
    """Weeks are simulated in which cases are taken as the desk takes them."""
    busy = tuple(1.5 if 16 <= hour % 24 < 23 else 0.5 for hour in range(WEEK))
    arrivals = [tuple(rate * each for each in busy) for rate in (12.0, 4.0, 0.3)]
    clocks = clocks_h(1.0)
    kinds = [Work(each, due) for each, due in zip(arrivals, clocks, strict=True)]
    roster = plan_week(kinds, Effort(0.1, 0.02, 8.0), hours=[True] * WEEK)
    grave = [Work(each.arrivals, 10_000) for each in kinds[:2]] + kinds[2:]

    def late(ahead: dict[int, float]) -> list[float]:
        """How much of the grave alone, and of all, is late."""
        return [share_late(each, roster, 0.1, 30, ahead_h=ahead) for each in (grave, kinds)]

    assert max(late({n: float(clocks[0] - due) for n, due in enumerate(clocks)})) < 0.02
    of_grave, _ = late(dict.fromkeys(range(3), 0.0))
    # Grave cases are two in a hundred, and most of them are late.
    assert of_grave > 0.01


def seen(per_hour: int, *, weeks: int = 8, mean_s: float = 240) -> Observed:
    counts = [
        HourCount(hour, opened=per_hour * (1 + (hour % 24 >= 12)))
        for hour in range(hour_of(MONDAY), hour_of(MONDAY) + weeks * WEEK)
    ]
    made = observe(counts, weeks)
    return msgspec.structs.replace(
        made, closed=(900, 90, 10), handled=1_000, mean_s=mean_s, square_s=2 * mean_s**2
    )


def test_a_forecast_grows_with_what_is_supposed() -> None:
    busy = seen(6)
    plain = forecast(busy, WhatIf())
    assert busy.enough
    assert plain.cases == pytest.approx(9 * WEEK)
    assert plain.low < plain.cases < plain.high
    assert plain.minutes == pytest.approx(4)
    assert plain.late == (0, 0, 0)
    # 9 cases an hour of 4 minutes, 45 of 60 minutes: 0.8 reviewers, and room for chance.
    assert 0.8 * WEEK < plain.roster.hours < 1.2 * WEEK
    for more in (WhatIf(arrivals=2.0), WhatIf(handling=2.0), WhatIf(minutes=20)):
        assert forecast(busy, more).roster.hours > 1.5 * plain.roster.hours, more
    assert forecast(busy, WhatIf(clocks=4.0)).roster.most <= plain.roster.most
    assert forecast(busy, WhatIf(arrivals=0.1)).roster.hours < plain.roster.hours / 2


def test_hours_that_nobody_can_be_there_are_empty_and_what_is_late_is_told() -> None:
    daytime = forecast(seen(6), WhatIf(opens=8, closes=18))
    assert all(n == 0 for h, n in enumerate(daytime.roster.people) if not 8 <= h % 24 < 18)
    assert daytime.late[2] > 0
    assert daytime.roster.hours >= 0.8 * WEEK
    weekdays = forecast(seen(6), WhatIf(days=(0, 1, 2, 3, 4)))
    assert sum(weekdays.roster.people[5 * 24 :]) == 0
    assert min(weekdays.late[1:]) > 0


def test_a_day_may_go_on_after_midnight() -> None:
    hours = WhatIf(opens=22, closes=2, days=(6,)).hours()
    assert [hour for hour, is_open in enumerate(hours) if is_open] == [0, 1, 166, 167]
    assert all(WhatIf().hours())


def test_half_a_case_of_each_severity_is_supposed() -> None:
    """That no grave case has come is no promise that none will."""
    quiet = msgspec.structs.replace(seen(6), closed=(1_000, 0, 0))
    assert forecast(quiet, WhatIf()).roster.hours > 0
    assert forecast(quiet, WhatIf(opens=8, closes=18)).late[2] > 0


def test_too_little_is_no_ground_for_a_forecast() -> None:
    assert not seen(6, weeks=1).enough
    assert not msgspec.structs.replace(seen(6), handled=29).enough
    assert not msgspec.structs.replace(seen(6), opened=(0,) * WEEK).enough


def test_plans(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._BETWEEN, first=1, end=2)
        check_plan(tx, queries._FIRST, now_hour=1)

    db.read_now(check)
