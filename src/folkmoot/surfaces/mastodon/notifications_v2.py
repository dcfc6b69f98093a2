"""/api/v2/notifications: in groups."""

from typing import Any, Literal

from folkmoot.domain.notifications import actions, queries
from folkmoot.domain.notifications.model import (
    GROUPED,
    UNGROUPED,
    Group,
    Kind,
    Listed,
    NotificationNotFound,
)
from folkmoot.kit.db import Page
from folkmoot.kit.ids import parse_id
from folkmoot.surfaces.mastodon.entities.account import Account, encoded_accounts
from folkmoot.surfaces.mastodon.entities.notification import KINDS
from folkmoot.surfaces.mastodon.entities.notification_group import (
    GroupedNotificationsResults,
    Placed,
    present_groups,
)
from folkmoot.surfaces.mastodon.notifications import (
    DEFAULT,
    MOST,
    Count,
    CountParams,
    ListParams,
    ShowParams,
    last_read_id,
)
from folkmoot.surfaces.mastodon.operations import Answer, Call, PageParams, Router, link_header

router = Router("grouped notifications")


class GroupParams(ListParams):
    """Which groups to give; `grouped_types` names the types that the client can show grouped."""

    grouped_types: tuple[str, ...] | None = None
    expand_accounts: Literal["full", "partial_avatars"] = "full"

    def apart(self) -> frozenset[Kind]:
        """The kinds to give one by one although they are grouped."""
        if self.grouped_types is None:
            return frozenset()
        return GROUPED - {KINDS.get(name) for name in self.grouped_types}


@router.get(
    "/api/v2/notifications", scope="read:notifications", returns=GroupedNotificationsResults
)
def list_grouped(call: Call, params: GroupParams) -> Answer:
    """What one was told of in groups, the group with the newest notification first."""
    page = params.page(DEFAULT, MOST)
    placed = _page_from(call, params, page) if params.account_id else _page(call, params, page)
    headers = link_header(
        call,
        first=placed[0].at_id if placed else None,
        last=placed[-1].at_id if placed else None,
        full=len(placed) >= page.limit,
    )
    results = present_groups(
        call.app,
        call.tx,
        call.me.account_id,
        placed,
        partial=params.expand_accounts == "partial_avatars",
        supported=params.supported_types,
    )
    return Answer(results, headers=headers)


def _page(call: Call, params: GroupParams, page: Page) -> list[Placed]:
    """Groups, merged with the notifications of those kinds that are asked for one by one."""
    me, kinds, apart = call.me.account_id, params.kinds(), params.apart()
    filtered = params.include_filtered
    groups = queries.list_groups(call.tx, me, page, kinds=kinds - apart, filtered=filtered)
    placed = [Placed(group, group.latest_id) for group in groups]
    if alone := kinds & apart:
        found = queries.list_notifications(call.tx, me, page, kinds=alone, filtered=filtered)
        placed += [_alone(n) for n in found]
        placed.sort(key=lambda p: p.at_id, reverse=True)
        # With min_id the stretch begins at its lower end.
        placed = placed[: page.limit] if page.min_id is None else placed[-page.limit :]
    return placed


def _page_from(call: Call, params: GroupParams, page: Page) -> list[Placed]:
    """The groups in which one account's notifications are, each at the newest of these."""
    me, apart = call.me.account_id, params.apart()
    found = queries.list_notifications(
        call.tx,
        me,
        page,
        kinds=params.kinds(),
        from_id=params.account_id,
        filtered=params.include_filtered,
    )
    groups = queries.list_groups_by_key(call.tx, me, [n.group_key for n in found])
    placed: dict[str, Placed] = {}
    for n in found:
        if n.kind in apart:
            placed[f"{UNGROUPED}-{n.id}"] = _alone(n)
        elif n.group_key in groups:
            placed.setdefault(n.group_key, Placed(groups[n.group_key], n.id))
    return list(placed.values())


def _alone(found: Listed) -> Placed:
    return Placed(
        Group(
            account_id=found.account_id,
            group_key=f"{UNGROUPED}-{found.id}",
            kind=found.kind,
            post_id=found.post_id,
            latest_id=found.id,
            oldest_id=found.id,
            count=1,
            sample=str(found.from_id),
            filtered=found.filtered,
        ),
        found.id,
    )


class GroupCountParams(CountParams, GroupParams):
    """Which groups to count."""


@router.get("/api/v2/notifications/unread_count", scope="read:notifications", returns=Count)
def count_unread(call: Call, params: GroupCountParams) -> Count:
    """How many groups have something newer than the marker."""
    me, since, most = call.me.account_id, last_read_id(call), params.most()
    kinds, apart = params.kinds(), params.apart()
    if params.account_id is not None:
        page = Page(limit=most, since_id=since)
        return Count(len(_page_from(call, params, page)))
    count = queries.count_unread_groups(
        call.tx, me, since_id=since, limit=most, kinds=kinds - apart
    )
    if alone := kinds & apart:
        count += queries.count_unread(call.tx, me, since_id=since, limit=most, kinds=alone)
    return Count(min(count, most))


def _get_group(call: Call) -> Group:
    key = call.path["group_key"]
    group = queries.list_groups_by_key(call.tx, call.me.account_id, [key]).get(key)
    if group is not None:
        return group
    prefix, _, number = key.partition("-")
    if prefix == UNGROUPED:
        found = queries.get_notification(call.tx, call.me.account_id, parse_id(number))
        return _alone(found).group
    raise NotificationNotFound


@router.get(
    "/api/v2/notifications/{group_key}",
    scope="read:notifications",
    returns=GroupedNotificationsResults,
)
def show(call: Call, params: ShowParams) -> GroupedNotificationsResults:
    """One group."""
    group = _get_group(call)
    results = present_groups(
        call.app,
        call.tx,
        call.me.account_id,
        [Placed(group, group.latest_id)],
        paged=False,
        supported=params.supported_types,
    )
    if not results.notification_groups:
        raise NotificationNotFound
    return results


@router.get(
    "/api/v2/notifications/{group_key}/accounts",
    scope="read:notifications",
    returns=list[Account],
)
def list_group_accounts(call: Call, params: PageParams) -> Answer:
    """The accounts behind a group's notifications, the latest first."""
    group = _get_group(call)
    page = params.page(DEFAULT, MOST)
    found = queries.list_in_group(call.tx, group.account_id, group.group_key, page)
    senders = group.sample_ids if group.count == 1 else [n.from_id for n in found]
    accounts = encoded_accounts(call.app, call.tx, queries.list_senders(call.tx, senders))
    headers = link_header(
        call,
        first=found[0].id if found else None,
        last=found[-1].id if found else None,
        full=len(found) >= page.limit,
    )
    body = b",".join(accounts[i] for i in dict.fromkeys(senders) if i in accounts)
    return Answer(b"[" + body + b"]", headers=headers)


@router.post("/api/v2/notifications/{group_key}/dismiss", scope="write:notifications")
def dismiss(call: Call) -> dict[str, Any]:
    """Removes every notification of a group."""
    key = call.path["group_key"]
    prefix, _, number = key.partition("-")
    if prefix == UNGROUPED:
        actions.dismiss(call.tx, call.me.account_id, parse_id(number))
    else:
        actions.dismiss_group(call.tx, call.me.account_id, key)
    return {}
