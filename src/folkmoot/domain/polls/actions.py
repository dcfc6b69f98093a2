"""Writes of polls and votes."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.polls.events import PollEnded
from folkmoot.domain.polls.model import (
    OwnPoll,
    PastPoll,
    Poll,
    PollDraft,
    PollId,
    PollOver,
    check_choices,
    check_draft,
    decode_options,
    decode_tallies,
)
from folkmoot.domain.polls.queries import get_poll, list_choices, list_polls
from folkmoot.domain.polls.tables import poll_votes, polls
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Moment, Tx, command, delete_some, insert_all, param
from folkmoot.kit.ids import new_id

_INSERT = insert_all(polls)
_CHANGE = command(
    sa.update(polls)
    .where(polls.c.id == param("poll_id"))
    .values(
        options=param("new_options"),
        tallies=param("new_tallies"),
        voters_count=param("new_voters_count"),
        multiple=param("new_multiple"),
        hide_totals=param("new_hide_totals"),
        expires_at=param("new_expires_at", Moment),
        closed_at=sa.null(),
    )
)
_COUNT = command(
    sa.update(polls)
    .where(polls.c.id == param("poll_id"))
    .values(
        tallies=param("new_tallies"),
        voters_count=polls.c.voters_count + param("by", sa.Integer()),
    )
)
_CLOSE = command(
    sa.update(polls)
    .where(polls.c.id == param("poll_id"), polls.c.closed_at.is_(None))
    .values(closed_at=param("at", Moment))
)
_VOTE = insert_all(poll_votes)
_VOTE_MORE = command(
    sa.update(poll_votes)
    .where(poll_votes.c.poll_id == param("poll_id"), poll_votes.c.account_id == param("account_id"))
    .values(choices=param("new_choices"))
)
_FORGET_VOTES = command(sa.delete(poll_votes).where(poll_votes.c.poll_id == param("poll_id")))
_FORGET_SOME = delete_some(poll_votes, poll_votes.c.account_id == param("account_id"))
_FORGET = command(sa.delete(polls).where(polls.c.id == param("poll_id")))


class PollDue(msgspec.Struct, frozen=True):
    """The payload of the job that closes a poll."""

    poll_id: int


def create_poll(tx: Tx, account_id: AccountId, *, post_id: int, draft: PollDraft) -> Poll:
    """A new poll on a post; PollInvalid says what is wrong with it."""
    check_draft(draft, tx.settings.limits)
    poll = Poll(
        id=PollId(new_id()),
        post_id=post_id,
        account_id=account_id,
        options=_encode(draft.options),
        tallies=_encode([0] * len(draft.options)),
        voters_count=0,
        multiple=draft.multiple,
        hide_totals=draft.hide_totals,
        created_at=tx.now,
        expires_at=tx.now + draft.expires_in_s * clock.SECOND,
        closed_at=None,
    )
    tx.insert(_INSERT, poll)
    _schedule_end(tx, poll)
    return poll


def keep_past_poll(tx: Tx, account_id: AccountId, *, post_id: int, past: PastPoll) -> Poll:
    """A poll that was held elsewhere, with its outcome; nobody votes in it any more."""
    ended_at = min(past.ended_at, tx.now)
    poll = Poll(
        id=PollId(new_id()),
        post_id=post_id,
        account_id=account_id,
        options=_encode(past.options),
        tallies=_encode(past.tallies),
        voters_count=past.voters_count,
        multiple=past.multiple,
        hide_totals=False,
        created_at=ended_at,
        expires_at=ended_at,
        closed_at=ended_at,
    )
    tx.insert(_INSERT, poll)
    return poll


def change_poll(tx: Tx, poll_id: int, draft: PollDraft) -> bool:
    """Gives a poll new options or a new end; returns whether anything a reader sees changed.

    Other options, or another number of choices, begin the vote anew.
    """
    check_draft(draft, tx.settings.limits)
    poll = get_poll(tx, poll_id, lock=True)
    asks_anew = list(draft.options) != decode_options(poll) or draft.multiple != poll.multiple
    if asks_anew:
        tx.run(_FORGET_VOTES, poll_id=poll.id)
        poll.tallies = _encode([0] * len(draft.options))
        poll.voters_count = 0
    expires_at = tx.now + draft.expires_in_s * clock.SECOND
    tx.run(
        _CHANGE,
        poll_id=poll.id,
        new_options=_encode(draft.options),
        new_tallies=poll.tallies,
        new_voters_count=poll.voters_count,
        new_multiple=draft.multiple,
        new_hide_totals=draft.hide_totals,
        new_expires_at=expires_at,
    )
    poll.expires_at = expires_at
    _schedule_end(tx, poll)
    return asks_anew


def cast_vote(tx: Tx, account_id: AccountId, *, poll_id: int, choices: Sequence[int]) -> None:
    """Counts a voter's choices; OwnPoll, PollOver, AlreadyVoted, NoSuchChoice or
    OneChoiceOnly say why they do not count."""
    poll = get_poll(tx, poll_id, lock=True)
    if poll.account_id == account_id:
        raise OwnPoll
    if poll.is_over(tx.now):
        raise PollOver
    before = list_choices(tx, account_id, [poll.id]).get(poll.id, [])
    chosen = check_choices(poll, choices, before)
    vote = {"poll_id": poll.id, "account_id": account_id}
    if before:
        tx.run(_VOTE_MORE, **vote, new_choices=_encode([*before, *chosen]))
    else:
        tx.run(_VOTE, **vote, choices=_encode(chosen), created_at=tx.now)
    tallies = decode_tallies(poll)
    for choice in chosen:
        tallies[choice] += 1
    tx.run(_COUNT, poll_id=poll.id, new_tallies=_encode(tallies), by=0 if before else 1)


def close_poll(tx: Tx, poll_id: int) -> None:
    """Announces the end of a poll whose time is up, once. One that was prolonged since has a
    later job of its own.
    """
    poll = list_polls(tx, [poll_id]).get(PollId(poll_id))
    if poll is None or not poll.is_over(tx.now):
        return
    if tx.run(_CLOSE, poll_id=poll_id, at=tx.now):
        poll.closed_at = tx.now
        tx.announce(PollEnded(poll))


def forget_poll(tx: Tx, poll_id: int) -> None:
    """Removes a poll and its votes."""
    tx.run(_FORGET_VOTES, poll_id=poll_id)
    tx.run(_FORGET, poll_id=poll_id)


def forget_some_votes(tx: Tx, account_id: AccountId, *, limit: int = 500) -> bool:
    """Forgets some votes of an account that goes; they stay counted. Whether any may be left."""
    return bool(tx.run(_FORGET_SOME, account_id=account_id, limit=limit))


def _schedule_end(tx: Tx, poll: Poll) -> None:
    jobs.enqueue(tx, "polls.close", PollDue(poll.id), at=poll.expires_at)


def _encode(value: Sequence[int] | Sequence[str]) -> str:
    return msgspec.json.encode(value).decode()
