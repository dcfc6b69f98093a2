"""NotificationGroup and what surrounds it: accounts and statuses named once for a whole page."""

from collections.abc import Collection, Sequence

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.notifications.model import Group
from folkmoot.domain.notifications.queries import (
    get_notification,
    list_senders,
    oldest_in_group,
)
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import time_of
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.account import Account, encoded_accounts
from folkmoot.surfaces.mastodon.entities.encoded import encoded
from folkmoot.surfaces.mastodon.entities.notification import DETAILED, TYPES, Details, build_details
from folkmoot.surfaces.mastodon.entities.status import Status, present_statuses


class PartialAccountWithAvatar(msgspec.Struct):
    """As much of an account as a row of avatars needs."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    avatar_description: str
    locked: bool
    bot: bool


class NotificationGroup(Details, kw_only=True):
    """Notifications of one kind about one thing; the ids of the page only on a page."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: str
    page_min_id: str | msgspec.UnsetType = msgspec.UNSET
    page_max_id: str | msgspec.UnsetType = msgspec.UNSET
    latest_page_notification_at: str | msgspec.UnsetType = msgspec.UNSET
    sample_account_ids: list[str]
    status_id: str | msgspec.UnsetType = msgspec.UNSET


class GroupedNotificationsResults(msgspec.Struct, kw_only=True):
    """Groups, and the accounts and statuses that they name."""

    accounts: list[Account]
    partial_accounts: list[PartialAccountWithAvatar] | msgspec.UnsetType = msgspec.UNSET
    statuses: list[Status]
    notification_groups: list[NotificationGroup]


class Placed(msgspec.Struct):
    """A group at its place on a page: there stands the notification `at_id`."""

    group: Group
    at_id: int


def present_groups(
    app: App,
    tx: Tx,
    viewer_id: int,
    placed: Sequence[Placed],
    *,
    partial: bool = False,
    paged: bool = True,
    supported: Collection[str] | None = None,
) -> GroupedNotificationsResults:
    """The entity. With `partial`, only the latest account of each group is given whole. What
    shows a status that the viewer may not read, or comes from suspended accounts, is left out.
    """
    post_ids = [p.group.post_id for p in placed if p.group.post_id is not None]
    statuses = present_statuses(app, tx, viewer_id, list(dict.fromkeys(post_ids)))
    samples = {p.group.group_key: p.group.sample_ids for p in placed}
    known = list_senders(tx, {i for ids in samples.values() for i in ids})
    shown = [
        p
        for p in placed
        if (p.group.post_id is None or p.group.post_id in statuses)
        and any(i in known for i in samples[p.group.group_key])
    ]
    floor = min((p.at_id for p in shown), default=0)
    groups, whole, rest = [], dict[AccountId, int](), dict[AccountId, None]()
    for p in shown:
        ids = [i for i in samples[p.group.group_key] if i in known]
        groups.append(_build_group(app, tx, p, ids, floor if paged else None, supported))
        for account_id in ids[:1] if partial else ids:
            whole[account_id] = known[account_id]
        rest.update(dict.fromkeys(ids))
    accounts = encoded_accounts(app, tx, whole)
    return GroupedNotificationsResults(
        accounts=[encoded(accounts[i]) for i in whole],
        partial_accounts=_partial(app, tx, [i for i in rest if i not in whole])
        if partial
        else msgspec.UNSET,
        statuses=[encoded(status) for status in statuses.values()],
        notification_groups=groups,
    )


def _build_group(
    app: App,
    tx: Tx,
    placed: Placed,
    ids: list[AccountId],
    floor: int | None,
    supported: Collection[str] | None,
) -> NotificationGroup:
    group = placed.group
    made = NotificationGroup(
        group_key=group.group_key,
        notifications_count=group.count,
        type=TYPES[group.kind],
        most_recent_notification_id=str(group.latest_id),
        sample_account_ids=[str(i) for i in ids],
        status_id=msgspec.UNSET if group.post_id is None else str(group.post_id),
    )
    if group.kind in DETAILED:
        found = get_notification(tx, group.account_id, group.latest_id)
        details = build_details(app, tx, found, supported)
        made.report, made.event = details.report, details.event
        made.collection, made.fallback = details.collection, details.fallback
        made.moderation_warning = details.moderation_warning
    if floor is not None:
        oldest = group.oldest_id
        if oldest < floor:
            oldest = oldest_in_group(tx, group.account_id, group.group_key, not_below=floor)
        made.page_min_id, made.page_max_id = str(min(oldest, placed.at_id)), str(placed.at_id)
        made.latest_page_notification_at = iso(time_of(placed.at_id))
    return made


def _partial(app: App, tx: Tx, ids: list[AccountId]) -> list[PartialAccountWithAvatar]:
    made = []
    for account in list_accounts(tx, ids).values():
        avatar = app.avatar_url(account.id, account.avatar)
        made.append(
            PartialAccountWithAvatar(
                id=str(account.id),
                acct=account.acct,
                url=account.url,
                avatar=avatar,
                avatar_static=app.media_url(account.avatar_static) or avatar,
                avatar_description=account.avatar_description,
                locked=account.locked,
                bot=account.bot,
            )
        )
    return made
