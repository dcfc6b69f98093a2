from typing import Any

import pytest

from folkmoot.domain.relationships import queries
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan

LISTS = {
    "followers": queries._FOLLOWERS,
    "following": queries._FOLLOWING,
    "requests": queries._REQUESTS,
    "endorsed": queries._ENDORSED,
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_ranges_of_an_index(name: str, db: Database) -> None:
    def check(tx: Tx) -> None:
        check_page_plan(tx, LISTS[name], of_id=1, viewer_id=2)

    db.write_now(check)


def test_ties_are_looked_up(db: Database) -> None:
    def check(tx: Tx) -> None:
        params: dict[str, Any] = {"viewer_id": 1, "ids": [2, 3], "now": tx.now}
        check_plan(tx, queries._TIES, **params, with_suspended=False)
        check_plan(tx, queries._FAMILIAR, sorted_by_index=False, **params)

    db.write_now(check)


@pytest.mark.parametrize(("count", "following"), queries._SEARCH)
def test_search_by_name_reads_ranges_of_terms(count: int, following: bool, db: Database) -> None:
    def check(tx: Tx) -> None:
        asked = queries.parse_name("ada lovelace of london"[: count * 9], own_domain="x")
        bounds = {f"{end}{at}": "a" for at in range(count) for end in ("low", "high")}
        params = {**bounds, **asked.params, "viewer_id": 1, "limit": 10, "offset": 0}
        check_plan(tx, queries._SEARCH[count, following], sorted_by_index=False, **params)

    db.write_now(check)
