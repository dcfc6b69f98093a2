"""/api/v1/polls"""

import msgspec

from folkmoot.domain.interactions.actions import vote
from folkmoot.domain.interactions.queries import get_visible_poll
from folkmoot.surfaces.mastodon.entities.poll import Poll, present_polls
from folkmoot.surfaces.mastodon.operations import OPTIONAL, Answer, Call, Router

router = Router("polls")


class VoteParams(msgspec.Struct):
    """What one chooses: positions of options, from 0."""

    choices: list[int] = []


@router.get("/api/v1/polls/{id}", auth=OPTIONAL, returns=Poll)
def show(call: Call) -> Answer:
    """A poll."""
    return _answer(call, get_visible_poll(call.tx, call.id(), viewer_id=call.viewer_id).id)


@router.post("/api/v1/polls/{id}/votes", scope="write:statuses", returns=Poll)
def cast(call: Call, params: VoteParams) -> Answer:
    """Votes in a poll."""
    return _answer(call, vote(call.tx, call.me.account_id, call.id(), params.choices).id)


def _answer(call: Call, poll_id: int) -> Answer:
    return Answer(present_polls(call.app, call.tx, call.viewer_id, [poll_id])[poll_id])
