"""/api/v2/filters"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from folkmoot.domain.filters import actions, queries
from folkmoot.domain.filters.model import CONTEXTS, FilterAction, KeywordDraft
from folkmoot.domain.filters.model import Filter as DomainFilter
from folkmoot.surfaces.mastodon.entities.filter import (
    Filter,
    FilterKeyword,
    FilterStatus,
    build_filter,
    build_filtered,
    build_keyword,
)
from folkmoot.surfaces.mastodon.operations import (
    Call,
    Id,
    Router,
    one_of,
)

router = Router("filters")

ContextName = Annotated[str, one_of(CONTEXTS)]


class KeywordAttributes(msgspec.Struct):
    """A keyword to add; with an id, to change or, with `_destroy`, to remove."""

    id: Id | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(name="_destroy", default=False)


class FilterParams(msgspec.Struct):
    """What to make of a filter. `expires_in` in seconds; empty or null for one without end."""

    title: str | UnsetType = UNSET
    context: list[ContextName] | UnsetType = UNSET
    filter_action: Annotated[str, one_of(FilterAction)] | UnsetType = UNSET
    expires_in: int | UnsetType | None = UNSET
    keywords_attributes: list[KeywordAttributes] = []

    @property
    def changes(self) -> dict[str, Any]:
        """What was given, by the names the domain has for it."""
        given = {
            "title": self.title,
            "contexts": self.context,
            "action": self.filter_action,
            "expires_in_s": self.expires_in,
        }
        return {name: value for name, value in given.items() if value is not UNSET}

    @property
    def keywords(self) -> list[KeywordDraft]:
        """The keywords as drafts."""
        return [
            KeywordDraft(k.keyword, k.whole_word, k.id, k.destroy) for k in self.keywords_attributes
        ]


class KeywordParams(msgspec.Struct):
    """A keyword; `whole_word` asks for it to stand alone."""

    keyword: str | None = None
    whole_word: bool | None = None


class FilteredParams(msgspec.Struct):
    """A status to filter."""

    status_id: Id


def _get(call: Call, name: str = "id") -> DomainFilter:
    return queries.get_filter(call.tx, call.me.account_id, call.id(name))


@router.get("/api/v2/filters", scope="read:filters", returns=list[Filter])
def list_own(call: Call) -> list[Filter]:
    """One's filters."""
    return [build_filter(found) for found in queries.list_filters(call.tx, call.me.account_id)]


@router.get("/api/v2/filters/{id}", scope="read:filters", returns=Filter)
def show(call: Call) -> Filter:
    """One filter."""
    return build_filter(_get(call))


@router.post("/api/v2/filters", scope="write:filters", returns=Filter)
def create(call: Call, params: FilterParams) -> Filter:
    """Makes a filter."""
    given = {"title": "", "contexts": ()} | params.changes
    made = actions.create_filter(call.tx, call.me.account_id, keywords=params.keywords, **given)
    return build_filter(made)


@router.put("/api/v2/filters/{id}", scope="write:filters", returns=Filter)
def change(call: Call, params: FilterParams) -> Filter:
    """Changes a filter and its keywords."""
    changed = actions.change_filter(
        call.tx, call.me.account_id, _get(call), keywords=params.keywords, **params.changes
    )
    return build_filter(changed)


@router.delete("/api/v2/filters/{id}", scope="write:filters", returns=dict[str, Any])
def delete(call: Call) -> dict[str, Any]:
    """Deletes a filter."""
    actions.delete_filter(call.tx, call.me.account_id, _get(call))
    return {}


@router.get(
    "/api/v2/filters/{filter_id}/keywords", scope="read:filters", returns=list[FilterKeyword]
)
def list_keywords(call: Call) -> list[FilterKeyword]:
    """The keywords of a filter."""
    return [build_keyword(keyword) for keyword in _get(call, "filter_id").keywords]


@router.post("/api/v2/filters/{filter_id}/keywords", scope="write:filters", returns=FilterKeyword)
def add_keyword(call: Call, params: KeywordParams) -> FilterKeyword:
    """Adds a keyword to a filter."""
    made = actions.add_keyword(
        call.tx,
        call.me.account_id,
        _get(call, "filter_id"),
        params.keyword or "",
        whole_word=params.whole_word is not False,
    )
    return build_keyword(made)


@router.get("/api/v2/filters/keywords/{id}", scope="read:filters", returns=FilterKeyword)
def show_keyword(call: Call) -> FilterKeyword:
    """One keyword."""
    _, keyword = queries.get_filter_of_keyword(call.tx, call.me.account_id, call.id())
    return build_keyword(keyword)


@router.put("/api/v2/filters/keywords/{id}", scope="write:filters", returns=FilterKeyword)
def change_keyword(call: Call, params: KeywordParams) -> FilterKeyword:
    """Changes a keyword."""
    me = call.me.account_id
    found, keyword = queries.get_filter_of_keyword(call.tx, me, call.id())
    draft = KeywordDraft(params.keyword, params.whole_word, keyword.id)
    changed = actions.change_keyword(call.tx, me, found, draft)
    return build_keyword(next(k for k in changed.keywords if k.id == keyword.id))


@router.delete("/api/v2/filters/keywords/{id}", scope="write:filters", returns=dict[str, Any])
def remove_keyword(call: Call) -> dict[str, Any]:
    """Removes a keyword."""
    me = call.me.account_id
    found, keyword = queries.get_filter_of_keyword(call.tx, me, call.id())
    actions.change_keyword(call.tx, me, found, KeywordDraft(id=keyword.id, removed=True))
    return {}


@router.get(
    "/api/v2/filters/{filter_id}/statuses", scope="read:filters", returns=list[FilterStatus]
)
def list_statuses(call: Call) -> list[FilterStatus]:
    """The statuses of a filter."""
    return [build_filtered(post) for post in _get(call, "filter_id").posts]


@router.post("/api/v2/filters/{filter_id}/statuses", scope="write:filters", returns=FilterStatus)
def add_status(call: Call, params: FilteredParams) -> FilterStatus:
    """Adds a status to a filter."""
    found = _get(call, "filter_id")
    return build_filtered(actions.add_post(call.tx, call.me.account_id, found, params.status_id))


@router.get("/api/v2/filters/statuses/{id}", scope="read:filters", returns=FilterStatus)
def show_status(call: Call) -> FilterStatus:
    """One status of a filter."""
    _, post = queries.get_filter_of_post(call.tx, call.me.account_id, call.id())
    return build_filtered(post)


@router.delete("/api/v2/filters/statuses/{id}", scope="write:filters", returns=dict[str, Any])
def remove_status(call: Call) -> dict[str, Any]:
    """Takes a status out of a filter."""
    me = call.me.account_id
    _, post = queries.get_filter_of_post(call.tx, me, call.id())
    actions.remove_post(call.tx, me, post)
    return {}
