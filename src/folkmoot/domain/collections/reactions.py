"""What collections do when people part or go."""

import sqlalchemy as sa

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.boundaries.events import AccountBlocked
from folkmoot.domain.collections.tables import collection_items, collections
from folkmoot.kit.db import Tx, command, param

_own = sa.select(collections.c.id).where(collections.c.account_id == param("account_id"))
_FORGET = (
    command(sa.delete(collection_items).where(collection_items.c.collection_id.in_(_own))),
    command(
        sa.delete(collection_items).where(collection_items.c.account_id == param("account_id"))
    ),
    command(sa.delete(collections).where(collections.c.account_id == param("account_id"))),
)
_theirs = sa.select(collections.c.id).where(collections.c.account_id == param("owner_id"))
_PART = command(
    sa.delete(collection_items).where(
        collection_items.c.account_id == param("account_id"),
        collection_items.c.collection_id.in_(_theirs),
    )
)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    for statement in _FORGET:
        tx.run(statement, account_id=fact.account_id)


def part(tx: Tx, fact: AccountBlocked) -> None:
    """A block takes either out of the other's collections."""
    tx.run(_PART, account_id=fact.target_id, owner_id=fact.account_id)
    tx.run(_PART, account_id=fact.account_id, owner_id=fact.target_id)
