"""Facts about collections."""

import msgspec

from folkmoot.domain.collections.model import Collection, Item


class AccountFeatured(msgspec.Struct, frozen=True):
    """An account was put into a collection."""

    collection: Collection
    item: Item


class CollectionChanged(msgspec.Struct, frozen=True):
    """A collection says something else of the accounts in it."""

    collection: Collection


class CollectionDeleted(msgspec.Struct, frozen=True):
    """A collection goes."""

    collection: Collection
