"""/api/v1/statuses/:id/…: what a member does with a status"""

from collections.abc import Callable

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.interactions import actions as interactions
from folkmoot.domain.posts import actions as posts
from folkmoot.domain.posts.model import Post
from folkmoot.kit.db import Tx
from folkmoot.surfaces.mastodon.entities.status import Status, present_status
from folkmoot.surfaces.mastodon.operations import Answer, Call, Router
from folkmoot.surfaces.mastodon.statuses import VisibilityName, visibility_named

router = Router("statuses")


class BoostParams(msgspec.Struct):
    """Who sees the boost; as the member prefers, when left out."""

    visibility: VisibilityName | None = None


@router.post("/api/v1/statuses/{id}/reblog", scope="write:statuses", returns=Status, rate="posts")
def boost(call: Call, params: BoostParams) -> Answer:
    """Boosts a status; the answer is the boost, with the status in `reblog`."""
    booster = get_account(call.tx, call.me.account_id)
    visibility = visibility_named(params.visibility)
    made = posts.boost_post(call.tx, booster, call.id(), visibility=visibility)
    return _answer(call, made.id)


@router.post(
    "/api/v1/statuses/{id}/unreblog", scope="write:statuses", returns=Status, rate="deletions"
)
def unboost(call: Call) -> Answer:
    """Takes a boost back."""
    booster = get_account(call.tx, call.me.account_id)
    return _answer(call, posts.unboost_post(call.tx, booster, call.id()).id)


@router.post(
    "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
    scope="write:statuses",
    returns=Status,
)
def revoke_quote(call: Call) -> Answer:
    """Takes one's status out of another that quotes it."""
    author = get_account(call.tx, call.me.account_id)
    quote_id = call.id("quoting_status_id")
    return _answer(call, posts.revoke_quote(call.tx, author, call.id(), quote_id=quote_id).id)


def _simple(name: str, scope: str, act: Callable[[Tx, AccountId, int], Post], says: str) -> None:
    """Registers an act on a status that needs nothing but who acts and on what."""

    def operation(call: Call) -> Answer:
        return _answer(call, act(call.tx, call.me.account_id, call.id()).id)

    operation.__doc__ = says
    router.post(f"/api/v1/statuses/{{id}}/{name}", scope=scope, returns=Status)(operation)


_simple(
    "favourite", "write:favourites", interactions.favourite_post, "Marks a status as a favourite."
)
_simple("unfavourite", "write:favourites", interactions.unfavourite_post, "Takes that back.")
_simple("bookmark", "write:bookmarks", interactions.bookmark_post, "Keeps a status for oneself.")
_simple("unbookmark", "write:bookmarks", interactions.unbookmark_post, "Keeps it no longer.")
_simple("mute", "write:mutes", interactions.mute_thread, "No notifications from a status' thread.")
_simple("unmute", "write:mutes", interactions.unmute_thread, "Notifications from it again.")
_simple(
    "pin", "write:accounts", interactions.pin_post, "Puts one's status on top of one's profile."
)
_simple("unpin", "write:accounts", interactions.unpin_post, "Takes it off the top.")


def _answer(call: Call, post_id: int) -> Answer:
    return Answer(present_status(call.app, call.tx, call.viewer_id, post_id))
