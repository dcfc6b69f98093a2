"""Every list of notifications and conversations is a stretch of an index."""

import re
from typing import Any

import pytest

from folkmoot.domain.conversations import queries as conversations
from folkmoot.domain.notifications import queries
from folkmoot.domain.notifications.model import Kind
from folkmoot.domain.strangers import queries as strangers
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan

BOUNDS: dict[str, Any] = {"max_id": 1 << 62, "since_id": 0, "limit": 20}


@pytest.mark.parametrize("query", ["_SHOWN", "_GROUPS", "_REQUESTS"])
def test_a_page_is_one_stretch(db: Database, query: str) -> None:
    db.read_now(check_page_plan, getattr(queries, query), account_id=1)


def test_the_page_of_one_account_is_one_stretch(db: Database) -> None:
    db.read_now(check_page_plan, queries._FROM, account_id=1, from_id=2, most=0, kinds=["mention"])


def test_the_page_of_a_group_is_one_stretch(db: Database) -> None:
    db.read_now(check_page_plan, queries._IN_GROUP, account_id=1, group_key="follow-1")


def test_conversations_are_one_stretch(db: Database) -> None:
    db.read_now(check_page_plan, conversations._PAGE, account_id=1)


@pytest.mark.parametrize("make", [queries.of_kinds, queries.groups_of_kinds])
@pytest.mark.parametrize("filtered", [False, True])
def test_a_page_of_kinds_is_a_stretch_for_each(db: Database, make: Any, filtered: bool) -> None:
    kinds = (Kind.MENTION, Kind.POLL, Kind.FAVOURITE)
    stretches = len(kinds) * (2 if filtered else 1)

    def look(tx: Tx) -> None:
        paged = make(kinds, filtered)
        for query in (paged.newest, paged.oldest):
            check_plan(tx, query, sorted_by_index=False, **BOUNDS, account_id=1)
            plan = tx.explain(query, **BOUNDS, account_id=1)
            # PostgreSQL sees empty tables here, where a kind's own index and that of all shown
            # cost the same; which it takes is open, that each kind is a stretch of one is not.
            indexes = "_kind" if tx.dialect == "sqlite" else r"Index.* using \w+_(kind|shown)"
            assert len(re.findall(indexes, plan)) == stretches, plan

    db.read_now(look)


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("_ONE", {"account_id": 1, "id": 2}),
        ("_NOTIFY_FOLLOWERS", {"author_id": 1}),
        ("_ACT_ON_POST", {"post_id": 1, "kind": "mention", "from_id": 2}),
        ("_ACT_ON_MEMBER", {"account_id": 1, "kind": "follow", "from_id": 2}),
        ("_ABOUT_POST", {"post_id": 1}),
        ("_OF_SENDER", {"from_id": 1}),
        ("_WHOLE_GROUP", {"account_id": 1, "group_key": "follow-1"}),
        ("_BOOSTERS", {"post_id": 1}),
        ("_QUOTING", {"post_id": 1}),
        ("_BEFORE", {"before_id": 1, "limit": 5}),
        ("_SUMMARY", {"account_id": 1}),
    ],
)
def test_every_other_read_finds_its_rows(db: Database, query: str, params: dict[str, Any]) -> None:
    db.read_now(check_plan, getattr(queries, query), sorted_by_index=False, **params)


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("_STANDINGS", {"ids": [1], "sender_id": 2, "domain": "", "thread_id": 3, "now": 4}),
        ("_ADDRESSED_BY", {"sender_id": 1, "post_id": 2}),
        ("_POLICY", {"account_id": 1}),
    ],
)
def test_strangers_are_looked_up(db: Database, query: str, params: dict[str, Any]) -> None:
    db.read_now(check_plan, getattr(strangers, query), sorted_by_index=False, **params)


@pytest.mark.parametrize("query", ["_UNREAD", "_UNREAD_FROM", "_UNREAD_GROUPS"])
def test_counting_reads_only_what_is_unread(db: Database, query: str) -> None:
    params = {"account_id": 1, "since_id": 5, "limit": 100, "kinds": ["mention"]}
    if query == "_UNREAD_FROM":
        params["from_id"] = 2
    db.read_now(check_plan, getattr(queries, query), sorted_by_index=False, **params)
    plan = db.read_now(lambda tx: tx.explain(getattr(queries, query), **params))
    assert any(index in plan for index in ("_shown", "_kind", "_from")), plan
