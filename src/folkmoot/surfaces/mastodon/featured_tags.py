"""/api/v1/featured_tags"""

from typing import Annotated, Any

import msgspec

from folkmoot.domain.accounts.queries import get_account, get_shown_account
from folkmoot.domain.tags import actions, queries
from folkmoot.surfaces.mastodon.entities.featured_tag import FeaturedTag, build_featured_tags
from folkmoot.surfaces.mastodon.entities.tag import Tag, present_tags
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    OPTIONAL,
    Call,
    Router,
)

router = Router("featured_tags")


class FeatureParams(msgspec.Struct):
    """A hashtag without `#`."""

    name: Annotated[str, NEEDED] = ""


@router.get("/api/v1/featured_tags", scope="read:accounts", returns=list[FeaturedTag])
def list_own(call: Call) -> list[FeaturedTag]:
    """The hashtags one features."""
    me = get_account(call.tx, call.me.account_id)
    return build_featured_tags(me, queries.list_featured_tags(call.tx, me.id))


@router.post("/api/v1/featured_tags", scope="write:accounts", returns=FeaturedTag)
def feature(call: Call, params: FeatureParams) -> FeaturedTag:
    """Features a hashtag."""
    me = get_account(call.tx, call.me.account_id)
    return build_featured_tags(me, [actions.feature_tag(call.tx, me.id, params.name)])[0]


@router.delete("/api/v1/featured_tags/{id}", scope="write:accounts", returns=dict[str, Any])
def unfeature(call: Call) -> dict[str, Any]:
    """Features a hashtag no longer."""
    me = call.me.account_id
    actions.remove_featured(call.tx, queries.get_featured_tag(call.tx, me, call.id()))
    return {}


@router.get("/api/v1/featured_tags/suggestions", scope="read:accounts", returns=list[Tag])
def suggestions(call: Call) -> list[Tag]:
    """Hashtags one used lately."""
    used = queries.list_used_tags(call.tx, call.me.account_id)
    return present_tags(call.app, call.tx, call.viewer_id, used)


@router.get("/api/v1/accounts/{id}/featured_tags", auth=OPTIONAL, returns=list[FeaturedTag])
def list_of_account(call: Call) -> list[FeaturedTag]:
    """The hashtags that an account features."""
    account = get_shown_account(call.tx, call.id())
    if account.suspended_at is not None:
        return []
    return build_featured_tags(account, queries.list_featured_tags(call.tx, account.id))
