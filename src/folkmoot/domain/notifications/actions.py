"""Writes of notifications: telling, taking back, and what members do with them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.conversations import actions as conversations
from folkmoot.domain.notifications import queries
from folkmoot.domain.notifications.events import Notified
from folkmoot.domain.notifications.model import (
    GROUPED,
    SAMPLE,
    UNGROUPED,
    Group,
    Kind,
    Notice,
    Notification,
    Request,
    add_to_sample,
    group_prefix,
    may_be_held_back,
    recent_keys,
    tells_oneself,
)
from folkmoot.domain.notifications.tables import (
    notification_groups,
    notification_requests,
    notifications,
)
from folkmoot.domain.posts.model import Post, Visibility
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.strangers import actions as strangers
from folkmoot.domain.strangers.model import Verdict, judge
from folkmoot.domain.strangers.queries import list_addressed_by, list_standings
from folkmoot.kit.db import Id, Page, Tx, command, delete_some, insert_all, param, within
from folkmoot.kit.ids import new_id

_n = notifications.c
_g = notification_groups.c
_r = notification_requests.c
_one: Any = sa.literal_column("1")

_INSERT = insert_all(notifications)
_INSERT_GROUP = insert_all(notification_groups, or_ignore=True)
_SAVE_GROUP = command(
    sa.update(notification_groups)
    .where(_g.account_id == param("of_id"), _g.group_key == param("key"))
    .values(
        latest_id=param("latest"),
        oldest_id=param("oldest"),
        count=param("count"),
        sample=param("sample"),
    )
)
_DELETE = command(sa.delete(notifications).where(within(_n.id, "ids")))
_DELETE_GROUPS = command(
    sa.delete(notification_groups).where(
        _g.account_id == param("account_id"), within(_g.group_key, "keys")
    )
)
_INSERT_REQUEST = insert_all(notification_requests, or_ignore=True)
_HOLD_ONE_MORE = command(
    sa.update(notification_requests)
    .where(_r.account_id == param("to_id"), _r.from_id == param("sender_id"))
    .values(
        count=_r.count + _one,
        last_post_id=sa.func.coalesce(param("post_id", Id), _r.last_post_id),
        updated_at=param("at"),
    )
)
_held = (
    sa.select(sa.func.count())
    .select_from(notifications)
    .where(_n.from_id == _r.from_id, _n.account_id == _r.account_id, _n.filtered == _one)
    .scalar_subquery()
)
_held_post = (
    sa.select(sa.func.max(_n.post_id))
    .where(_n.from_id == _r.from_id, _n.account_id == _r.account_id, _n.filtered == _one)
    .scalar_subquery()
)
_RECOUNT = command(
    sa.update(notification_requests)
    .where(_r.account_id == param("to_id"), _r.from_id == param("sender_id"))
    .values(count=_held, last_post_id=_held_post)
)
_DROP_EMPTY = command(
    sa.delete(notification_requests).where(
        _r.account_id == param("to_id"),
        _r.from_id == param("sender_id"),
        _r.count == sa.literal_column("0"),
    )
)


def notify(tx: Tx, recipients: Iterable[int], notice: Notice) -> None:
    """Tells local members of something, each unless blocks, mutes or their policy forbid it.

    A direct post that reaches somebody joins their conversations here, too, because what keeps a
    mention from a member keeps the conversation from them as well.
    """
    ids = list(dict.fromkeys(recipients))
    if notice.sender.id in ids and not tells_oneself(notice.kind):
        ids.remove(notice.sender.id)
    if not ids:
        return
    told = [made for made in _judged(tx, ids, notice) if not _hold_back(tx, made)]
    if not told:
        return
    told = _keep(tx, told)
    if notice.kind == Kind.MENTION and notice.post is not None:
        conversations.receive_post(tx, [n.account_id for n in told], notice.post)
    if notice.post is not None and notice.post.visibility == Visibility.WITHHELD:
        return  # it shows in their lists when the post is free
    for made in told:
        tx.signal("notification", made.account_id, str(made.id))
    tx.announce(Notified(notice, tuple(told)))


def _judged(tx: Tx, ids: list[int], notice: Notice) -> list[Notification]:
    """The notifications to make, in the order of the recipients, held back or not."""
    sender, post = notice.sender, notice.post
    standings = list_standings(
        tx,
        ids,
        sender_id=sender.id,
        domain=sender.domain,
        thread_id=post.thread_id if post else 0,
    )
    answered = _addressed_by(tx, notice) if _is_direct(post) else set()
    made = []
    for standing in standings:
        unsolicited = _is_direct(post) and standing.account_id not in answered
        verdict = judge(
            standing,
            sender,
            now=tx.now,
            filterable=may_be_held_back(notice.kind),
            unsolicited=unsolicited,
        )
        if verdict != Verdict.DROP:
            filtered = verdict == Verdict.FILTER
            made.append(_make(notice, AccountId(standing.account_id), filtered=filtered))
    return made


def _is_direct(post: Post | None) -> bool:
    return post is not None and post.visibility == Visibility.DIRECT


def _addressed_by(tx: Tx, notice: Notice) -> set[AccountId]:
    parent_id = notice.post.in_reply_to_id if notice.post else None
    return list_addressed_by(tx, notice.sender.id, parent_id) if parent_id else set()


def _make(notice: Notice, account_id: AccountId, *, filtered: bool) -> Notification:
    notification_id = new_id()
    return Notification(
        id=notification_id,
        account_id=account_id,
        from_id=notice.sender.id,
        kind=notice.kind,
        post_id=notice.post.id if notice.post else None,
        subject_id=notice.subject_id,
        detail=notice.detail,
        group_key=f"{UNGROUPED}-{notification_id}",
        filtered=int(filtered),
    )


def _hold_back(tx: Tx, made: Notification) -> bool:
    """Keeps a notification as part of a request, when it is one to hold back."""
    if not made.filtered:
        return False
    _keep(tx, [made])
    new = tx.run(
        _INSERT_REQUEST,
        account_id=made.account_id,
        from_id=made.from_id,
        id=new_id(),
        last_post_id=made.post_id,
        count=1,
        created_at=tx.now,
        updated_at=tx.now,
    )
    if not new:
        tx.run(
            _HOLD_ONE_MORE,
            to_id=made.account_id,
            sender_id=made.from_id,
            post_id=made.post_id,
            at=tx.now,
        )
    return True


def _keep(tx: Tx, made: Sequence[Notification]) -> list[Notification]:
    """Writes notifications and their groups; returns them with their group's key."""
    kept = [n if n.filtered or n.kind not in GROUPED else _join_group(tx, n) for n in made]
    alone = [_group_of(n) for n in kept if n.group_key.startswith(UNGROUPED)]
    tx.many(_INSERT, [msgspec.structs.asdict(n) for n in kept])
    tx.many(_INSERT_GROUP, [msgspec.structs.asdict(group) for group in alone])
    return kept


