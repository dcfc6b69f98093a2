"""The derived groups always say what the notifications say."""

import asyncio
import random
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.auth.actions import create_user
from folkmoot.domain.notifications import actions, queries
from folkmoot.domain.notifications.jobs import Prune, prune
from folkmoot.domain.notifications.model import (
    Group,
    Kind,
    Notice,
    Notification,
    add_to_sample,
)
from folkmoot.domain.notifications.tables import notification_groups, notifications
from folkmoot.domain.posts.actions import publish_post, remove_post
from folkmoot.domain.posts.model import Draft, Post
from folkmoot.domain.strangers.actions import set_policy
from folkmoot.domain.strangers.model import Policy, Verdict
from folkmoot.kit import clock
from folkmoot.kit.db import Database, Page, Tx, rows
from folkmoot.kit.ids import first_at

_ALL = rows(sa.select(notifications).order_by(notifications.c.id), Notification)
_GROUPS = rows(sa.select(notification_groups), Group)
ACTS = (Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW, Kind.MENTION)


def member(tx: Tx, name: str) -> Account:
    account = create_account(tx, name, base_url="http://127.0.0.1")
    create_user(tx, account.id, email=f"{name}@example.test")
    return account


def groups_of(found: list[Notification]) -> dict[tuple[int, str], Group]:
    """The groups that notifications, oldest first, should have."""
    made: dict[tuple[int, str], Group] = {}
    for n in found:
        key = (n.account_id, n.group_key)
        old = made.get(key)
        made[key] = Group(
            account_id=n.account_id,
            group_key=n.group_key,
            kind=n.kind,
            post_id=n.post_id,
            latest_id=n.id,
            oldest_id=old.oldest_id if old else n.id,
            count=old.count + 1 if old else 1,
            sample=add_to_sample(old.sample if old else "", n.from_id),
            filtered=n.filtered,
        )
    return made


def check(tx: Tx) -> None:
    wanted = groups_of(tx.all(_ALL))
    stored = {(g.account_id, g.group_key): g for g in tx.all(_GROUPS)}
    assert stored.keys() == wanted.keys()
    for key, group in stored.items():
        assert group == wanted[key]


def act(tx: Tx, dice: random.Random, people: list[Account], posts: list[Post]) -> None:
    """Something that happens among people."""
    me, other = dice.sample(people, 2)
    mine = [post for post in posts if post.author_id == me.id]
    chance = dice.random()
    if chance < 0.65:
        kind = dice.choice(ACTS)
        post = None if kind == Kind.FOLLOW else dice.choice(mine)
        actions.notify(tx, [me.id], Notice(kind=kind, sender=other, post=post))
    elif chance < 0.8:
        kind = dice.choice(ACTS)
        post_id = None if kind == Kind.FOLLOW else dice.choice(mine).id
        actions.take_back(tx, kind, account_id=me.id, from_id=other.id, post_id=post_id)
    elif chance < 0.88:
        found = queries.list_notifications(tx, me.id, Page(limit=5))
        if found:
            actions.dismiss(tx, me.id, dice.choice(found).id)
    elif chance < 0.92:
        for request in queries.list_requests(tx, me.id, Page(limit=1)):
            dice.choice((actions.accept_request, actions.dismiss_request))(tx, me.id, request)
    elif chance < 0.96:
        actions.forget_sender(tx, me.id, other.id)
    elif len(mine) > 1:
        gone = dice.choice(mine)
        posts.remove(gone)
        remove_post(tx, gone)
    else:
        actions.clear(tx, me.id)


def test_groups_follow_every_insert_and_delete(db: Database) -> None:
    dice = random.Random(7)

    def walk(tx: Tx) -> None:
        people = [member(tx, f"m{number}") for number in range(12)]
        posts = [
            publish_post(tx, author, draft=Draft(text="Hello"))
            for author in people
            for _ in range(3)
        ]
        for someone in people[:3]:
            set_policy(tx, someone.id, Policy(for_not_following=Verdict.FILTER))
        for step in range(600):
            act(tx, dice, people, posts)
            if step % 25 == 0:
                check(tx)
        check(tx)

    db.write_now(walk)


def test_a_group_takes_up_half_a_day(db: Database) -> None:
    def walk(tx: Tx) -> list[int]:
        me, *others = [member(tx, f"m{number}") for number in range(4)]
        began = tx.now - tx.now % clock.HOUR
        for hours, other in zip((0, 11, 12), others, strict=True):
            tx.now = began + hours * clock.HOUR
            actions.notify(tx, [me.id], Notice(kind=Kind.FOLLOW, sender=other))
        return [g.count for g in queries.list_groups(tx, me.id, Page())]

    assert db.write_now(walk) == [1, 2]


def test_what_is_old_is_forgotten(db: Database, app: Any, loop: asyncio.AbstractEventLoop) -> None:
    kept_days = app.settings.retention.notification_days

    def fill(tx: Tx) -> None:
        me, other = member(tx, "m1"), member(tx, "m2")
        actions.notify(tx, [me.id], Notice(kind=Kind.FOLLOW, sender=other))
        [fresh] = tx.all(_ALL)
        old = msgspec.structs.replace(
            fresh,
            id=first_at(tx.now - (kept_days + 1) * clock.DAY),
            kind=Kind.SIGN_UP,
            group_key="ungrouped-1",
        )
        actions._keep(tx, [old])

    db.write_now(fill)
    loop.run_until_complete(prune(app.context, Prune()))
    left = db.read_now(lambda tx: tx.all(_ALL))
    assert [n.kind for n in left] == [Kind.FOLLOW]
    db.read_now(check)
