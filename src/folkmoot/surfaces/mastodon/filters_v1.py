"""/api/v1/filters: each keyword of a filter as a filter of its own."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from folkmoot.domain.filters import actions, queries
from folkmoot.domain.filters.model import CONTEXTS, FilterInvalid, KeywordDraft, SharedFilter
from folkmoot.surfaces.mastodon.entities.filter import V1Filter, build_v1_filter
from folkmoot.surfaces.mastodon.operations import (
    Call,
    Router,
    one_of,
)

router = Router("filters")


class V1FilterParams(msgspec.Struct):
    """What to make of a filter. `expires_in` in seconds; empty or null for one without end."""

    phrase: str | UnsetType = UNSET
    context: list[Annotated[str, one_of(CONTEXTS)]] | UnsetType = UNSET
    irreversible: bool | UnsetType = UNSET
    whole_word: bool | UnsetType = UNSET
    expires_in: int | UnsetType | None = UNSET

    @property
    def shared(self) -> dict[str, Any]:
        """What was given of that which all keywords of a filter share."""
        given: dict[str, Any] = {}
        if self.context is not UNSET:
            given["contexts"] = tuple(self.context)
        if self.irreversible is not UNSET:
            given["action"] = "hide" if self.irreversible else "warn"
        if self.expires_in is not UNSET:
            given["expires_in_s"] = self.expires_in
        return given


@router.get("/api/v1/filters", scope="read:filters", returns=list[V1Filter])
def list_own(call: Call) -> list[V1Filter]:
    """The keywords of one's filters."""
    return [
        build_v1_filter(found, keyword)
        for found in queries.list_filters(call.tx, call.me.account_id)
        for keyword in found.keywords
    ]


@router.get("/api/v1/filters/{id}", scope="read:filters", returns=V1Filter)
def show(call: Call) -> V1Filter:
    """One keyword."""
    return build_v1_filter(*queries.get_filter_of_keyword(call.tx, call.me.account_id, call.id()))


@router.post("/api/v1/filters", scope="write:filters", returns=V1Filter)
def create(call: Call, params: V1FilterParams) -> V1Filter:
    """Makes a filter of one keyword."""
    if not params.phrase:
        raise FilterInvalid("Phrase can't be blank")
    draft = KeywordDraft(params.phrase, whole_word=params.whole_word is True)
    given = {"contexts": ()} | params.shared
    made = actions.create_filter(
        call.tx, call.me.account_id, title=params.phrase[:256], keywords=[draft], **given
    )
    return build_v1_filter(made, made.keywords[0])


@router.put("/api/v1/filters/{id}", scope="write:filters", returns=V1Filter)
def change(call: Call, params: V1FilterParams) -> V1Filter:
    """Changes a keyword and, when its filter has no other, the filter."""
    me = call.me.account_id
    found, keyword = queries.get_filter_of_keyword(call.tx, me, call.id())
    shared = params.shared
    if len(found.keywords) > 1:
        same = {"contexts": found.contexts, "action": found.action}
        if any(name not in same or same[name] != value for name, value in shared.items()):
            raise SharedFilter
        shared = {}
    draft = KeywordDraft(
        None if params.phrase is UNSET else params.phrase,
        None if params.whole_word is UNSET else params.whole_word,
        keyword.id,
    )
    changed = actions.change_filter(call.tx, me, found, keywords=[draft], **shared)
    return build_v1_filter(changed, next(k for k in changed.keywords if k.id == keyword.id))


@router.delete("/api/v1/filters/{id}", scope="write:filters", returns=dict[str, Any])
def remove(call: Call) -> dict[str, Any]:
    """Removes a keyword from its filter."""
    me = call.me.account_id
    found, keyword = queries.get_filter_of_keyword(call.tx, me, call.id())
    actions.change_keyword(call.tx, me, found, KeywordDraft(id=keyword.id, removed=True))
    return {}
