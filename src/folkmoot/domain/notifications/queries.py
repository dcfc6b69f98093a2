"""Reads of notifications. Every page is a stretch of one index, or of one for each kind asked."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import Permission, may
from folkmoot.domain.auth.queries import list_team
from folkmoot.domain.notifications.model import (
    Group,
    Kind,
    Listed,
    Notification,
    NotificationNotFound,
    Request,
    RequestNotFound,
    Summary,
)
from folkmoot.domain.notifications.tables import (
    IS_GROUP_SHOWN,
    IS_SHOWN,
    notification_groups,
    notification_requests,
    notifications,
)
from folkmoot.domain.posts.model import Post, QuoteState
from folkmoot.domain.posts.tables import IS_BOOST, IS_QUOTE, posts
from folkmoot.domain.relationships.tables import (
    WANTS_POSTS,
    follows,
)
from folkmoot.kit.db import (
    Id,
    Page,
    Paged,
    Query,
    Tx,
    paged,
    param,
    rows,
    values,
    within,
)

ALL_KINDS = frozenset(Kind)
_REQUEST_CAP = 100

_n = notifications.c
_g = notification_groups.c
_r = notification_requests.c
_one: Any = sa.literal_column("1")
_mine = _n.account_id == param("account_id", Id)
_limit = param("limit", sa.Integer())


def _listed(source: Any) -> Any:
    """The columns of Listed from notifications or a selection of them."""
    sender = accounts.c.id == source.c.from_id
    return (
        sa.select(source, accounts.c.rev)
        .select_from(source.join(accounts, sender))
        .where(accounts.c.suspended_at.is_(None))
    )


_SHOWN = paged(_listed(notifications).where(_mine, IS_SHOWN), _n.id, Listed)
_FROM = paged(
    _listed(notifications).where(
        _mine,
        _n.from_id == param("from_id", Id),
        _n.filtered <= param("most", sa.SmallInteger()),
        within(_n.kind, "kinds"),
    ),
    _n.id,
    Listed,
)
_ONE = rows(_listed(notifications).where(_mine, _n.id == param("id")), Listed)
_BY_ID = rows(sa.select(notifications).where(_n.id == param("id")), Notification)
_GROUPS = paged(
    sa.select(notification_groups).where(_g.account_id == param("account_id", Id), IS_GROUP_SHOWN),
    _g.latest_id,
    Group,
)
_by_key = sa.select(notification_groups).where(
    _g.account_id == param("account_id", Id), within(_g.group_key, "keys")
)
_GROUPS_BY_KEY = rows(_by_key, Group)
_GROUPS_TO_CHANGE = rows(_by_key.with_for_update(), Group)
_GROUP_PAGE_MIN = values(
    sa.select(sa.func.min(_n.id)).where(
        _mine, _n.group_key == param("group_key"), _n.id >= param("from", Id)
    ),
    int,
)
_IN_GROUP = paged(
    sa.select(notifications).where(_mine, _n.group_key == param("group_key")), _n.id, Notification
)


def _stretch(table: sa.Table, key: Any, kind: str, filtered: int, *, ascending: bool) -> Any:
    """The part of a page that one kind could fill."""
    chosen = (
        sa.select(table)
        .where(
            table.c.account_id == param("account_id", Id),
            table.c.filtered == sa.literal_column(str(filtered)),
            table.c.kind == sa.literal_column(f"'{kind}'"),
            key < param("max_id", Id),
            key > param("since_id", Id),
        )
        .order_by(key.asc() if ascending else key.desc())
        .limit(_limit)
        .subquery("stretch")
    )
    return sa.select(chosen)


def _merged(
    table: sa.Table, key: str, kinds: tuple[str, ...], filtered: bool, *, ascending: bool
) -> Any:
    """A page of several kinds: a stretch of each, merged, so that however rare the kinds are no
    row of another kind is read."""
    parts = [
        _stretch(table, table.c[key], kind, state, ascending=ascending)
        for kind in kinds
        for state in ((0, 1) if filtered else (0,))
    ]
    joined: Any = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    merged = joined.subquery("merged")
    page: Any = _listed(merged) if table is notifications else sa.select(merged)
    column = merged.c[key]
    return page.order_by(column.asc() if ascending else column.desc()).limit(_limit)


@lru_cache(maxsize=256)
def of_kinds(kinds: tuple[str, ...], filtered: bool) -> Paged[Listed]:
    """The pages of some kinds, with what is held back when `filtered`."""
    newest = _merged(notifications, "id", kinds, filtered, ascending=False)
    oldest = _merged(notifications, "id", kinds, filtered, ascending=True)
    return Paged(rows(newest, Listed), rows(oldest, Listed))


@lru_cache(maxsize=256)
def groups_of_kinds(kinds: tuple[str, ...], filtered: bool) -> Paged[Group]:
    """The pages of groups of some kinds."""
    newest = _merged(notification_groups, "latest_id", kinds, filtered, ascending=False)
    oldest = _merged(notification_groups, "latest_id", kinds, filtered, ascending=True)
    return Paged(rows(newest, Group), rows(oldest, Group))


def list_notifications(
    tx: Tx,
    account_id: int,
    page: Page,
    *,
    kinds: Collection[str] = ALL_KINDS,
    from_id: int | None = None,
    filtered: bool = False,
) -> list[Listed]:
    """A page of what a member was told of; with `filtered` also what is held back."""
    if not kinds:
        return []
    if from_id is not None:
        asked = sorted(kinds)
        return tx.page(
            _FROM, page, account_id=account_id, from_id=from_id, most=int(filtered), kinds=asked
        )
    if set(kinds) >= ALL_KINDS and not filtered:
        return tx.page(_SHOWN, page, account_id=account_id)
    return tx.page(of_kinds(tuple(sorted(kinds)), filtered), page, account_id=account_id)


def list_groups(
    tx: Tx,
    account_id: int,
    page: Page,
    *,
    kinds: Collection[str] = ALL_KINDS,
    filtered: bool = False,
) -> list[Group]:
    """A page of groups, the one with the newest notification first."""
    if not kinds:
        return []
    if set(kinds) >= ALL_KINDS and not filtered:
        return tx.page(_GROUPS, page, account_id=account_id)
    return tx.page(groups_of_kinds(tuple(sorted(kinds)), filtered), page, account_id=account_id)


def list_groups_by_key(tx: Tx, account_id: int, keys: list[str]) -> dict[str, Group]:
    """The groups that exist among these keys."""
    found = tx.all(_GROUPS_BY_KEY, account_id=account_id, keys=keys) if keys else []
    return {group.group_key: group for group in found}


def list_groups_to_change(tx: Tx, account_id: int, keys: list[str]) -> dict[str, Group]:
    """The same, kept from other transactions until this one ends."""
    found = tx.all(_GROUPS_TO_CHANGE, account_id=account_id, keys=keys) if keys else []
    return {group.group_key: group for group in found}


def oldest_in_group(tx: Tx, account_id: int, group_key: str, *, not_below: int) -> int:
    """The id of a group's oldest notification that is not older than `not_below`."""
    found = tx.first(
        _GROUP_PAGE_MIN, **{"account_id": account_id, "group_key": group_key, "from": not_below}
    )
    return found or not_below


