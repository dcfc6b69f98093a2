"""NotificationRequest and NotificationPolicy."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.notifications.model import Request, Summary
from folkmoot.domain.notifications.queries import list_senders
from folkmoot.domain.strangers.model import Policy
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, encoded_accounts
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.status import Status, present_statuses


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Somebody whose notifications are held back."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | msgspec.UnsetType = msgspec.UNSET


class PolicySummary(msgspec.Struct):
    """How much is held back."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, kw_only=True):
    """What is done with notifications from strangers: accept, filter or drop."""

    for_not_following: str
    for_not_followers: str
    for_new_accounts: str
    for_private_mentions: str
    for_limited_accounts: str
    for_bots: str
    summary: PolicySummary


class NotificationPolicyV1(msgspec.Struct, kw_only=True):
    """The same in its first version, which knows only whether something is held back."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


def build_policy(policy: Policy, summary: Summary) -> NotificationPolicy:
    """The entity of a policy."""
    choices = {name: str(getattr(policy, name)) for name in policy.__struct_fields__}
    return NotificationPolicy(**choices, summary=_build_summary(summary))


def build_policy_v1(policy: Policy, summary: Summary) -> NotificationPolicyV1:
    """The first version's entity of a policy."""
    return NotificationPolicyV1(
        filter_not_following=policy.for_not_following != "accept",
        filter_not_followers=policy.for_not_followers != "accept",
        filter_new_accounts=policy.for_new_accounts != "accept",
        filter_private_mentions=policy.for_private_mentions != "accept",
        summary=_build_summary(summary),
    )


def _build_summary(summary: Summary) -> PolicySummary:
    return PolicySummary(summary.requests, summary.notifications)


def present_requests(
    app: App, tx: Tx, viewer_id: int, requests: Sequence[Request]
) -> list[NotificationRequest]:
    """The entities of those requests whose accounts are still to be seen."""
    post_ids = [r.last_post_id for r in requests if r.last_post_id is not None]
    statuses = present_statuses(app, tx, viewer_id, post_ids) if post_ids else {}
    accounts = encoded_accounts(app, tx, list_senders(tx, [r.from_id for r in requests]))
    made = []
    for request in requests:
        if request.from_id not in accounts:
            continue
        status = None if request.last_post_id is None else statuses.get(request.last_post_id)
        made.append(
            NotificationRequest(
                id=str(request.id),
                created_at=iso(request.created_at),
                updated_at=iso(request.updated_at),
                notifications_count=str(request.count),
                account=encoded(accounts[request.from_id]),
                last_status=msgspec.UNSET if status is None else encoded(status),
            )
        )
    return made
