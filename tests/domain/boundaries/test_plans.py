import pytest

from folkmoot.domain.boundaries import actions, queries
from folkmoot.kit.db import Database, Tx
from plans import check_page_plan, check_plan

LISTS = {
    "blocks": queries._BLOCKS,
    "mutes": queries._MUTES,
    "domains": queries._DOMAIN_BLOCKS,
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_ranges_of_an_index(name: str, db: Database) -> None:
    def check(tx: Tx) -> None:
        check_page_plan(tx, LISTS[name], of_id=1, viewer_id=2)

    db.write_now(check)


def test_what_stands_between_two_is_looked_up(db: Database) -> None:
    def check(tx: Tx) -> None:
        check_plan(tx, actions._ENDED, now=tx.now, limit=10)
        check_plan(tx, actions._BLOCK_EITHER_WAY, one_id=1, other_id=2)
        check_plan(tx, actions._DOMAIN_BLOCK, one_id=1, other_id=2)

    db.write_now(check)
