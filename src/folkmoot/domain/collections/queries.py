"""Reads of collections, as one viewer (0: a visitor) meets them."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.queries import is_blocked
from folkmoot.domain.collections.model import Collection, CollectionNotFound, Item
from folkmoot.domain.collections.tables import collection_items, collections
from folkmoot.kit.db import Id, Tx, param, rows, values, within

_one: Any = sa.literal_column("1")
_viewer = param("viewer_id", Id)
_limit, _offset = param("limit", sa.Integer()), param("offset", sa.Integer())
_accepted = collection_items.c.state == sa.literal_column("'accepted'", sa.Text)


def _is_there(account_id: Any) -> Any:
    """SQL: the account is neither suspended nor parted from the viewer by a block."""
    stands = sa.exists(
        sa.select(_one).where(accounts.c.id == account_id, accounts.c.suspended_at.is_(None))
    )
    return sa.and_(stands, ~is_blocked(account_id))


_shown = sa.select(collections).where(_is_there(collections.c.account_id))
_listed = sa.or_(collections.c.discoverable == sa.true(), collections.c.account_id == _viewer)
_BY_ID = rows(_shown.where(collections.c.id == param("id", Id)), Collection)
_OF_ACCOUNT = rows(
    _shown.where(collections.c.account_id == param("account_id", Id), _listed)
    .order_by(collections.c.id.desc())
    .limit(_limit)
    .offset(_offset),
    Collection,
)
_FEATURING = rows(
    _shown.where(
        collections.c.id.in_(
            sa.select(collection_items.c.collection_id).where(
                collection_items.c.account_id == param("account_id", Id), _accepted
            )
        )
    )
    .order_by(collections.c.id.desc())
    .limit(_limit)
    .offset(_offset),
    Collection,
)
_COUNT = values(
    sa.select(sa.func.count()).where(collections.c.account_id == param("account_id", Id)), int
)
_SHOWN_ITEMS = rows(
    sa.select(collection_items)
    .where(
        within(collection_items.c.collection_id, "ids"),
        _accepted,
        _is_there(collection_items.c.account_id),
    )
    .order_by(collection_items.c.collection_id, collection_items.c.id),
    Item,
)
_ALL_ITEMS = rows(
    sa.select(collection_items).where(
        collection_items.c.collection_id == param("collection_id", Id)
    ),
    Item,
)


def get_collection(tx: Tx, collection_id: int, *, viewer_id: int) -> Collection:
    """The collection of an id; CollectionNotFound also where a block stands between."""
    found = tx.first(_BY_ID, id=collection_id, viewer_id=viewer_id)
    if found is None:
        raise CollectionNotFound
    return found


def list_collections(
    tx: Tx, account_id: int, *, viewer_id: int, limit: int, offset: int = 0
) -> list[Collection]:
    """An account's collections, newest first; of others only those that may be listed."""
    return tx.all(
        _OF_ACCOUNT, account_id=account_id, viewer_id=viewer_id, limit=limit, offset=offset
    )


def list_featuring(tx: Tx, account_id: int, *, limit: int, offset: int = 0) -> list[Collection]:
    """The collections that feature an account, as itself sees them, newest first."""
    return tx.all(
        _FEATURING, account_id=account_id, viewer_id=account_id, limit=limit, offset=offset
    )


def count_collections(tx: Tx, account_id: int) -> int:
    """How many collections an account has."""
    return tx.one(_COUNT, account_id=account_id)


def list_items(tx: Tx, ids: list[int], *, viewer_id: int) -> list[Item]:
    """What is in collections, in the order in which it came."""
    return tx.all(_SHOWN_ITEMS, ids=ids, viewer_id=viewer_id) if ids else []


def list_all_items(tx: Tx, collection_id: int) -> list[Item]:
    """What is and was in a collection."""
    return tx.all(_ALL_ITEMS, collection_id=collection_id)
