"""Follow-ups of relationships: what concerns very many at once, in small transactions."""

import contextlib

import msgspec

from folkmoot.domain.accounts.queries import find_account
from folkmoot.domain.relationships import actions, queries
from folkmoot.domain.relationships.model import FollowOptions
from folkmoot.kit import jobs
from folkmoot.kit.context import Context
from folkmoot.kit.db import Page, Tx
from folkmoot.kit.errors import Refusal

_BATCH = Page(limit=50)


class AcceptAll(msgspec.Struct):
    """Lets in everybody who waits for an account that is locked no longer."""

    account_id: int


class MoveFollowers(msgspec.Struct):
    """Lets the local followers of an account that has moved follow the new one instead."""

    account_id: int
    target_id: int


def enqueue_accept_all(tx: Tx, account_id: int) -> None:
    jobs.enqueue(tx, "relationships.accept_all", AcceptAll(account_id))


def enqueue_move(tx: Tx, account_id: int, target_id: int) -> None:
    jobs.enqueue(tx, "relationships.move_followers", MoveFollowers(account_id, target_id))


async def accept_all(context: Context, payload: AcceptAll) -> None:
    while await context.db.write(_accept_some, payload.account_id):
        pass


def _accept_some(tx: Tx, account_id: int) -> bool:
    """Whether there may be more. One who locks the account again meanwhile stops it."""
    account = find_account(tx, account_id)
    waiting = queries.list_requests(tx, account_id, _BATCH)
    if account is None or account.locked:
        return False
    for row in waiting:
        follower = find_account(tx, row.account_id)
        if follower is not None:
            actions.accept_request(tx, account, follower)
    return len(waiting) == _BATCH.limit


async def move_followers(context: Context, payload: MoveFollowers) -> None:
    while await context.db.write(_move_some, payload):
        pass


def _move_some(tx: Tx, payload: MoveFollowers) -> bool:
    """Whether there may be more. What a follower received of the old account, they receive of
    the new one; where a block or a limit forbids it, they only leave the old one."""
    account = find_account(tx, payload.account_id)
    target = find_account(tx, payload.target_id)
    if account is None or target is None or account.moved_to_id != target.id:
        return False
    follows = queries.list_local_follows(tx, account.id, limit=_BATCH.limit)
    for follow in follows:
        follower = find_account(tx, follow.follower_id)
        if follower is not None and follower.id != target.id:
            options = FollowOptions(
                show_boosts=follow.show_boosts,
                notify=follow.notify,
                languages=tuple(follow.languages.split()),
            )
            with contextlib.suppress(Refusal):  # which comes before anything is written
                actions.follow(tx, follower, target, options=options)
        actions.unfollow(tx, follow.follower_id, account.id)
    return len(follows) == _BATCH.limit
