"""What counts in which figure of a report: small logs whose figures can be seen at a glance."""

from typing import Any

import pytest

from folkmoot.domain.tallies.model import (
    Count,
    Measures,
    Notices,
    Orders,
    PeriodInvalid,
    Tally,
    about_of,
    eu_category,
    parse_period,
    recent_periods,
)
from folkmoot.domain.transparency import model as log
from folkmoot.kit.clock import from_iso

BY = "r-abcdefghijklmnop"
SECOND = "r-ponmlkjihgfedcba"
IN, BEFORE, AFTER = "2026-11-02T10:00:00Z", "2026-10-31T10:00:00Z", "2026-12-01T00:00:00Z"


def count(*entries: Any) -> Tally:
    """The figures of November; an entry, or a pair of a moment and an entry."""
    made = Count(parse_period("2026-11"))
    for each in entries:
        at, entry = each if isinstance(each, tuple) else (IN, each)
        made.take(log.Leaf(v=1, at=at, entry=entry))
    return made.tally()


def notice(code: str = "R-1", **more: Any) -> log.Notice:
    said: dict[str, Any] = {
        "code": code,
        "received_at": IN,
        "source": "article-16",
        "category": "SCAMS_AND_FRAUD",
    }
    return log.Notice(**(said | more))


def decision(code: str = "D-1", *restrictions: Any, **more: Any) -> log.Decision:
    said: dict[str, Any] = {
        "code": code,
        "case": f"C-{code}",
        "decided_at": IN,
        "received_at": IN,
        "category": "SCAMS_AND_FRAUD",
        "source": "voluntary",
        "automated_detection": False,
        "automated_decision": "not",
        "ground": "incompatible",
        "by": BY,
        "measures": tuple(log.Measure(restriction=each, step="x") for each in restrictions),
    }
    return log.Decision(**(said | more))


def answer(decision: str, *notices: str, at: str = IN) -> log.Answer:
    return log.Answer(decision=decision, notices=notices, answered_at=at)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
    ],
)
def test_periods(code: str, first: str, last: str) -> None:
    period = parse_period(code)
    assert (period.from_on, period.to_on) == (first, last)
    assert not period.holds(period.end)
    assert period.holds(period.end - 1)


@pytest.mark.parametrize("code", ["", "26", "2026-H3", "2026-Q0", "2026-13", "2026-1", " 2026"])
def test_what_is_no_period(code: str) -> None:
    with pytest.raises(PeriodInvalid):
        parse_period(code)


def test_periods_that_can_be_published() -> None:
    codes = [each.code for each in recent_periods(from_iso("2026-07-02"))]
    assert codes == ["2026-H1", "2025-H2", "2025-H1", "2025"]


def test_each_entry_counts_in_the_period_that_recorded_it() -> None:
    found = count((BEFORE, notice("R-1")), notice("R-2"), (AFTER, notice("R-3")))
    assert (found.entries, found.reports) == (1, 1)
    assert found.notices["TOTAL"].received == 1


def test_notices_by_category_keyword_and_flagger() -> None:
    found = count(
        notice("R-1", keyword="PHISHING", items=3),
        notice("R-2", source="trusted-flagger", items=2),
        notice("R-3", source="other"),
        notice("R-4", category="something"),
    )
    assert found.reports == 4
    assert found.notices["TOTAL"] == Notices(received=3, flagged=1, items=6, flagged_items=2)
    assert found.notices["SCAMS_AND_FRAUD"].received == 2
    assert found.notices["SCAMS_AND_FRAUD/PHISHING"].items == 3
    assert found.notices["SCAMS_AND_FRAUD/OTHER"].flagged == 1
    assert found.notices["NOT_SPECIFIED_NOTICE"].received == 1


def test_the_time_to_action_is_a_median_and_counts_the_first_answer() -> None:
    found = count(
        (BEFORE, notice("R-0", received_at="2026-11-02T09:00:00Z")),
        notice("R-1", source="trusted-flagger"),
        notice("R-2"),
        answer("D-1", "R-0", "R-1"),
        answer("D-2", "R-2", at="2026-11-02T14:30:00Z"),
        answer("D-3", "R-2", at="2026-11-09T14:30:00Z"),
    )
    cell = found.notices["TOTAL"]
    assert (cell.action_h, cell.flagged_action_h) == (1.0, 0.0)
    assert found.automation.notices_by_people == 3
    assert found.automation.flagged_by_people == 1


def test_actions_on_notices_by_law_and_by_terms() -> None:
    found = count(
        decision("D-1", "visibility-removed", source="article-16", ground="illegal"),
        decision("D-2", "visibility-labelled", source="trusted-flagger"),
        decision("D-3", source="article-16"),
    )
    cell = found.notices["TOTAL"]
    assert (cell.by_law, cell.by_terms, cell.flagged_by_terms, cell.flagged_by_law) == (1, 1, 1, 0)
    assert (found.illegal, found.incompatible) == ({}, {})
    assert found.decisions == 3


