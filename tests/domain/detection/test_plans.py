"""What detectors ask the database is answered by indexes, however much is there."""

from typing import Any

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.cards import queries as cards
from folkmoot.domain.deeds import queries as deeds
from folkmoot.domain.detection import queries
from folkmoot.domain.matchlists import actions as lists_actions
from folkmoot.domain.matchlists import queries as matchlists
from folkmoot.domain.matchlists.model import Format, Kind
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan

BETWEEN = {"from_id": 1, "to_id": 1 << 60}


def test_facts_are_looked_up_by_indexes(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, deeds._POSTS_SINCE, author_id=1, **BETWEEN)
        check_plan(tx, deeds._MENTIONS_SINCE, author_id=1, **BETWEEN)
        check_plan(tx, deeds._FOLLOWERS_AMONG, author_id=1, ids=[1, 2])
        check_plan(tx, deeds._COPIES, print=1, **BETWEEN)
        check_plan(tx, deeds._COPIERS, print=1, author_id=1, sorted_by_index=False, **BETWEEN)
        check_plan(tx, cards._TARGETS, keys=["a"], nowhere="")
        check_plan(tx, deeds._COUNT, **BETWEEN)
        check_plan(tx, deeds._PAST, after_id=0, until_id=1 << 60, limit=10)

    db.write_now(check)


def test_detectors_and_lists_are_read_by_indexes(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._LIVE, states=["shadow", "active"], sorted_by_index=False)
        check_plan(tx, queries._VERSIONS, detector_id=1)
        check_page_plan(tx, queries._CHANGES, detector_id=1)
        check_page_plan(tx, queries._FINDINGS, detector_id=1)
        check_plan(tx, queries._FINDINGS_ON_POST, post_id=1, limit=20)
        check_plan(tx, queries._FINDINGS_ON_ACCOUNT, account_id=1, limit=20)
        check_plan(tx, queries._COUNT_FINDINGS, version_id=1, other_than="import", **BETWEEN)
        check_plan(tx, queries._NEWEST_BACKTEST, version_id=1)
        check_plan(tx, queries._SAMPLE, backtest_id=1)
        check_plan(tx, matchlists._ENTRIES, list_id=1)
        check_page_plan(tx, matchlists._CHANGES, list_id=1)
        # The gate asks these every few seconds: one step to the end of a key.
        for newest in (queries._NEWEST_CHANGE, matchlists._NEWEST):
            assert tx.dialect == "postgresql" or "USE TEMP" not in tx.explain(newest)

    db.write_now(check)


def test_links_on_an_imported_list_are_found_below_their_domain(
    life: Life, db: Database, ada: Any
) -> None:
    db.write_now(
        lists_actions.create_list, name="phishing", kind=Kind.DOMAINS, description="Theft."
    )

    def put(text: str) -> None:
        db.write_now(
            lists_actions.import_list,
            None,
            "phishing",
            text=text,
            form=Format.PLAIN,
            source="us",
            whole=True,
        )

    put("evil.example")
    life.shadow(
        detector_file(
            condition="found.bad",
            parts='[domains]\nbad = "list:phishing"',
            hit="https://login.evil.example/x",
            facts='lists.phishing = ["evil.example"]',
        )
    )
    for link in (
        "https://www.evil.example/a",
        "https://notevil.example",
        "http://evil.example.org",
    ):
        ada.post("/api/v1/statuses", status=f"look {link}")
    assert len(life.findings()) == 1
    put("other.example")
    life.wait(5_000)
    ada.post("/api/v1/statuses", status="https://evil.example and https://other.example/")
    ada.post("/api/v1/statuses", status="https://evil.example alone")
    assert len(life.findings()) == 2
