"""/api/v{1,2}/notifications/policy: what is done with strangers' notifications."""

import msgspec

from folkmoot.domain.notifications.queries import summarise_requests
from folkmoot.domain.strangers.actions import set_policy
from folkmoot.domain.strangers.model import Policy, Verdict
from folkmoot.domain.strangers.queries import get_policy
from folkmoot.surfaces.mastodon.entities.notification_request import (
    NotificationPolicy,
    NotificationPolicyV1,
    build_policy,
    build_policy_v1,
)
from folkmoot.surfaces.mastodon.operations import Call, Router

router = Router("notifications")


class PolicyParams(msgspec.Struct):
    """What to do with notifications from whom; what is left out stays as it is."""

    for_not_following: Verdict | None = None
    for_not_followers: Verdict | None = None
    for_new_accounts: Verdict | None = None
    for_private_mentions: Verdict | None = None
    for_limited_accounts: Verdict | None = None
    for_bots: Verdict | None = None


class PolicyParamsV1(msgspec.Struct):
    """Whether to hold back notifications from whom."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


@router.get("/api/v2/notifications/policy", scope="read:notifications", returns=NotificationPolicy)
def show(call: Call) -> NotificationPolicy:
    """What is done with notifications from strangers."""
    return _present(call)


@router.operation(
    "PATCH",
    "/api/v2/notifications/policy",
    scope="write:notifications",
    returns=NotificationPolicy,
)
def update(call: Call, params: PolicyParams) -> NotificationPolicy:
    """Changes what is done with notifications from strangers."""
    chosen = {n: v for n in params.__struct_fields__ if (v := getattr(params, n)) is not None}
    _save(call, chosen)
    return _present(call)


@router.get(
    "/api/v1/notifications/policy", scope="read:notifications", returns=NotificationPolicyV1
)
def show_v1(call: Call) -> NotificationPolicyV1:
    """Whether notifications from strangers are held back."""
    return _present_v1(call)


@router.put(
    "/api/v1/notifications/policy", scope="write:notifications", returns=NotificationPolicyV1
)
def update_v1(call: Call, params: PolicyParamsV1) -> NotificationPolicyV1:
    """Changes whether notifications from strangers are held back."""
    chosen = {
        name.replace("filter_", "for_"): Verdict.FILTER if value else Verdict.ACCEPT
        for name in params.__struct_fields__
        if (value := getattr(params, name)) is not None
    }
    _save(call, chosen)
    return _present_v1(call)


def _save(call: Call, chosen: dict[str, Verdict]) -> None:
    me = call.me.account_id
    policy: Policy = msgspec.structs.replace(get_policy(call.tx, me), **chosen)
    set_policy(call.tx, me, policy)


def _present(call: Call) -> NotificationPolicy:
    me = call.me.account_id
    return build_policy(get_policy(call.tx, me), summarise_requests(call.tx, me))


def _present_v1(call: Call) -> NotificationPolicyV1:
    me = call.me.account_id
    return build_policy_v1(get_policy(call.tx, me), summarise_requests(call.tx, me))