def _group_of(made: Notification) -> Group:
    return Group(
        account_id=made.account_id,
        group_key=made.group_key,
        kind=made.kind,
        post_id=made.post_id,
        latest_id=made.id,
        oldest_id=made.id,
        count=1,
        sample=str(made.from_id),
        filtered=made.filtered,
    )


def _join_group(tx: Tx, made: Notification) -> Notification:
    """Counts a notification into the group of its kind and post that is still open."""
    keys = recent_keys(group_prefix(made.kind, made.post_id), tx.now)
    found = queries.list_groups_to_change(tx, made.account_id, keys)
    group = max(found.values(), key=lambda group: group.latest_id, default=None)
    if group is None:
        made.group_key = keys[0]
        if tx.insert(_INSERT_GROUP, _group_of(made)):
            return made
        # Another transaction has just opened it.
        group = queries.list_groups_to_change(tx, made.account_id, keys[:1])[keys[0]]
    made.group_key = group.group_key
    _save_group(
        tx,
        group,
        latest=max(group.latest_id, made.id),
        oldest=group.oldest_id,
        count=group.count + 1,
        sample=add_to_sample(group.sample, made.from_id),
    )
    return made


def _save_group(tx: Tx, group: Group, *, latest: int, oldest: int, count: int, sample: str) -> None:
    tx.run(
        _SAVE_GROUP,
        of_id=group.account_id,
        key=group.group_key,
        latest=latest,
        oldest=oldest,
        count=count,
        sample=sample,
    )


def forget(tx: Tx, found: Sequence[Notification]) -> None:
    """Removes notifications, and brings their groups and requests up to date."""
    if not found:
        return
    tx.run(_DELETE, ids=[n.id for n in found])
    by_account: defaultdict[AccountId, list[Notification]] = defaultdict(list)
    for notification in found:
        by_account[notification.account_id].append(notification)
    for account_id, theirs in by_account.items():
        _regroup(tx, account_id, theirs)
    for account_id, from_id in {(n.account_id, n.from_id) for n in found if n.filtered}:
        tx.run(_RECOUNT, to_id=account_id, sender_id=from_id)
        tx.run(_DROP_EMPTY, to_id=account_id, sender_id=from_id)


