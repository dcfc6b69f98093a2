"""Writes of relationships. Each may be repeated: the second time changes nothing."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.actions import count_follow, uncount_follows
from folkmoot.domain.accounts.model import Account, AccountId, AccountNotFound
from folkmoot.domain.boundaries.actions import delete_pair
from folkmoot.domain.boundaries.model import NotWithYourself
from folkmoot.domain.boundaries.queries import is_block_between, linked_there
from folkmoot.domain.relationships import queries
from folkmoot.domain.relationships.events import (
    AccountFollowed,
    AccountUnfollowed,
    FollowChanged,
    FollowRequested,
    FollowRequestEnded,
    HomeChanged,
)
from folkmoot.domain.relationships.model import (
    MAX_COMMENT,
    CommentTooLong,
    Follow,
    FollowNotAllowed,
    FollowOptions,
    NotFollowed,
    RequestNotFound,
    TooManyFollows,
    pack_languages,
)
from folkmoot.domain.relationships.tables import (
    account_notes,
    endorsements,
    follow_requests,
    follows,
)
from folkmoot.kit.db import (
    Command,
    Id,
    Tx,
    command,
    delete_some,
    insert_all,
    param,
    rows,
    values,
    within,
)
from folkmoot.kit.ids import new_id

_one: Any = sa.literal_column("1")


def _choose(table: sa.Table) -> Command:
    return command(
        sa.update(table)
        .where(table.c.id == param("follow_id"))
        .values(
            show_boosts=param("show_boosts"), notify=param("notify"), languages=param("languages")
        )
    )


_INSERT_FOLLOW = insert_all(follows, or_ignore=True)
_INSERT_REQUEST = insert_all(follow_requests, or_ignore=True)
_CHANGE_FOLLOW = _choose(follows)
_CHANGE_REQUEST = _choose(follow_requests)
_DELETE_FOLLOW = delete_pair(follows)
_DELETE_REQUEST = delete_pair(follow_requests)
_KEEP_FROM_HOME = rows(
    sa.update(follows)
    .where(
        follows.c.follower_id == param("follower_id", Id),
        within(follows.c.followed_id, "ids"),
        follows.c.in_home != param("in_home", sa.Boolean),
    )
    .values(in_home=param("in_home", sa.Boolean))
    .returning(*queries.follow_columns(follows)),
    Follow,
)
_INSERT_NOTE = insert_all(account_notes)
_DELETE_NOTE = delete_pair(account_notes)
_INSERT_ENDORSEMENT = insert_all(endorsements, or_ignore=True)
_DELETE_ENDORSEMENT = delete_pair(endorsements)


def follow(
    tx: Tx, follower: Account, target: Account, *, options: FollowOptions | None = None
) -> None:
    """Follows an account, asks to when it is locked, or chooses anew what to receive of it.

    FollowNotAllowed where a block stands or the account has moved; TooManyFollows beyond the
    limit; NotWithYourself.
    """
    options = options or FollowOptions()
    if follower.id == target.id:
        raise NotWithYourself
    existing = queries.find_follow(tx, follower.id, target.id)
    if existing:
        tx.announce(FollowChanged(_rechoose(tx, _CHANGE_FOLLOW, existing, options)))
        return
    request = queries.find_request(tx, follower.id, target.id)
    if request:
        _rechoose(tx, _CHANGE_REQUEST, request, options)
        return
    _check_follow(tx, follower, target)
    made = Follow(
        id=new_id(),
        follower_id=follower.id,
        followed_id=target.id,
        show_boosts=options.show_boosts is not False,
        notify=options.notify is True,
        languages=pack_languages(options.languages or ()),
    )
    # An account with limited reach asks everyone, so that it cannot force itself on anybody.
    if target.locked or follower.limited_at is not None:
        tx.insert(_INSERT_REQUEST, made, created_at=tx.now)
        tx.announce(FollowRequested(made, follower, target))
    else:
        _begin(tx, made, follower, target)


def _check_follow(tx: Tx, follower: Account, target: Account) -> None:
    if target.suspended_at is not None:
        raise AccountNotFound
    if target.moved_to_id is not None or is_block_between(tx, follower.id, target.id):
        raise FollowNotAllowed
    queries.check_contact(tx, follower, [target.id])
    limit = max(tx.settings.limits.follows, follower.followers_count * 11 // 10)
    if follower.following_count >= limit:
        raise TooManyFollows(limit=limit)


def _rechoose(tx: Tx, change: Command, existing: Follow, options: FollowOptions) -> Follow:
    if options.show_boosts is not None:
        existing.show_boosts = options.show_boosts
    if options.notify is not None:
        existing.notify = options.notify
    if options.languages is not None:
        existing.languages = pack_languages(options.languages)
    tx.run(
        change,
        follow_id=existing.id,
        show_boosts=existing.show_boosts,
        notify=existing.notify,
        languages=existing.languages,
    )
    return existing


def _begin(tx: Tx, made: Follow, follower: Account, followed: Account) -> None:
    if tx.insert(_INSERT_FOLLOW, made, created_at=tx.now):
        count_follow(tx, made.follower_id, made.followed_id, by=1)
        tx.announce(AccountFollowed(made, follower, followed))


def unfollow(tx: Tx, follower_id: AccountId, target_id: AccountId) -> None:
    """Ends a follow, or takes back the request for one. An endorsement ends with its follow."""
    withdraw_request(tx, follower_id, target_id)
    if tx.run(_DELETE_FOLLOW, one_id=follower_id, other_id=target_id):
        count_follow(tx, follower_id, target_id, by=-1)
        tx.run(_DELETE_ENDORSEMENT, one_id=follower_id, other_id=target_id)
        tx.announce(AccountUnfollowed(follower_id, target_id))


def withdraw_request(tx: Tx, follower_id: AccountId, target_id: AccountId) -> None:
    """Removes a request to follow, if one waits."""
    if tx.run(_DELETE_REQUEST, one_id=follower_id, other_id=target_id):
        tx.announce(FollowRequestEnded(follower_id, target_id, accepted=False))


def accept_request(tx: Tx, account: Account, follower: Account) -> None:
    """Lets somebody in who asked; RequestNotFound when nobody did. Already followed: no matter."""
    request = queries.find_request(tx, follower.id, account.id)
    if request is None:
        if queries.find_follow(tx, follower.id, account.id):
            return
        raise RequestNotFound
    tx.run(_DELETE_REQUEST, one_id=follower.id, other_id=account.id)
    tx.announce(FollowRequestEnded(follower.id, account.id, accepted=True))
    _begin(tx, request, follower, account)


def reject_request(tx: Tx, account_id: AccountId, follower_id: AccountId) -> None:
    """Turns somebody away who asked; RequestNotFound when nobody did."""
    if queries.find_request(tx, follower_id, account_id) is None:
        raise RequestNotFound
    withdraw_request(tx, follower_id, account_id)


def keep_from_home(
    tx: Tx, follower_id: AccountId, followed_ids: list[AccountId], *, kept: bool
) -> None:
    """Whether posts of followed accounts are kept out of home, as an exclusive list asks."""
    changed = tx.all(_KEEP_FROM_HOME, follower_id=follower_id, ids=followed_ids, in_home=not kept)
    for one in changed:
        tx.announce(HomeChanged(one))


def set_note(tx: Tx, account_id: AccountId, target_id: AccountId, comment: str) -> None:
    """Keeps a private comment about an account; an empty one is none."""
    if len(comment) > MAX_COMMENT:
        raise CommentTooLong(limit=MAX_COMMENT)
    tx.run(_DELETE_NOTE, one_id=account_id, other_id=target_id)
    if comment:
        tx.run(_INSERT_NOTE, account_id=account_id, target_id=target_id, comment=comment)


def endorse(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Features an account on one's profile; NotFollowed unless one follows it."""
    if queries.find_follow(tx, account_id, target_id) is None:
        raise NotFollowed
    row = {"account_id": account_id, "target_id": target_id, "id": new_id(), "created_at": tx.now}
    tx.run(_INSERT_ENDORSEMENT, **row)