def list_in_group(tx: Tx, account_id: int, group_key: str, page: Page) -> list[Notification]:
    """A page of a group's notifications."""
    return tx.page(_IN_GROUP, page, account_id=account_id, group_key=group_key)


def get_notification(tx: Tx, account_id: int, notification_id: int) -> Listed:
    """One of a member's notifications; NotificationNotFound otherwise."""
    found = tx.first(_ONE, account_id=account_id, id=notification_id)
    if found is None:
        raise NotificationNotFound
    return found


def find_notification(tx: Tx, notification_id: int) -> Notification | None:
    """The notification of an id, whosever it is."""
    return tx.first(_BY_ID, id=notification_id)


class _Sender(msgspec.Struct):
    id: AccountId
    rev: int


_SENDERS = rows(
    sa.select(accounts.c.id, accounts.c.rev).where(
        within(accounts.c.id, "ids"), accounts.c.suspended_at.is_(None)
    ),
    _Sender,
)


def list_senders(tx: Tx, ids: Iterable[int]) -> dict[AccountId, int]:
    """The revisions of those accounts that are not suspended."""
    wanted = list(ids)
    return {row.id: row.rev for row in tx.all(_SENDERS, ids=wanted)} if wanted else {}


def _count(table: sa.Table, key: Any, *further: Any) -> Query[int]:
    some = (
        sa.select(_one.label("one"))
        .where(
            table.c.account_id == param("account_id", Id),
            table.c.filtered == sa.literal_column("0"),
            key > param("since_id", Id),
            within(table.c.kind, "kinds"),
            *further,
        )
        .limit(_limit)
        .subquery("some")
    )
    return values(sa.select(sa.func.count()).select_from(some), int)


