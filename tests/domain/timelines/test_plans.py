from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from folkmoot.domain.feeds import actions
from folkmoot.domain.feeds import queries as feeds
from folkmoot.domain.feeds.model import Source
from folkmoot.domain.lists import queries as lists
from folkmoot.domain.tags import queries as tags
from folkmoot.domain.timelines import queries
from folkmoot.domain.timelines.queries import Origin, ProfileChoice
from folkmoot.kit.db import Database, Paged, Tx
from plans import check_page_plan, check_plan

FLAGS = (False, True)
ORIGINS = [Origin(*flags) for flags in product(FLAGS, FLAGS, FLAGS)]
IDS: dict[str, Any] = {
    "viewer_id": 1,
    "author_id": 2,
    "feed_id": 1,
    "tag_id": 3,
    "all_ids": [4],
    "all_count": 1,
    "none_ids": [5],
}


def pages() -> Iterator[tuple[str, Paged[Any]]]:
    yield "feed", feeds._FEED
    yield "fresh posts of a feed", feeds._FRESH_FEED
    yield "direct by", queries._DIRECT_BY
    yield "direct to", queries._DIRECT_TO
    for member, origin in product(FLAGS, ORIGINS):
        yield f"public {member} {origin}", queries._public(member, origin)
        for narrowed, excluding in product(FLAGS, FLAGS):
            name = f"tagged {member} {origin} {narrowed} {excluding}"
            yield name, queries._tagged(member, origin, narrowed, excluding)
    for member, *flags in product(FLAGS, repeat=5):
        choice = ProfileChoice(*flags)
        yield f"profile {member} {flags}", queries._profile(member, choice)
        yield f"profile tagged {member} {flags}", queries._profile_tagged(member, choice)


def test_every_page_is_a_range_of_an_index(db: Database) -> None:
    def check(tx: Tx) -> None:
        for name, query in pages():
            try:
                check_page_plan(tx, query, **IDS)
            except AssertionError as error:
                raise AssertionError(f"{name}\n{error}") from error

    db.write_now(check)


OTHERS: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {
    "members": lambda: (lists._MEMBERS, {"list_id": 1}),
    "followed tags": lambda: (tags._FOLLOWED, {"account_id": 1}),
}


@pytest.mark.parametrize("name", OTHERS)
def test_lists_of_members_and_tags_too(name: str, db: Database) -> None:
    query, params = OTHERS[name]()
    db.write_now(lambda tx: check_page_plan(tx, query, **params))


def test_placing_reads_no_table_whole(db: Database) -> None:
    def check(tx: Tx) -> None:
        params = {
            "post_id": 1,
            "author_id": 2,
            "origin_id": 1,
            "origin_author_id": 2,
            "parent_author_id": 3,
            "language": "en",
            "after_id": 0,
            "upto_id": 9,
            "offset": 10,
            "feed_id": 1,
            "reader_id": 1,
            "show_boosts": True,
            "languages": "",
            "limit": 40,
            "tag_id": 1,
            "mentioned_ids": [1],
            "since_id": 0,
            "feed_ids": [1],
            "post_ids": [1],
        }
        statements = [
            *actions._PLACE.values(),
            *actions._END_OF_BATCH.values(),
            *actions._FILL_LIST.values(),
            actions._FILL_TAG,
            actions._PLACE_DIRECT,
            actions._REBUILD,
            actions._REBUILD_OWN,
            *actions._CLEAR_TAG,
            *actions._CLEAR_AUTHOR,
            actions._FORGET_PLACES,
            actions._FORGET_ENTRIES,
            actions._FORGET_MARKS,
            actions._PLACE_ENTRIES,
            actions._PLACE_AUTHOR,
            actions._SETTLE,
            actions._SETTLE_FEED,
            feeds._FEEDS_WITH,
        ]
        for statement in statements:
            check_plan(tx, statement, sorted_by_index=False, **params)
        followers = tx.explain(actions._PLACE[Source.FOLLOWERS, "post"], **params)  # type: ignore[arg-type]
        if tx.dialect == "sqlite":
            # The index holds all that is asked of a follow: a hundred followers are no look-ups.
            assert "COVERING INDEX follows_followed" in followers, followers

    db.write_now(check)


def test_tags_are_looked_up(db: Database) -> None:
    def check(tx: Tx) -> None:
        params = {"account_id": 1, "viewer_id": 1, "ids": [1], "since": 0, "limit": 10, "name": "a"}
        for query in (tags._DAYS, tags._MARKS, tags._FEATURED_ALL, tags._SUGGESTED, tags._BY_NAME):
            check_plan(tx, query, sorted_by_index=False, **params)

    db.write_now(check)
