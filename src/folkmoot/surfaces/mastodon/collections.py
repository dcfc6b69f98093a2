"""/api/v1/collections, /api/v1/accounts/:id/collections and in_collections"""

from typing import Any

import msgspec

from folkmoot.domain.accounts.queries import get_shown_account
from folkmoot.domain.collections import actions, queries
from folkmoot.domain.collections.model import Collection as DomainCollection
from folkmoot.domain.collections.model import Draft, NotYourCollection
from folkmoot.domain.tags.queries import list_tags
from folkmoot.surfaces.mastodon.entities.collection import (
    Collections,
    CollectionWithAccounts,
    PresentedCollection,
    WrappedCollection,
    WrappedCollectionItem,
    build_item,
    present_collections,
    present_with_accounts,
)
from folkmoot.surfaces.mastodon.operations import (
    OPTIONAL,
    Answer,
    Call,
    Id,
    Router,
)

router = Router("collections")


class CollectionParams(msgspec.Struct):
    """What to say of a collection; what is not given stays as it is."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    tag_name: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    account_ids: list[Id] = []


class ItemParams(msgspec.Struct):
    """Whom to feature."""

    account_id: Id


class StretchParams(msgspec.Struct):
    """Which of them."""

    limit: int | None = None
    offset: int = 0


def _draft(params: CollectionParams, start: Draft) -> Draft:
    language = start.language if params.language is None else params.language
    return Draft(
        name=start.name if params.name is None else params.name,
        description=start.description if params.description is None else params.description,
        language=language,
        tag=start.tag if params.tag_name is None else params.tag_name,
        sensitive=start.sensitive if params.sensitive is None else params.sensitive,
        discoverable=start.discoverable if params.discoverable is None else params.discoverable,
    )


def _get(call: Call, name: str = "id") -> DomainCollection:
    return queries.get_collection(call.tx, call.id(name), viewer_id=call.viewer_id)


def _wrapped(call: Call, collection: DomainCollection) -> WrappedCollection:
    (entity,) = present_collections(call.app, call.tx, call.viewer_id, [collection])
    return WrappedCollection(entity)


@router.post("/api/v1/collections", scope="write:collections", returns=WrappedCollection)
def create(call: Call, params: CollectionParams) -> WrappedCollection:
    """Makes a collection of accounts one recommends."""
    draft = _draft(params, Draft())
    me = call.me.account_id
    made = actions.create_collection(call.tx, me, draft, account_ids=params.account_ids)
    return _wrapped(call, made)


@router.get(
    "/api/v1/collections/{id}",
    auth=OPTIONAL,
    scope="read:collections",
    returns=CollectionWithAccounts,
)
def show(call: Call) -> PresentedCollection:
    """A collection with everyone in it."""
    return present_with_accounts(call.app, call.tx, call.viewer_id, _get(call))


@router.operation(
    "PATCH", "/api/v1/collections/{id}", scope="write:collections", returns=WrappedCollection
)
def change(call: Call, params: CollectionParams) -> WrappedCollection:
    """Says something else of a collection."""
    collection = _get(call)
    tags = list_tags(call.tx, [collection.tag_id] if collection.tag_id is not None else [])
    start = Draft(
        name=collection.name,
        description=collection.description,
        language=collection.language,
        tag=next((tag.display_name for tag in tags.values()), ""),
        sensitive=collection.sensitive,
        discoverable=collection.discoverable,
    )
    me = call.me.account_id
    changed = actions.change_collection(call.tx, collection, me, _draft(params, start))
    return _wrapped(call, changed)


@router.delete("/api/v1/collections/{id}", scope="write:collections", returns=dict[str, Any])
def delete(call: Call) -> dict[str, Any]:
    """Deletes a collection."""
    actions.delete_collection(call.tx, _get(call), call.me.account_id)
    return {}


@router.post(
    "/api/v1/collections/{collection_id}/items",
    scope="write:collections",
    returns=WrappedCollectionItem,
)
def feature(call: Call, params: ItemParams) -> WrappedCollectionItem:
    """Puts an account into a collection."""
    collection = _get(call, "collection_id")
    item = actions.feature_account(call.tx, collection, call.me.account_id, params.account_id)
    return WrappedCollectionItem(build_item(item))


@router.delete(
    "/api/v1/collections/{collection_id}/items/{id}",
    scope="write:collections",
    returns=dict[str, Any],
)
def remove(call: Call) -> dict[str, Any]:
    """Takes an account out of a collection."""
    collection = _get(call, "collection_id")
    actions.remove_item(call.tx, collection, call.me.account_id, call.id())
    return {}


@router.post(
    "/api/v1/collections/{collection_id}/items/{id}/revoke",
    scope="write:collections",
    returns=dict[str, Any],
)
def leave(call: Call) -> dict[str, Any]:
    """Takes oneself out of somebody's collection."""
    collection = _get(call, "collection_id")
    actions.leave_collection(call.tx, collection, call.me.account_id, call.id())
    return {}


def _answer(call: Call, params: StretchParams, found: list[DomainCollection], limit: int) -> Answer:
    here, offset = f"{call.app.base_url}{call.incoming.path}?limit={limit}", max(0, params.offset)
    links = []
    if len(found) == limit:
        links.append(f'<{here}&offset={offset + limit}>; rel="next"')
    if offset:
        links.append(f'<{here}&offset={max(0, offset - limit)}>; rel="prev"')
    headers = [("link", ", ".join(links))] if links else []
    shown = present_collections(call.app, call.tx, call.viewer_id, found)
    return Answer(Collections(shown), headers=headers)


def _stretch(params: StretchParams) -> dict[str, int]:
    return {
        "limit": max(1, min(params.limit or 40, 80)),
        "offset": max(0, min(params.offset, 10_000)),
    }


@router.get(
    "/api/v1/accounts/{account_id}/collections",
    auth=OPTIONAL,
    scope="read:collections",
    returns=Collections,
)
def of_account(call: Call, params: StretchParams) -> Answer:
    """An account's collections."""
    account = get_shown_account(call.tx, call.id("account_id"))
    stretch = _stretch(params)
    found = queries.list_collections(call.tx, account.id, viewer_id=call.viewer_id, **stretch)
    return _answer(call, params, found, stretch["limit"])


@router.get(
    "/api/v1/accounts/{account_id}/in_collections",
    scope="read:collections",
    returns=Collections,
)
def featuring(call: Call, params: StretchParams) -> Answer:
    """The collections one is in."""
    account = get_shown_account(call.tx, call.id("account_id"))
    if account.id != call.me.account_id:
        raise NotYourCollection
    stretch = _stretch(params)
    found = queries.list_featuring(call.tx, account.id, **stretch)
    return _answer(call, params, found, stretch["limit"])