_UNREAD = _count(notifications, _n.id)
_UNREAD_FROM = _count(notifications, _n.id, _n.from_id == param("from_id", Id))
_UNREAD_GROUPS = _count(notification_groups, _g.latest_id)


def count_unread(
    tx: Tx,
    account_id: int,
    *,
    since_id: int,
    limit: int,
    kinds: Collection[str] = ALL_KINDS,
    from_id: int | None = None,
) -> int:
    """How many notifications are newer than `since_id`, counted up to `limit`."""
    params = {"account_id": account_id, "since_id": since_id, "kinds": sorted(kinds)}
    if from_id is not None:
        return tx.one(_UNREAD_FROM, **params, limit=limit, from_id=from_id)
    return tx.one(_UNREAD, **params, limit=limit)


def count_unread_groups(
    tx: Tx, account_id: int, *, since_id: int, limit: int, kinds: Collection[str] = ALL_KINDS
) -> int:
    """How many groups have something newer than `since_id`, counted up to `limit`."""
    return tx.one(
        _UNREAD_GROUPS,
        account_id=account_id,
        since_id=since_id,
        limit=limit,
        kinds=sorted(kinds),
    )


_REQUESTS = paged(
    sa.select(notification_requests).where(_r.account_id == param("account_id", Id)),
    _r.id,
    Request,
)
_REQUEST = rows(
    sa.select(notification_requests).where(
        _r.account_id == param("account_id"), _r.id == param("id")
    ),
    Request,
)
_REQUESTS_BY_ID = rows(
    sa.select(notification_requests).where(
        _r.account_id == param("account_id"), within(_r.id, "ids")
    ),
    Request,
)
_some_requests = (
    sa.select(_r.count.label("held"))
    .where(_r.account_id == param("account_id", Id))
    .order_by(_r.id.desc())
    .limit(sa.literal_column(str(_REQUEST_CAP)))
    .subquery("some")
)
_SUMMARY = rows(
    sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_some_requests.c.held), 0)),
    Summary,
)


def summarise_requests(tx: Tx, account_id: int) -> Summary:
    """How much is held back, counted over at most a hundred accounts."""
    return tx.one(_SUMMARY, account_id=account_id)


def list_requests(tx: Tx, account_id: int, page: Page) -> list[Request]:
    """A page of the accounts whose notifications are held back."""
    return tx.page(_REQUESTS, page, account_id=account_id)


def list_requests_by_id(tx: Tx, account_id: int, ids: list[int]) -> list[Request]:
    """Those of a member's requests that exist among these ids."""
    return tx.all(_REQUESTS_BY_ID, account_id=account_id, ids=ids) if ids else []


def get_request(tx: Tx, account_id: int, request_id: int) -> Request:
    """One of a member's requests; RequestNotFound otherwise."""
    found = tx.first(_REQUEST, account_id=account_id, id=request_id)
    if found is None:
        raise RequestNotFound
    return found


_NOTIFY_FOLLOWERS = values(
    sa.select(follows.c.follower_id).where(
        follows.c.followed_id == param("author_id"), WANTS_POSTS
    ),
    AccountId,
)


def list_who_wants_posts(tx: Tx, author_id: int) -> list[AccountId]:
    """The followers who want to be told of each post of an author."""
    return tx.all(_NOTIFY_FOLLOWERS, author_id=author_id)


