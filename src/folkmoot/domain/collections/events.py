"""Facts about collections."""

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.collections.model import Collection, Item


class AccountFeatured(msgspec.Struct, frozen=True):
    """An account was put into a collection."""

    collection: Collection
    item: Item


class CollectionChanged(msgspec.Struct, frozen=True):
    """A collection says something else of the accounts in it."""

    collection: Collection


class AccountParted(msgspec.Struct, frozen=True):
    """An account was taken out of a collection, by its owner or by itself."""

    collection: Collection
    account_id: AccountId


class CollectionDeleted(msgspec.Struct, frozen=True):
    """A collection goes, and with it who was in it."""

    collection: Collection
    account_ids: tuple[AccountId, ...]
