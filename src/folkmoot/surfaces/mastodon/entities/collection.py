"""Collection, CollectionItem and what wraps them."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from folkmoot.domain.collections.model import Collection as DomainCollection
from folkmoot.domain.collections.model import CollectionId
from folkmoot.domain.collections.model import Item as DomainItem
from folkmoot.domain.collections.queries import list_items
from folkmoot.domain.tags.queries import list_tags
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, present_accounts
from folkmoot.surfaces.mastodon.entities.status import StatusTag


class CollectionItem(msgspec.Struct):
    """An account in a collection."""

    id: str
    account_id: str
    state: str
    created_at: str


class Collection(msgspec.Struct):
    """Accounts that somebody recommends."""

    id: str
    account_id: str
    uri: str
    url: str | None
    name: str
    description: str
    language: str | None
    local: bool
    sensitive: bool
    discoverable: bool
    tag: StatusTag | None
    item_count: int
    items: list[CollectionItem]
    created_at: str
    updated_at: str


class WrappedCollection(msgspec.Struct):
    """A collection alone."""

    collection: Collection


class Collections(msgspec.Struct):
    """Several of them."""

    collections: list[Collection]


class CollectionWithAccounts(msgspec.Struct):
    """A collection with its owner and everyone in it."""

    accounts: list[Account]
    collection: Collection


class PresentedCollection(msgspec.Struct):
    """The same as it goes out."""

    accounts: list[msgspec.Raw]
    collection: Collection


class WrappedCollectionItem(msgspec.Struct):
    """An item alone."""

    collection_item: CollectionItem


def build_item(item: DomainItem) -> CollectionItem:
    """The entity of an item."""
    return CollectionItem(str(item.id), str(item.account_id), item.state, iso(item.created_at))


def present_collections(
    app: App, tx: Tx, viewer_id: int, found: Sequence[DomainCollection]
) -> list[Collection]:
    """The entities of collections in their order."""
    items: defaultdict[CollectionId, list[CollectionItem]] = defaultdict(list)
    for item in list_items(tx, [each.id for each in found], viewer_id=viewer_id):
        items[item.collection_id].append(build_item(item))
    tags = list_tags(tx, [each.tag_id for each in found if each.tag_id is not None])
    shown = {
        tag_id: StatusTag(tag.display_name, f"{app.base_url}/tags/{tag.name}")
        for tag_id, tag in tags.items()
    }
    return [
        Collection(
            id=str(each.id),
            account_id=str(each.account_id),
            uri=f"{app.base_url}/collections/{each.id}",
            url=None,
            name=each.name,
            description=each.description,
            language=each.language or None,
            local=True,
            sensitive=each.sensitive,
            discoverable=each.discoverable,
            tag=shown.get(each.tag_id or 0),
            item_count=len(items[each.id]),
            items=items[each.id],
            created_at=iso(each.created_at),
            updated_at=iso(each.updated_at),
        )
        for each in found
    ]


def present_with_accounts(
    app: App, tx: Tx, viewer_id: int, collection: DomainCollection
) -> PresentedCollection:
    """The entity of a collection, with its owner first and then everyone in it."""
    (entity,) = present_collections(app, tx, viewer_id, [collection])
    ids = [collection.account_id, *(int(item.account_id) for item in entity.items)]
    return PresentedCollection(list(present_accounts(app, tx, ids).values()), entity)