def unendorse(tx: Tx, account_id: AccountId, target_id: AccountId) -> None:
    """Features an account no longer."""
    tx.run(_DELETE_ENDORSEMENT, one_id=account_id, other_id=target_id)


_FOLLOWED_THERE = [
    linked_there(follows, "follower_id", "followed_id"),
    linked_there(follow_requests, "follower_id", "followed_id"),
]
_FOLLOWERS_THERE = [
    linked_there(follows, "followed_id", "follower_id"),
    linked_there(follow_requests, "followed_id", "follower_id"),
]


def part_from_domain(tx: Tx, account_id: AccountId, domain: str) -> None:
    """Ends the follows and requests between an account and those of a domain, both ways."""
    there = {"account_id": account_id, "domain": domain}
    for query in _FOLLOWED_THERE:
        for target_id in tx.all(query, **there):
            unfollow(tx, account_id, target_id)
    for query in _FOLLOWERS_THERE:
        for follower_id in tx.all(query, **there):
            unfollow(tx, follower_id, account_id)


_limit = param("limit", sa.Integer())
_SOME_FOLLOWERS = values(
    sa.select(follows.c.follower_id)
    .where(follows.c.followed_id == param("account_id"))
    .limit(_limit),
    AccountId,
)
_SOME_FOLLOWED = values(
    sa.select(follows.c.followed_id)
    .where(follows.c.follower_id == param("account_id"))
    .limit(_limit),
    AccountId,
)
_END_FOLLOWERS = command(
    sa.delete(follows).where(
        follows.c.followed_id == param("account_id"), within(follows.c.follower_id, "ids")
    )
)
_END_FOLLOWED = command(
    sa.delete(follows).where(
        follows.c.follower_id == param("account_id"), within(follows.c.followed_id, "ids")
    )
)


def _either_end(table: sa.Table) -> list[Command]:
    first, second, *_ = table.columns
    return [delete_some(table, end == param("account_id")) for end in (first, second)]


_FORGET_SOME = [
    *(
        statement
        for table in (follow_requests, account_notes, endorsements)
        for statement in _either_end(table)
    ),
]


def forget_some(tx: Tx, account_id: AccountId, *, limit: int = 500) -> bool:
    """Forgets some relationships of an account that goes; whether any may be left."""
    followers = tx.all(_SOME_FOLLOWERS, account_id=account_id, limit=limit)
    followed = tx.all(_SOME_FOLLOWED, account_id=account_id, limit=limit)
    if followers or followed:
        uncount_follows(tx, followers=followers, followed=followed)
        tx.run(_END_FOLLOWERS, account_id=account_id, ids=followers)
        tx.run(_END_FOLLOWED, account_id=account_id, ids=followed)
        return True
    return any(tx.run(some, account_id=account_id, limit=limit) for some in _FORGET_SOME)


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets every relationship of an account that goes."""
    while forget_some(tx, account_id):
        pass
