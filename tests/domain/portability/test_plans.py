"""What is asked about exports, imports and leaving reads ranges of indexes, on both databases."""

from typing import Any

import pytest

from folkmoot.domain.conversations import queries as conversations
from folkmoot.domain.importing import queries as importing
from folkmoot.domain.interactions import actions as interactions
from folkmoot.domain.leaving import queries as leaving
from folkmoot.domain.portability import queries as portability
from folkmoot.domain.relationships import actions as relationships
from folkmoot.kit.db import Database, Query
from plans import check_plan

STRETCH = {"of_id": 1, "after_id": 0, "limit": 100}
SOME = {"account_id": 1, "limit": 100}
LOOK_UPS: dict[str, tuple[Query[Any], dict[str, Any]]] = {
    **{kind.value: (query, STRETCH) for kind, query in portability._LINES.items()},
    **{f"count {kind.value}": (q, {"of_id": 1}) for kind, q in portability._COUNTS.items()},
    "likes": (portability._LIKES, STRETCH),
    "pins": (portability._PINS, STRETCH),
    "listed": (portability._LISTED, STRETCH),
    "posts": (portability._POSTS, STRETCH),
    "attached": (portability._ATTACHED, STRETCH),
    "whole": (portability._TOTAL, {"of_id": 1}),
    "exports": (portability._OF_ACCOUNT, {"account_id": 1}),
    "parts": (portability._PARTS, {"export_id": 1}),
    "count parts": (portability._COUNT_PARTS, {"export_id": 1}),
    "expired exports": (portability._EXPIRED, {"now": 1}),
    "known keys": (portability._KNOWN_KEYS, {"keys": ["a"]}),
    "imports": (importing._IMPORTS, {"account_id": 1}),
    "expired imports": (importing._EXPIRED_IMPORTS, {"now": 1}),
    "rows": (importing._ROWS, {"import_id": 1, "state": "waiting", "after": -1, "limit": 10}),
    "targets": (importing._TARGETS, {"import_id": 1, "targets": ["1"]}),
    "import keys": (importing._KNOWN_IMPORT_KEYS, {"keys": ["a"]}),
    "known posts": (importing._KNOWN_POSTS, {"account_id": 1, "uris": ["a"]}),
    "overdue": (leaving._OVERDUE, {"before": 1}),
    "leaver": (leaving._LEAVER, {"hash": "a", "now": 1}),
    "liked": (interactions._SOME_LIKED, SOME),
    "followers": (relationships._SOME_FOLLOWERS, SOME),
    "followed": (relationships._SOME_FOLLOWED, SOME),
    "conversations": (conversations._SOME_OF_MEMBER, SOME),
}
# A few rows that were found by an index are brought into order, or made distinct.
FEW = {"overdue"}


@pytest.mark.parametrize("name", LOOK_UPS)
def test_it_is_a_range_of_an_index(name: str, db: Database) -> None:
    query, params = LOOK_UPS[name]
    db.read_now(lambda tx: check_plan(tx, query, sorted_by_index=name not in FEW, **params))


def test_conversations_of_posts_are_found_by_them(db: Database) -> None:
    query = conversations._HOLDING_SOME
    db.read_now(lambda tx: check_plan(tx, query, sorted_by_index=False, post_ids=[1]))


@pytest.mark.sqlite
def test_what_is_deleted_by_and_by_is_found_by_an_index(db: Database) -> None:
    """Both the rows that are chosen and those that go."""

    def look(tx: Any) -> None:
        for command in (*relationships._FORGET_SOME, *interactions._FORGET_SOME):
            compiled = command.on("sqlite")
            plan = tx.script(
                "EXPLAIN QUERY PLAN " + compiled.sql, **compiled.constants, account_id=1, limit=9
            )
            lines = [str(row[-1]) for row in plan]
            assert not [line for line in lines if line.startswith("SCAN")], lines

    db.read_now(look)
