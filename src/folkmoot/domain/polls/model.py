"""Polls as values, and what makes one valid."""

from collections.abc import Sequence
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.kit.settings import Limits
from folkmoot.kit.text import count_graphemes

PollId = NewType("PollId", int)


class PollNotFound(NotFound):
    """Record not found"""


class PollInvalid(Invalid):
    """The poll is not valid"""


class PollOver(Invalid):
    """The poll has already ended"""


class OwnPoll(Invalid):
    """You can't vote in your own poll"""


class AlreadyVoted(Invalid):
    """You have already voted on this poll"""


class NoSuchChoice(Invalid):
    """The chosen vote option does not exist"""


class OneChoiceOnly(Invalid):
    """This poll takes one choice"""


class Poll(msgspec.Struct):
    """A row of polls, in the table's order."""

    id: PollId
    post_id: int
    account_id: AccountId
    options: str
    tallies: str
    voters_count: int
    multiple: bool
    hide_totals: bool
    created_at: int
    expires_at: int
    closed_at: int | None

    def is_over(self, now: int) -> bool:
        return self.expires_at <= now


class PollDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What an author asks."""

    options: tuple[str, ...]
    expires_in_s: int
    multiple: bool = False
    hide_totals: bool = False


class PastPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll that was held elsewhere: each option with how many chose it."""

    options: tuple[str, ...]
    tallies: tuple[int, ...]
    voters_count: int
    multiple: bool
    ended_at: int


def decode_options(poll: Poll) -> list[str]:
    return msgspec.json.decode(poll.options, type=list[str])


def decode_tallies(poll: Poll) -> list[int]:
    return msgspec.json.decode(poll.tallies, type=list[int])


def check_draft(draft: PollDraft, limits: Limits) -> None:
    """PollInvalid unless the poll keeps to the limits."""
    if len(draft.options) < 2:
        raise PollInvalid("A poll needs at least two options", field="poll")
    if len(draft.options) > limits.poll_options:
        most = limits.poll_options
        raise PollInvalid(f"A poll can't have more than {most} options", field="poll")
    if not all(option.strip() for option in draft.options):
        raise PollInvalid("A poll option can't be blank", field="poll")
    if any(count_graphemes(o) > limits.poll_option_chars for o in draft.options):
        most = limits.poll_option_chars
        raise PollInvalid(f"A poll option can't be longer than {most} characters", field="poll")
    if len(set(draft.options)) < len(draft.options):
        raise PollInvalid("A poll can't offer the same option twice", field="poll")
    if draft.expires_in_s < limits.poll_min_s:
        raise PollInvalid(f"A poll must be open for {limits.poll_min_s} seconds", field="poll")
    if draft.expires_in_s > limits.poll_max_s:
        most = limits.poll_max_s
        raise PollInvalid(f"A poll can't be open for more than {most} seconds", field="poll")


def check_choices(poll: Poll, chosen: Sequence[int], before: Sequence[int]) -> list[int]:
    """The choices as they may be counted; `before` are those of the same voter until now.

    A poll of many choices may be answered again with further ones.
    """
    choices = list(dict.fromkeys(chosen))
    if not choices or any(not 0 <= c < len(decode_options(poll)) for c in choices):
        raise NoSuchChoice
    if before and (not poll.multiple or set(before) & set(choices)):
        raise AlreadyVoted
    if len(choices) > 1 and not poll.multiple:
        raise OneChoiceOnly
    return choices
