"""/api/v1/follow_requests"""

from folkmoot.domain.accounts.queries import get_account, get_shown_account
from folkmoot.domain.relationships import actions
from folkmoot.domain.relationships.queries import list_requests
from folkmoot.surfaces.mastodon.accounts import answer_accounts
from folkmoot.surfaces.mastodon.entities.account import Account
from folkmoot.surfaces.mastodon.entities.relationship import Relationship, present_relationship
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router

router = Router("follow_requests")


@router.get("/api/v1/follow_requests", scope="read:follows follow", returns=list[Account])
def list_waiting(call: Call, params: PageParams) -> Answer:
    """Who asks to follow one."""
    page = params.page(40, 80)
    return answer_accounts(call, list_requests(call.tx, call.me.account_id, page), page.limit)


@router.post(
    "/api/v1/follow_requests/{account_id}/authorize",
    scope="write:follows follow",
    returns=Relationship,
)
def authorize(call: Call) -> Relationship:
    """Lets a follower in."""
    follower = get_shown_account(call.tx, call.id("account_id"))
    actions.accept_request(call.tx, get_account(call.tx, call.me.account_id), follower)
    return present_relationship(call.tx, call.me.account_id, follower.id)


@router.post(
    "/api/v1/follow_requests/{account_id}/reject",
    scope="write:follows follow",
    returns=Relationship,
)
def reject(call: Call) -> Relationship:
    """Turns a follower away."""
    follower = get_shown_account(call.tx, call.id("account_id"))
    actions.reject_request(call.tx, call.me.account_id, follower.id)
    return present_relationship(call.tx, call.me.account_id, follower.id)
