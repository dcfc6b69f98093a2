"""Polls: voting, what is shown before and after the end, and the end itself."""

from collections.abc import Callable
from typing import Any

import pytest

from conftest import decode
from folkmoot.domain.polls.events import PollEnded
from folkmoot.domain.polls.tables import polls
from folkmoot.kit.db import Database, command
from folkmoot.surfaces.mastodon.entities.poll import Poll


def ask(member: Any, **more: Any) -> Any:
    poll = {"options": ["tea", "coffee", "water"], "expires_in": 600, **more}
    return member.post("/api/v1/statuses", status="?", poll=poll).json()["poll"]


def vote(member: Any, poll: Any, *choices: int) -> Any:
    return member.post(f"/api/v1/polls/{poll['id']}/votes", choices=list(choices))


def end_polls(db: Database) -> None:
    db.write_now(lambda tx: tx.run(command(polls.update().values(expires_at=tx.now - 1))))


def test_a_vote_is_counted_and_shown_to_who_cast_it(ada: Any, bo: Any, visitor: Any) -> None:
    poll = ask(ada)
    voted = decode(vote(bo, poll, 1), Poll)
    assert [o.votes_count for o in voted.options] == [0, 1, 0]
    assert (voted.voted, voted.own_votes) == (True, [1])
    assert (voted.votes_count, voted.voters_count) == (1, 1)
    others = visitor.get(f"/api/v1/polls/{poll['id']}").json()
    assert (others["voted"], others["own_votes"], others["votes_count"]) == (False, [], 1)
    # In pages of statuses too, each viewer sees their own.
    shown = bo.get("/api/v1/timelines/public").json()[0]["poll"]
    assert (shown["voted"], shown["own_votes"]) == (True, [1])


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([3], "The chosen vote option does not exist"),
        ([-1], "The chosen vote option does not exist"),
        ([], "The chosen vote option does not exist"),
        ([0, 1], "This poll takes one choice"),
    ],
)
def test_choices_that_do_not_count(ada: Any, bo: Any, choices: list[int], sentence: str) -> None:
    refused = vote(bo, ask(ada), *choices)
    assert refused.status_code == 422
    assert refused.json()["error"] == f"Validation failed: {sentence}"


def test_one_votes_once(ada: Any, bo: Any) -> None:
    poll = ask(ada)
    vote(bo, poll, 0)
    refused = vote(bo, poll, 1).json()["error"]
    assert refused == "Validation failed: You have already voted on this poll"
    assert vote(ada, poll, 0).json()["error"].endswith("You can't vote in your own poll")


def test_a_poll_of_many_choices_takes_further_ones(ada: Any, bo: Any) -> None:
    poll = ask(ada, multiple=True)
    vote(bo, poll, 1)
    voted = vote(bo, poll, 0).json()
    assert (voted["own_votes"], voted["votes_count"], voted["voters_count"]) == ([1, 0], 2, 1)
    assert vote(bo, poll, 0, 2).status_code == 422


def test_hidden_totals_are_shown_in_the_end(ada: Any, bo: Any, db: Database) -> None:
    poll = ask(ada, hide_totals=True)
    voted = vote(bo, poll, 0).json()
    assert [o["votes_count"] for o in voted["options"]] == [None, None, None]
    end_polls(db)
    over = bo.get(f"/api/v1/polls/{poll['id']}").json()
    assert over["expired"] is True
    assert [o["votes_count"] for o in over["options"]] == [1, 0, 0]
    refused = vote(ada, poll, 0)
    assert refused.status_code == 422
    refused = vote(bo, poll, 1).json()["error"]
    assert refused == "Validation failed: The poll has already ended"


def test_who_cannot_see_the_status_cannot_vote(join: Any) -> None:
    ada, bo = join("ada"), join("bo")
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = ada.post("/api/v1/statuses", status="?", visibility="private", poll=poll).json()
    assert bo.get(f"/api/v1/polls/{made['poll']['id']}").status_code == 404
    assert vote(bo, made["poll"], 0).status_code == 404


def test_the_end_is_announced_once(ada: Any, db: Database, run_jobs: Callable[[], None]) -> None:
    ended: list[int] = []
    db.facts.on(PollEnded, lambda tx, fact: ended.append(fact.poll.id))
    poll = ask(ada)
    run_jobs()
    assert ended == []
    end_polls(db)
    from folkmoot.domain.polls.actions import close_poll

    for _ in range(2):
        db.write_now(close_poll, int(poll["id"]))
    assert ended == [int(poll["id"])]


def test_votes_go_with_the_status(ada: Any, bo: Any, db: Database) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = ada.post("/api/v1/statuses", status="?", poll=poll).json()
    vote(bo, made["poll"], 0)
    ada.delete(f"/api/v1/statuses/{made['id']}")
    assert bo.get(f"/api/v1/polls/{made['poll']['id']}").status_code == 404
    left = db.read_now(
        lambda tx: tx.script("SELECT 1 FROM poll_votes UNION ALL SELECT 1 FROM polls")
    )
    assert left == []
