"""Writes of collections."""

from collections.abc import Sequence

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId, AccountNotFound
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.boundaries.queries import is_block_between
from folkmoot.domain.collections import queries
from folkmoot.domain.collections.events import (
    AccountFeatured,
    AccountParted,
    CollectionChanged,
    CollectionDeleted,
)
from folkmoot.domain.collections.model import (
    MAX_COLLECTIONS,
    MAX_ITEMS,
    AlreadyFeatured,
    Collection,
    CollectionId,
    CollectionNotFound,
    Draft,
    Item,
    ItemId,
    NotFeaturable,
    NotYourCollection,
    State,
    TooManyCollections,
    TooManyItems,
    check_draft,
    may_be_featured,
)
from folkmoot.domain.collections.tables import collection_items, collections
from folkmoot.domain.tags.actions import ensure_tags
from folkmoot.domain.tags.model import check_name
from folkmoot.kit.db import Tx, command, insert_all, param
from folkmoot.kit.ids import new_id
from folkmoot.kit.text import normalise_language

_INSERT = insert_all(collections)
_INSERT_ITEM = insert_all(collection_items)
_CHANGE = command(
    sa.update(collections)
    .where(collections.c.id == param("collection_id"))
    .values(
        {
            column: param(column.name)
            for column in collections.columns
            if column.name not in ("id", "account_id", "created_at")
        }
    )
)
_DELETE = command(sa.delete(collections).where(collections.c.id == param("collection_id")))
_EMPTY = command(
    sa.delete(collection_items).where(collection_items.c.collection_id == param("collection_id"))
)
_DELETE_ITEM = command(sa.delete(collection_items).where(collection_items.c.id == param("item_id")))
_LEAVE = command(
    sa.update(collection_items)
    .where(collection_items.c.id == param("item_id"))
    .values(state=param("state"))
)


def create_collection(
    tx: Tx, owner_id: AccountId, draft: Draft, *, account_ids: Sequence[int] = ()
) -> Collection:
    """A new collection with its first accounts. CollectionInvalid, TagInvalid, NotFeaturable,
    TooManyCollections, TooManyItems.
    """
    if queries.count_collections(tx, owner_id) >= MAX_COLLECTIONS:
        raise TooManyCollections
    made = _apply(tx, CollectionId(new_id()), owner_id, draft, created_at=tx.now)
    tx.insert(_INSERT, made)
    for account_id in dict.fromkeys(account_ids):
        feature_account(tx, made, owner_id, account_id)
    return made


def change_collection(
    tx: Tx, collection: Collection, actor_id: AccountId, draft: Draft
) -> Collection:
    """Says something else of a collection. NotYourCollection, CollectionInvalid, TagInvalid."""
    _check_owner(collection, actor_id)
    created_at = collection.created_at
    changed = _apply(tx, collection.id, collection.account_id, draft, created_at=created_at)
    tx.run(
        _CHANGE,
        collection_id=changed.id,
        name=changed.name,
        description=changed.description,
        language=changed.language,
        tag_id=changed.tag_id,
        sensitive=changed.sensitive,
        discoverable=changed.discoverable,
        updated_at=changed.updated_at,
    )
    tx.announce(CollectionChanged(changed))
    return changed


def delete_collection(tx: Tx, collection: Collection, actor_id: AccountId) -> None:
    """Deletes a collection. NotYourCollection."""
    _check_owner(collection, actor_id)
    featured = tuple(item.account_id for item in queries.list_all_items(tx, collection.id))
    tx.run(_EMPTY, collection_id=collection.id)
    tx.run(_DELETE, collection_id=collection.id)
    tx.announce(CollectionDeleted(collection, featured))


def feature_account(tx: Tx, collection: Collection, actor_id: AccountId, account_id: int) -> Item:
    """Puts an account into a collection. NotYourCollection, NotFeaturable, AlreadyFeatured,
    TooManyItems.
    """
    _check_owner(collection, actor_id)
    try:
        account = get_account(tx, account_id)
    except AccountNotFound as error:
        raise NotFeaturable from error
    if not may_be_featured(account) or is_block_between(tx, account.id, actor_id):
        raise NotFeaturable
    present = queries.list_all_items(tx, collection.id)
    if any(item.account_id == account.id for item in present):
        raise AlreadyFeatured
    if sum(item.state == State.ACCEPTED for item in present) >= MAX_ITEMS:
        raise TooManyItems
    item = Item(ItemId(new_id()), collection.id, account.id, State.ACCEPTED, tx.now)
    tx.insert(_INSERT_ITEM, item)
    tx.announce(AccountFeatured(collection, item))
    return item


def remove_item(tx: Tx, collection: Collection, actor_id: AccountId, item_id: int) -> None:
    """Takes an account out of a collection. NotYourCollection, CollectionNotFound."""
    _check_owner(collection, actor_id)
    item = _get_item(tx, collection, item_id)
    tx.run(_DELETE_ITEM, item_id=item.id)
    tx.announce(AccountParted(collection, item.account_id))


def leave_collection(tx: Tx, collection: Collection, actor_id: AccountId, item_id: int) -> None:
    """Takes oneself out of somebody's collection, for good. NotYourCollection when the item is
    another account, CollectionNotFound.
    """
    item = _get_item(tx, collection, item_id)
    if item.account_id != actor_id:
        raise NotYourCollection
    tx.run(_LEAVE, item_id=item.id, state=State.REVOKED)
    tx.announce(AccountParted(collection, item.account_id))


def _get_item(tx: Tx, collection: Collection, item_id: int) -> Item:
    for item in queries.list_all_items(tx, collection.id):
        if item.id == item_id and item.state == State.ACCEPTED:
            return item
    raise CollectionNotFound


def _check_owner(collection: Collection, actor_id: AccountId) -> None:
    if collection.account_id != actor_id:
        raise NotYourCollection


def _apply(
    tx: Tx, collection_id: CollectionId, owner_id: AccountId, draft: Draft, *, created_at: int
) -> Collection:
    check_draft(draft)
    return Collection(
        id=collection_id,
        account_id=owner_id,
        name=draft.name.strip(),
        description=draft.description.strip(),
        language=normalise_language(draft.language) or "",
        tag_id=ensure_tags(tx, [check_name(draft.tag)])[0] if draft.tag else None,
        sensitive=draft.sensitive,
        discoverable=draft.discoverable,
        created_at=created_at,
        updated_at=tx.now,
    )
