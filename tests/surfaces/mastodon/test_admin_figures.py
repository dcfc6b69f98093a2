"""What is counted for the team, and what it lets through to the trends."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from conftest import ALL_SCOPES, Member
from folkmoot.domain.auth import actions as auth_actions
from folkmoot.domain.auth import queries as auth
from folkmoot.domain.cards.actions import store_card
from folkmoot.domain.cards.queries import find_linked_card
from folkmoot.domain.discovery.actions import compute_trends
from folkmoot.domain.reports import queries as reports
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Discovery, Settings
from golden_day import PAGE
from plans import check_plan

TRENDS = "/api/v1/admin/trends"
NEWS = "News: https://news.example/moot #moot"


@pytest.fixture
def reviewed() -> bool:
    """Whether the team lets trends through."""
    return True


@pytest.fixture
def settings(settings: Settings, reviewed: bool) -> Settings:
    return msgspec.structs.replace(settings, discovery=Discovery(trends_review=reviewed))


@pytest.fixture
def root(join: Callable[..., Member]) -> Member:
    return join("root", role="administrator", scopes=f"{ALL_SCOPES} admin:read admin:write")


@pytest.fixture
def trending(ada: Any, bo: Any, join: Any, db: Database) -> dict[str, str]:
    """A tag, a link and a post of which many speak, by kind."""
    ada.patch("/api/v1/accounts/update_credentials", discoverable=True)
    made = [one.post("/api/v1/statuses", status=NEWS).json() for one in (ada, bo)]
    card_id = db.read_now(find_linked_card, int(made[0]["id"]))
    assert card_id is not None
    db.write_now(store_card, card_id, PAGE)
    for one in (bo, join("cy")):
        one.post(f"/api/v1/statuses/{made[0]['id']}/favourite")
    db.write_now(compute_trends)
    tag = ada.get("/api/v1/tags/moot").json()["id"]
    return {"tags": tag, "links": str(card_id), "statuses": made[0]["id"]}


@pytest.mark.parametrize("kind", ["tags", "links", "statuses"])
def test_the_team_lets_through_and_takes_back(
    root: Any, visitor: Any, trending: dict[str, str], kind: str
) -> None:
    found = root.get(f"{TRENDS}/{kind}").json()
    assert trending[kind] in [one["id"] for one in found]
    assert visitor.get(f"/api/v1/trends/{kind}").json() == []
    approved = root.post(f"{TRENDS}/{kind}/{trending[kind]}/approve").json()
    assert (approved["id"], approved.get("requires_review", False)) == (trending[kind], False)
    assert len(visitor.get(f"/api/v1/trends/{kind}").json()) == 1
    assert root.post(f"{TRENDS}/{kind}/{trending[kind]}/reject").status_code == 200
    assert visitor.get(f"/api/v1/trends/{kind}").json() == []
    assert root.post(f"{TRENDS}/{kind}/77/approve").status_code == 404


@pytest.mark.parametrize("reviewed", [False])
def test_where_the_formula_alone_decides_nobody_takes_anything_out(
    root: Any, visitor: Any, trending: dict[str, str]
) -> None:
    assert root.get(f"{TRENDS}/tags").json()[0]["trendable"]
    refused = root.post(f"{TRENDS}/statuses/{trending['statuses']}/reject")
    assert (refused.status_code, "published formula" in refused.text) == (422, True)
    assert len(visitor.get("/api/v1/trends/statuses").json()) == 1


def test_trends_are_no_matter_of_reviewers(join: Any) -> None:
    rev = join("rev", role="reviewer", scopes="admin:read admin:write")
    assert rev.get(f"{TRENDS}/tags").status_code == 403


def test_days_are_counted(root: Any, ada: Any, bo: Any) -> None:
    today = clock.iso_day(clock.now())
    made = ada.post("/api/v1/reports", account_id=bo.id, category="spam").json()
    root.post(f"/api/v1/admin/reports/{made['id']}/resolve")
    ada.post("/api/v1/statuses", status="A #tree")
    tag = ada.get("/api/v1/tags/tree").json()["id"]
    found = root.post(
        "/api/v1/admin/measures",
        keys=["new_users", "opened_reports", "resolved_reports", "tag_uses", "tag_accounts", "x"],
        start_at=clock.iso_day(clock.now() - 30 * clock.DAY),
        end_at=today,
        tag_uses={"id": tag},
        tag_accounts={"id": tag},
    )
    assert found.status_code == 200, found.text
    totals = {one["key"]: one["total"] for one in found.json()}
    assert totals == {
        "new_users": "3",
        "opened_reports": "1",
        "resolved_reports": "1",
        "tag_uses": "1",
        "tag_accounts": "1",
    }
    assert {one["previous_total"] for one in found.json()} == {"0"}
    assert found.json()[0]["data"][-1]["value"] == "3"


@pytest.mark.parametrize(
    "span",
    [
        {},
        {"start_at": "yesterday", "end_at": "2026-01-01"},
        {"start_at": "2026-01-02", "end_at": "2026-01-01"},
        {"start_at": "2024-01-01", "end_at": "2026-01-01"},
        {"start_at": "0001-01-01", "end_at": "0001-01-02"},
    ],
)
def test_a_span_must_be_one(root: Any, span: dict[str, str]) -> None:
    refused = root.post("/api/v1/admin/measures", keys=["new_users"], **span)
    assert (refused.status_code, "at most a year apart" in refused.text) == (422, True)


def test_what_runs_here_is_told(root: Any) -> None:
    keys = ["software_versions", "space_usage", "languages"]
    versions, space = root.post("/api/v1/admin/dimensions", keys=keys).json()
    assert [one["key"] for one in versions["data"]][:2] == ["folkmoot", "python"]
    assert int(space["data"][0]["value"]) > 10_000


def test_who_stays_is_told_by_when_they_were_seen_last(root: Any, ada: Any, db: Database) -> None:
    now = clock.now()
    today, soon = clock.iso_day(now), clock.iso_day(now + clock.DAY)
    db.write_now(auth_actions.note_activity, {ada.account.id: now + clock.DAY})
    where = "/api/v1/admin/retention"
    first, second = root.post(where, start_at=today, end_at=soon, frequency="day").json()
    assert [(one["value"], one["rate"]) for one in first["data"]] == [("2", 1.0), ("1", 0.5)]
    assert [(one["value"], one["rate"]) for one in second["data"]] == [("0", 0.0)]
    (month, *_) = root.post(where, start_at=today, end_at=today, frequency="month").json()
    assert month["period"].startswith(today[:7] + "-01T00:00:00")
    assert (month["frequency"], month["data"][0]["value"]) == ("month", "2")
    year = {"start_at": clock.iso_day(now - 300 * clock.DAY), "end_at": today}
    assert len(root.post(where, **year, frequency="month").json()) in (10, 11)
    refused = root.post(where, **year)
    assert (refused.status_code, "ask by month" in refused.text) == (422, True)


def test_counting_reads_by_an_index(db: Database) -> None:
    span = {"since": 1, "until": 2, "first_id": 3}
    for counted in (auth._DAYS, auth._LAST_SEEN):
        db.read_now(lambda tx, q=counted: check_plan(tx, q, sorted_by_index=False, **span))
    for query in reports._DAYS.values():
        db.read_now(lambda tx, q=query: check_plan(tx, q, sorted_by_index=False, **span))
