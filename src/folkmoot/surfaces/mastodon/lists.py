"""/api/v1/lists"""

from typing import Annotated, Any

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.lists import actions, queries
from folkmoot.domain.lists.model import MemberList, RepliesPolicy
from folkmoot.kit.db import Page
from folkmoot.surfaces.mastodon.accounts import answer_accounts
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.operations import (
    Answer,
    Call,
    Id,
    PageParams,
    Router,
    one_of,
)

router = Router("lists")

_WHOLE = Page(limit=100_000)


class List(msgspec.Struct):
    """A list of followed accounts."""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


class ListParams(msgspec.Struct):
    """What to make of a list; what is not given stays, or starts as `list` and not exclusive."""

    title: str | None = None
    replies_policy: Annotated[str, one_of(RepliesPolicy)] | None = None
    exclusive: bool | None = None


class MemberParams(msgspec.Struct):
    """Accounts to put on a list or take off it."""

    account_ids: list[Id] = []


def build_list(found: MemberList) -> List:
    """The entity of a list."""
    return List(str(found.id), found.title, found.replies_policy, found.exclusive)


def _get(call: Call) -> MemberList:
    return queries.get_list(call.tx, call.id(), owner_id=call.me.account_id)


@router.get("/api/v1/lists", scope="read:lists", returns=list[List])
def list_own(call: Call) -> list[List]:
    """One's lists."""
    return [build_list(found) for found in queries.list_lists(call.tx, call.me.account_id)]


@router.get("/api/v1/lists/{id}", scope="read:lists", returns=List)
def show(call: Call) -> List:
    """One list."""
    return build_list(_get(call))


@router.post("/api/v1/lists", scope="write:lists", returns=List)
def create(call: Call, params: ListParams) -> List:
    """Makes a list."""
    made = actions.create_list(
        call.tx,
        call.me.account_id,
        title=params.title or "",
        replies_policy=params.replies_policy or "list",
        exclusive=params.exclusive is True,
    )
    return build_list(made)


@router.put("/api/v1/lists/{id}", scope="write:lists", returns=List)
def change(call: Call, params: ListParams) -> List:
    """Changes a list."""
    changed = actions.change_list(
        call.tx,
        _get(call),
        title=params.title,
        replies_policy=params.replies_policy,
        exclusive=params.exclusive,
    )
    return build_list(changed)


@router.delete("/api/v1/lists/{id}", scope="write:lists", returns=dict[str, Any])
def delete(call: Call) -> dict[str, Any]:
    """Deletes a list."""
    actions.delete_list(call.tx, _get(call))
    return {}


@router.get("/api/v1/lists/{id}/accounts", scope="read:lists", returns=list[Account])
def accounts(call: Call, params: PageParams) -> Answer:
    """Who is on a list; everyone with a limit of 0."""
    page = _WHOLE if params.limit == 0 else params.page(40, 80)
    return answer_accounts(call, queries.list_members_of(call.tx, _get(call).id, page), page.limit)


@router.post("/api/v1/lists/{id}/accounts", scope="write:lists", returns=dict[str, Any])
def add(call: Call, params: MemberParams) -> dict[str, Any]:
    """Puts accounts on a list."""
    actions.add_members(call.tx, _get(call), [AccountId(i) for i in params.account_ids])
    return {}


@router.delete("/api/v1/lists/{id}/accounts", scope="write:lists", returns=dict[str, Any])
def remove(call: Call, params: MemberParams) -> dict[str, Any]:
    """Takes accounts off a list."""
    actions.remove_members(call.tx, _get(call), [AccountId(i) for i in params.account_ids])
    return {}


@router.get("/api/v1/accounts/{id}/lists", scope="read:lists", returns=list[List])
def containing(call: Call) -> list[List]:
    """One's lists on which an account is."""
    found = queries.list_lists_with(call.tx, call.me.account_id, call.id())
    return [build_list(one) for one in found]