def _regroup(tx: Tx, account_id: AccountId, gone: Sequence[Notification]) -> None:
    lost = Counter(n.group_key for n in gone)
    groups = queries.list_groups_to_change(tx, account_id, sorted(lost))
    empty = []
    for key, group in groups.items():
        left = group.count - lost[key]
        latest = queries.list_in_group(tx, account_id, key, Page(limit=SAMPLE)) if left > 0 else []
        if not latest:
            empty.append(key)
            continue
        sample = ""
        for notification in reversed(latest):
            sample = add_to_sample(sample, notification.from_id)
        oldest = queries.oldest_in_group(tx, account_id, key, not_below=0)
        _save_group(tx, group, latest=latest[0].id, oldest=oldest, count=left, sample=sample)
    if empty:
        tx.run(_DELETE_GROUPS, account_id=account_id, keys=empty)


def take_back(
    tx: Tx,
    kind: Kind,
    *,
    account_id: int | None = None,
    from_id: int,
    post_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    """Removes what one account's undone act had told: about a post, or to one member, about one
    subject where that is given."""
    found = queries.list_of_act(tx, kind, account_id, from_id, post_id)
    forget(tx, [n for n in found if subject_id in (None, n.subject_id)])


def dismiss(tx: Tx, account_id: int, notification_id: int) -> None:
    """Removes one of a member's notifications; NotificationNotFound when it is not there."""
    forget(tx, [queries.get_notification(tx, account_id, notification_id)])


def dismiss_group(tx: Tx, account_id: int, group_key: str) -> None:
    """Removes every notification of a group."""
    forget(tx, queries.list_whole_group(tx, account_id, group_key))


_CLEAR = [
    command(sa.delete(table).where(table.c.account_id == param("account_id")))
    for table in (notifications, notification_groups, notification_requests)
]


def clear(tx: Tx, account_id: int) -> None:
    """Removes all of a member's notifications, also those held back."""
    for statement in _CLEAR:
        tx.run(statement, account_id=account_id)


_DELETE_REQUEST = command(
    sa.delete(notification_requests).where(
        _r.account_id == param("account_id"), _r.from_id == param("from_id")
    )
)
_RELEASE = command(
    sa.update(notifications).where(within(_n.id, "ids")).values(filtered=sa.literal_column("0"))
)
_RELEASE_GROUPS = command(
    sa.update(notification_groups)
    .where(_g.account_id == param("of_id"), within(_g.group_key, "keys"))
    .values(filtered=sa.literal_column("0"))
)


def accept_request(tx: Tx, account_id: AccountId, request: Request) -> None:
    """Shows what was held back of an account, and everything from it from now on."""
    strangers.permit(tx, account_id, request.from_id)
    held = queries.list_held(tx, account_id, request.from_id)
    tx.run(_RELEASE, ids=[n.id for n in held])
    tx.run(_RELEASE_GROUPS, of_id=account_id, keys=[n.group_key for n in held])
    tx.run(_DELETE_REQUEST, account_id=account_id, from_id=request.from_id)
    mentioned = [n.post_id for n in held if n.kind == Kind.MENTION and n.post_id is not None]
    for _, post in sorted(list_posts(tx, mentioned).items()):
        conversations.receive_post(tx, [account_id], post)
    tx.signal("notifications.merged", account_id)


def dismiss_request(tx: Tx, account_id: AccountId, request: Request) -> None:
    """Removes what was held back of an account."""
    forget(tx, queries.list_held(tx, account_id, request.from_id))
    tx.run(_DELETE_REQUEST, account_id=account_id, from_id=request.from_id)


def forget_sender(tx: Tx, account_id: int, from_id: int) -> None:
    """Removes all that a member was told of an account, and what was allowed to it."""
    forget(tx, queries.list_all_from(tx, account_id, from_id))
    strangers.withdraw_permission(tx, account_id, from_id)
    tx.run(_DELETE_REQUEST, account_id=account_id, from_id=from_id)


_FORGET_REQUESTS = command(
    sa.delete(notification_requests).where(_r.from_id == param("account_id"))
)


_CLEAR_SOME = [
    delete_some(table, table.c.account_id == param("account_id"))
    for table in (notifications, notification_groups, notification_requests)
]


def forget_some(tx: Tx, account_id: AccountId, *, limit: int = 200) -> bool:
    """Removes some of what an account that goes was told or told others; whether any may be
    left."""
    if any(tx.run(some, account_id=account_id, limit=limit) for some in _CLEAR_SOME):
        return True
    sent = queries.list_some_of_sender(tx, account_id, limit=limit)
    forget(tx, sent)
    if not sent:
        tx.run(_FORGET_REQUESTS, account_id=account_id)
    return bool(sent)
