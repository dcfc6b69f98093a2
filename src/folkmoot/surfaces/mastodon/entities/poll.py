"""Poll."""

from collections.abc import Sequence

import msgspec

from folkmoot.domain.polls.model import Poll as DomainPoll
from folkmoot.domain.polls.model import decode_options, decode_tallies
from folkmoot.domain.polls.queries import list_choices, list_polls
from folkmoot.kit.clock import iso
from folkmoot.kit.db import Tx
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji, emojis_in

_encode = msgspec.json.Encoder().encode


class PollOption(msgspec.Struct):
    """A possible answer; no count while counts are hidden."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, kw_only=True):
    """A poll of a status, as a viewer meets it."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[CustomEmoji]
    voted: bool
    own_votes: list[int]


def build_poll(
    app: App, poll: DomainPoll, *, now: int, viewer_id: int, choices: Sequence[int]
) -> Poll:
    """The entity of a poll for a viewer who made these choices. Who asks counts as one who voted,
    so that clients show them the result."""
    over = poll.is_over(now)
    tallies = decode_tallies(poll)
    titles = decode_options(poll)
    shown = over or not poll.hide_totals
    return Poll(
        id=str(poll.id),
        expires_at=iso(poll.expires_at),
        expired=over,
        multiple=poll.multiple,
        votes_count=sum(tallies),
        voters_count=poll.voters_count,
        options=[
            PollOption(title, count if shown else None)
            for title, count in zip(titles, tallies, strict=True)
        ],
        emojis=emojis_in(app, *titles),
        voted=bool(choices) or poll.account_id == viewer_id,
        own_votes=list(choices),
    )


def present_polls(app: App, tx: Tx, viewer_id: int, ids: list[int]) -> dict[int, msgspec.Raw]:
    """The encoded entities of polls of posts that the viewer may read."""
    polls = list_polls(tx, ids)
    choices = list_choices(tx, viewer_id, ids)
    return {
        poll.id: msgspec.Raw(
            _encode(
                build_poll(
                    app,
                    poll,
                    now=tx.now,
                    viewer_id=viewer_id,
                    choices=choices.get(poll.id, ()),
                )
            )
        )
        for poll in polls.values()
    }
