"""Reads of polls."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.polls.model import Poll, PollId, PollNotFound
from folkmoot.domain.polls.tables import poll_votes, polls
from folkmoot.kit.db import Tx, param, rows, values, within

_BY_ID = rows(sa.select(polls).where(polls.c.id == param("id")), Poll)
_LOCKED = rows(sa.select(polls).where(polls.c.id == param("id")).with_for_update(), Poll)
_BY_IDS = rows(sa.select(polls).where(within(polls.c.id, "ids")), Poll)
_VOTERS = values(sa.select(poll_votes.c.account_id).where(poll_votes.c.poll_id == param("id")), int)


class _Vote(msgspec.Struct):
    poll_id: PollId
    choices: str


_VOTES = rows(
    sa.select(poll_votes.c.poll_id, poll_votes.c.choices).where(
        within(poll_votes.c.poll_id, "ids"), poll_votes.c.account_id == param("account_id")
    ),
    _Vote,
)


def get_poll(tx: Tx, poll_id: int, *, lock: bool = False) -> Poll:
    """The poll of an id, whoever may see it; PollNotFound when there is none.

    With `lock` nobody else counts votes in it until the transaction ends.
    """
    found = tx.first(_LOCKED if lock else _BY_ID, id=poll_id)
    if found is None:
        raise PollNotFound
    return found


def list_polls(tx: Tx, ids: list[int]) -> dict[PollId, Poll]:
    """The polls that exist among these ids."""
    return {poll.id: poll for poll in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_choices(tx: Tx, account_id: int, ids: list[int]) -> dict[PollId, list[int]]:
    """What an account chose in those of the polls in which it voted."""
    if not ids or not account_id:
        return {}
    votes = tx.all(_VOTES, ids=ids, account_id=account_id)
    return {v.poll_id: msgspec.json.decode(v.choices, type=list[int]) for v in votes}


def list_voter_ids(tx: Tx, poll_id: PollId) -> list[int]:
    """Who voted."""
    return tx.all(_VOTERS, id=poll_id)
