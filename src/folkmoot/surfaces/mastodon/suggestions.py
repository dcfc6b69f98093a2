"""/api/v1/suggestions, /api/v2/suggestions"""

from typing import Any

import msgspec

from folkmoot.domain.discovery import actions, queries
from folkmoot.surfaces.mastodon.entities.account import (
    Account,
    present_account_list,
    present_accounts,
)
from folkmoot.surfaces.mastodon.entities.suggestion import Suggestion, build_suggestion
from folkmoot.surfaces.mastodon.operations import Answer, Call, Router

router = Router("suggestions")


class SuggestionParams(msgspec.Struct):
    """How many."""

    limit: int | None = None


def _limit(params: SuggestionParams) -> int:
    return max(1, min(params.limit or 40, 80))


@router.get("/api/v2/suggestions", scope="read:accounts", returns=list[Suggestion])
def list_suggestions(call: Call, params: SuggestionParams) -> list[Suggestion]:
    """Accounts one may want to follow, and why."""
    me = call.me.account_id
    found = queries.list_suggestions(call.tx, me, limit=_limit(params))
    shown = present_accounts(call.app, call.tx, [each.account_id for each in found])
    return [
        build_suggestion(each.sources, shown[each.account_id])
        for each in found
        if each.account_id in shown
    ]


@router.get("/api/v1/suggestions", scope="read:accounts", returns=list[Account])
def list_suggested(call: Call, params: SuggestionParams) -> Answer:
    """Accounts one may want to follow."""
    found = queries.list_suggestions(call.tx, call.me.account_id, limit=_limit(params))
    ids = [each.account_id for each in found]
    return Answer(present_account_list(call.app, call.tx, ids))


@router.delete(
    "/api/v1/suggestions/{account_id}", scope="read write:accounts", returns=dict[str, Any]
)
def dismiss(call: Call) -> dict[str, Any]:
    """Suggests an account no more."""
    actions.dismiss_suggestion(call.tx, call.me.account_id, call.id("account_id"))
    return {}