def test_measures_of_ones_own() -> None:
    found = count(
        decision("D-1", "visibility-removed", "account-suspended", automated_detection=True),
        decision("D-2", "visibility-removed", source="other-notification"),
        decision("D-3", "service-partial-suspension", ground="illegal", keywords=("PHISHING",)),
    )
    assert found.incompatible["SCAMS_AND_FRAUD"] == Measures(
        total=3, detected=2, by={"visibility-removed": 2, "account-suspended": 1}
    )
    assert found.incompatible["SCAMS_AND_FRAUD/OTHER"].total == 3
    assert found.illegal["SCAMS_AND_FRAUD/PHISHING"].total == 1


def test_a_keyword_of_another_category_counts_as_other() -> None:
    found = count(decision("D-1", "visibility-removed", keywords=("HATE_SPEECH",)))
    assert set(found.incompatible) == {"TOTAL", "SCAMS_AND_FRAUD", "SCAMS_AND_FRAUD/OTHER"}


def complaint(code: str = "A-1", **more: Any) -> log.Complaint:
    said: dict[str, Any] = {
        "code": code,
        "decision": "D-1",
        "by": "author",
        "filed_at": IN,
        "about": "visibility",
    }
    return log.Complaint(**(said | more))


def appeal(code: str = "A-1", outcome: Any = "upheld", **more: Any) -> log.Appeal:
    said: dict[str, Any] = {
        "code": code,
        "decision": "D-1",
        "by": "author",
        "filed_at": IN,
        "decided_at": "2026-11-03T10:00:00Z",
        "outcome": outcome,
        "decided_by": SECOND,
    }
    return log.Appeal(**(said | more))


def test_complaints() -> None:
    found = count(
        (BEFORE, complaint("A-0", about="account")),
        *(complaint(f"A-{at}") for at in range(1, 5)),
        appeal("A-0", "reversed"),
        appeal("A-1"),
        appeal("A-2", "partly-reversed"),
        appeal("A-3", "withdrawn"),
    )
    all_, seen = found.complaints[""], found.complaints["visibility"]
    assert (all_.filed, all_.upheld, all_.partly, all_.reversed, all_.omitted) == (4, 1, 1, 1, 1)
    assert (seen.filed, seen.reversed, found.complaints["account"].reversed) == (4, 0, 1)
    assert all_.decided_h == 24.0
    assert found.reviewers == 1


def test_a_restriction_that_follows_from_a_reporters_complaint() -> None:
    first = decision("D-1", case="C-1")
    again = decision("D-2", "visibility-removed", case="C-1")
    by_reporter = {"by": "reporter", "case": "C-1", "about": "no-action"}
    upheld = appeal("A-1", "reversed", by="reporter")
    assert count(first, complaint(**by_reporter), upheld, again, again).newly_imposed == 1
    assert count(first, complaint(**by_reporter), again).newly_imposed == 0


def order(**more: Any) -> log.LegalRequest:
    said: dict[str, Any] = {
        "code": "L-1",
        "order": "to-act",
        "country": "DE",
        "authority": "Court",
        "basis": "Act",
        "category": "NOT_SPECIFIED_ORDER",
        "outcome": "given",
        "received_at": IN,
        "answered_at": IN,
        "confirmed_at": "2026-11-02T11:00:00Z",
        "agreed_by": (BY, SECOND),
        "member_told": True,
        "items": 2,
    }
    return log.LegalRequest(**(said | more))


def test_orders_by_country() -> None:
    found = count(
        order(),
        order(order="to-inform", country="FR", effective_at="2026-11-03T10:00:00Z"),
        order(order="other"),
        order(country="US", outcome="refused"),
    )
    total = found.orders["TOTAL"]["TOTAL"]
    assert (total.to_act, total.items, total.to_inform) == (1, 2, 1)
    assert (total.act_confirmed_h, total.inform_effective_h) == (1.0, 24.0)
    assert found.orders["FR"]["NOT_SPECIFIED_ORDER"].to_inform == 1
    assert found.orders["US"]["TOTAL"] == Orders(to_act=1, items=2, act_confirmed_h=1.0)
    assert found.outcomes == {"given": 3, "refused": 1}


def test_automation() -> None:
    found = count(
        decision("D-1", "visibility-labelled", automated_decision="fully", by=None),
        decision("D-2", "visibility-removed", automated_detection=True),
        decision("D-3", automated_detection=True),
        decision("D-4", "visibility-removed", source="article-16"),
    )
    used = found.automation
    assert (used.automatic, used.by_people, used.own_automatic, used.own_by_people) == (1, 2, 1, 1)
    assert (used.judged, used.right) == (2, 1)
    assert found.reviewers == 1


def test_our_categories_and_the_eus() -> None:
    assert eu_category("hate", "?") == "ILLEGAL_OR_HARMFUL_SPEECH"
    assert eu_category("STATEMENT_CATEGORY_VIOLENCE", "?") == "VIOLENCE"
    assert eu_category("politics", "?") == "?"
    assert about_of("service-partial-suspension", flagged=False) == "service"
    assert about_of(None, flagged=True) == "no-action-flagger"
