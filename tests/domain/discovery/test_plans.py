"""People are shown around by ranges of indexes, in their order, without sorting."""

from typing import Any

from folkmoot.domain.collections import queries as collections
from folkmoot.domain.discovery import queries
from folkmoot.domain.reports import queries as review
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan


def asked(tx: Tx) -> dict[str, Any]:
    return {"viewer_id": 1, "now": tx.now, "limit": 20, "offset": 0}


def test_the_directory_and_who_is_followed_most(db: Database) -> None:
    def check(tx: Tx) -> None:
        for query in (*queries._DIRECTORY.values(), queries._FOLLOWED):
            check_plan(tx, query, **asked(tx))
            assert "accounts_discoverable" in tx.explain(query, **asked(tx)) or (
                tx.dialect == "postgresql"
            )

    db.write_now(check)


def test_friends_of_friends(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, queries._FRIENDS, sorted_by_index=False, **asked(tx))
        check_plan(tx, queries._ALLOWED_TEAM, ids=[1], **asked(tx))

    db.write_now(check)


def test_trends(db: Database) -> None:
    def check(tx: Tx) -> None:
        for query in queries._TRENDS.values():
            check_plan(tx, query, kind="tag", **asked(tx))
        check_page_plan(tx, queries._LINKING, card_id=1, viewer_id=1)
        for query in (queries._TAG_USE, queries._LINK_USE, queries._POST_USE):
            check_plan(tx, query, sorted_by_index=False, since=0, first_id=0)  # type: ignore[arg-type]
        check_plan(tx, queries._USE_OF_LINKS, sorted_by_index=False, first_id=0, card_ids=[1])

    db.write_now(check)


def test_collections(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, collections._BY_ID, id=1, viewer_id=1)
        check_plan(tx, collections._OF_ACCOUNT, account_id=1, **asked(tx))
        check_plan(tx, collections._FEATURING, sorted_by_index=False, account_id=1, **asked(tx))
        check_plan(tx, collections._SHOWN_ITEMS, sorted_by_index=False, ids=[1], viewer_id=1)

    db.write_now(check)


def test_open_reports(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_page_plan(tx, review._OPEN)

    db.write_now(check)
