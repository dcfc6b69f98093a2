"""What is asked about posts reads ranges of indexes, on both databases."""

from typing import Any

import pytest

from folkmoot.domain.cards import queries as cards
from folkmoot.domain.interactions import queries as interactions
from folkmoot.domain.polls import queries as polls
from folkmoot.domain.posts import queries as posts
from folkmoot.domain.reading import queries as reading
from folkmoot.domain.revisions import queries as revisions
from folkmoot.domain.scheduling import queries as scheduling
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan

PAGES: dict[str, tuple[Any, dict[str, Any]]] = {
    "favourites": (interactions._FAVOURITES, {"account_id": 1}),
    "bookmarks": (interactions._BOOKMARKS, {"account_id": 1}),
    "likers": (interactions._LIKERS, {"post_id": 1, "viewer_id": 2}),
    "boosters": (posts._BOOSTERS, {"post_id": 1, "viewer_id": 2}),
    "quotes": (reading._QUOTES, {"post_id": 1, "viewer_id": 2}),
    "scheduled": (scheduling._LIST, {"account_id": 1}),
}
LOOK_UPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "stamps": (reading._STAMPS, {"ids": [1, 2], "viewer_id": 3}),
    "stamps in spite": (reading._STAMPS_IN_SPITE, {"ids": [1, 2], "viewer_id": 3}),
    "stamps for visitors": (reading._VISITOR_STAMPS, {"ids": [1, 2]}),
    "aside": (reading._ASIDE, {"ids": [1, 2], "viewer_id": 3, "now": 0}),
    "below": (
        reading._DOWN,
        {"post_id": 1, "viewer_id": 2, "now": 0, "most": 60, "depth": 20},
    ),
    "visible": (posts._VISIBLE, {"id": 1, "viewer_id": 2}),
    "boosts": (posts._BOOSTS, {"post_id": 1}),
    "boost by": (posts._BOOST_BY, {"post_id": 1, "author_id": 2}),
    "some of": (posts._SOME_OF, {"author_id": 1, "limit": 10}),
    "some boosts": (posts._SOME_BOOSTS, {"post_id": 1, "limit": 10}),
    "answers": (posts._ANSWER_IDS, {"account_id": 1, "limit": 10}),
    "mentioning": (posts._MENTIONING_IDS, {"account_id": 1, "limit": 10}),
    "pinned": (posts._PINNED_COUNT, {"author_id": 1}),
    "preferences": (posts._PREFERENCES, {"account_id": 1}),
    "versions": (revisions._OF_POST, {"post_id": 1}),
    "polls": (polls._BY_IDS, {"ids": [1]}),
    "votes": (polls._VOTES, {"ids": [1], "account_id": 2}),
    "voters": (polls._VOTERS, {"id": 1}),
    "cards": (cards._BY_IDS, {"ids": [1]}),
    "card by link": (cards._BY_KEY, {"key": "x"}),
    "linking posts": (cards._LINKED, {"card_id": 1}),
    "cards by author": (cards._BY_AUTHOR, {"account_id": 1}),
    "scheduled that day": (
        scheduling._COUNT_DAY,
        {"account_id": 1, "day": 0, "next_day": 1},
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_a_range_of_an_index(name: str, db: Database) -> None:
    query, params = PAGES[name]
    db.write_now(lambda tx: check_page_plan(tx, query, **params))


@pytest.mark.parametrize("name", LOOK_UPS)
def test_nothing_is_read_whole(name: str, db: Database) -> None:
    query, params = LOOK_UPS[name]
    db.write_now(lambda tx: check_plan(tx, query, **params))


def test_the_walk_up_sorts_only_its_steps(db: Database) -> None:
    def check(tx: Tx) -> None:
        params = {"post_id": 1, "viewer_id": 2, "now": 0, "most": 40}
        check_plan(tx, reading._UP, sorted_by_index=False, **params)

    db.write_now(check)
