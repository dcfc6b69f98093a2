"""Matches come from the index, newest first; everything beside them is looked up by its key."""

from typing import Any

from folkmoot.domain.search import actions, queries
from folkmoot.domain.tags import queries as tags
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan


def match(tx: Tx) -> str:
    return '("tea") AND ("§p")' if tx.dialect == "sqlite" else "'tea' & '§p'"


def test_open_posts_come_newest_first_without_sorting(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_page_plan(tx, queries._FOUND, match=match(tx), viewer_id=1)

    db.write_now(check)


def test_a_library_is_looked_up(db: Database) -> None:
    def check(tx: Tx) -> None:
        held: dict[str, Any] = {
            "match": match(tx),
            "wanted": [["tea"]],
            "unwanted": [],
            "viewer_id": 1,
            "now": tx.now,
            "max_id": 1 << 62,
            "since_id": 0,
            "limit": 20,
        }
        check_plan(tx, queries._WHOLE, sorted_by_index=False, viewer_id=1, limit=300)
        if tx.dialect == "sqlite":  # what one boosted is found without all that one wrote
            whole = tx.explain(queries._WHOLE, viewer_id=1, limit=300)
            assert "COVERING INDEX posts_boost (author_id=?" in whole, whole
        for paged, more in ((queries._HELD, {"ids": [1]}), (queries._HELD_IN_LIBRARY, {})):
            check_plan(tx, paged.newest, sorted_by_index=False, **held, **more)
        check_plan(tx, queries._CANDIDATES, sorted_by_index=False, **held)
        check_plan(tx, queries._UNHIDDEN, sorted_by_index=False, ids=[1], viewer_id=1, now=tx.now)

    db.write_now(check)


def test_indexing_reads_ranges(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, actions._AFTER, after=0, limit=10)
        check_plan(tx, actions._PUBLIC_AFTER, author_id=1, after=0, limit=10)
        check_plan(tx, actions._NEWEST_PUBLIC, author_id=1)
        check_plan(tx, actions._IS_OPEN, rowid=1, match=match(tx))

    db.write_now(check)


def test_tags_are_a_range_of_names(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, tags._BEGINNING, low="tea", high="tea\U0010ffff", limit=10)

    db.write_now(check)
