"""Collections and their items as values, and what makes them valid."""

from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import Account, AccountId
from folkmoot.kit.errors import Forbidden, Invalid, NotFound
from folkmoot.kit.text import count_graphemes, normalise_language

CollectionId = NewType("CollectionId", int)
ItemId = NewType("ItemId", int)

MAX_NAME_CHARS = 40
MAX_DESCRIPTION_CHARS = 100
MAX_COLLECTIONS = 10
MAX_ITEMS = 25


class State(StrEnum):
    """Whether an account is in a collection. Who left cannot be put into it again."""

    ACCEPTED = "accepted"
    REVOKED = "revoked"


class CollectionNotFound(NotFound):
    """Record not found"""


class NotYourCollection(Forbidden):
    """This action is not allowed"""


class CollectionInvalid(Invalid):
    """A collection needs a name of at most 40 characters and a description of at most 100"""


class TooManyCollections(Invalid):
    """You may have at most 10 collections"""


class TooManyItems(Invalid):
    """A collection holds at most 25 accounts"""


class NotFeaturable(Invalid):
    """This account does not want to be featured, or you cannot feature it"""


class AlreadyFeatured(Invalid):
    """This account is in the collection already, or has left it"""


class Collection(msgspec.Struct, frozen=True):
    """A row of collections, in the table's order."""

    id: CollectionId
    account_id: AccountId
    name: str
    description: str
    language: str
    tag_id: int | None
    sensitive: bool
    discoverable: bool
    created_at: int
    updated_at: int


class Item(msgspec.Struct, frozen=True):
    """A row of collection_items, in the table's order."""

    id: ItemId
    collection_id: CollectionId
    account_id: AccountId
    state: str
    created_at: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member says of a collection; `tag` is its name, empty for none."""

    name: str = ""
    description: str = ""
    language: str = ""
    tag: str = ""
    sensitive: bool = False
    discoverable: bool = True


def check_draft(draft: Draft) -> None:
    """CollectionInvalid when something in it is missing, too long or unknown."""
    if not draft.name.strip() or count_graphemes(draft.name) > MAX_NAME_CHARS:
        raise CollectionInvalid
    if count_graphemes(draft.description) > MAX_DESCRIPTION_CHARS:
        raise CollectionInvalid
    if draft.language and normalise_language(draft.language) is None:
        raise CollectionInvalid("Language is not known")


def may_be_featured(account: Account) -> bool:
    """Who agreed to be shown around agreed to this as well."""
    hidden = account.pending or account.suspended_at is not None
    return account.discoverable and not hidden