def list_who_may(tx: Tx, permission: Permission) -> list[AccountId]:
    """Those of the team who may do something now."""
    return [user.account_id for user in list_team(tx) if may(user, permission)]


def _every(*conditions: Any) -> Query[Notification]:
    return rows(sa.select(notifications).where(*conditions), Notification)


_ACT_ON_POST = _every(
    _n.post_id == param("post_id"), _n.kind == param("kind"), _n.from_id == param("from_id")
)
_from = (_n.from_id == param("from_id"), _n.account_id == param("account_id"))
_ACT_ON_MEMBER = _every(*_from, _n.kind == param("kind"))
_ALL_FROM = _every(*_from)
_HELD = _every(*_from, _n.filtered == _one)
_WHOLE_GROUP = _every(_n.account_id == param("account_id"), _n.group_key == param("group_key"))
_ABOUT_POST = _every(_n.post_id == param("post_id"))
_OF_SENDER = _every(_n.from_id == param("from_id"))
_BEFORE = rows(
    sa.select(notifications).where(_n.id < param("before_id")).order_by(_n.id).limit(_limit),
    Notification,
)
_FROM_DOMAIN = rows(
    sa.select(notifications)
    .select_from(notifications.join(accounts, accounts.c.id == _n.from_id))
    .where(_mine, accounts.c.domain == param("domain")),
    Notification,
)


def list_of_act(
    tx: Tx, kind: Kind, account_id: int | None, from_id: int, post_id: int | None
) -> list[Notification]:
    """What an account's act told: about a post, or else one member."""
    if post_id is not None:
        return tx.all(_ACT_ON_POST, post_id=post_id, kind=kind, from_id=from_id)
    return tx.all(_ACT_ON_MEMBER, from_id=from_id, account_id=account_id, kind=kind)


def list_all_from(tx: Tx, account_id: int, from_id: int) -> list[Notification]:
    """Everything that a member was told of an account."""
    return tx.all(_ALL_FROM, account_id=account_id, from_id=from_id)


def list_all_from_domain(tx: Tx, account_id: int, domain: str) -> list[Notification]:
    """Everything that a member was told of the accounts of a domain."""
    return tx.all(_FROM_DOMAIN, account_id=account_id, domain=domain)


def list_held(tx: Tx, account_id: int, from_id: int) -> list[Notification]:
    """What is held back of an account."""
    return tx.all(_HELD, account_id=account_id, from_id=from_id)


def list_whole_group(tx: Tx, account_id: int, group_key: str) -> list[Notification]:
    """Every notification of a group."""
    return tx.all(_WHOLE_GROUP, account_id=account_id, group_key=group_key)


def list_about_post(tx: Tx, post_id: int) -> list[Notification]:
    """Every notification that shows a post."""
    return tx.all(_ABOUT_POST, post_id=post_id)


def list_of_sender(tx: Tx, from_id: int) -> list[Notification]:
    """Everything that anybody was told of an account."""
    return tx.all(_OF_SENDER, from_id=from_id)


def list_older(tx: Tx, before_id: int, limit: int) -> list[Notification]:
    """The oldest notifications, of anybody, with ids below one."""
    return tx.all(_BEFORE, before_id=before_id, limit=limit)


_BOOSTERS = values(
    sa.select(posts.c.author_id).where(posts.c.boost_of_id == param("post_id"), IS_BOOST),
    AccountId,
)
_QUOTING = rows(
    sa.select(posts).where(
        posts.c.quote_of_id == param("post_id"),
        IS_QUOTE,
        posts.c.quote_state == sa.literal_column(f"'{QuoteState.ACCEPTED}'"),
    ),
    Post,
)


def list_boosters(tx: Tx, post_id: int) -> list[AccountId]:
    """Who boosted a post."""
    return tx.all(_BOOSTERS, post_id=post_id)


def list_quoting(tx: Tx, post_id: int) -> list[Post]:
    """The posts that quote a post with its author's consent."""
    return tx.all(_QUOTING, post_id=post_id)
