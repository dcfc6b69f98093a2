"""Scheduled statuses: kept, moved, cancelled, published at their time, or not and why."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from conftest import decode
from folkmoot.domain.scheduling.tables import scheduled_posts
from folkmoot.kit import clock
from folkmoot.kit.db import Database, command
from folkmoot.kit.jobs import jobs
from folkmoot.kit.settings import Settings
from folkmoot.surfaces.mastodon.entities.scheduled_status import ScheduledStatus
from surfaces.mastodon.test_publishing import picture


def later(minutes: float = 10) -> str:
    return clock.iso(clock.now() + int(minutes * clock.MINUTE))


def schedule(member: Any, text: str = "later", **more: Any) -> Any:
    return member.post("/api/v1/statuses", status=text, **{"scheduled_at": later(), **more})


def come(db: Database, run_jobs: Callable[[], None]) -> None:
    """Lets the time of everything scheduled come."""
    now = clock.now()
    db.write_now(lambda tx: tx.run(command(scheduled_posts.update().values(publish_at=now - 1))))
    due = jobs.update().where(jobs.c.kind == "scheduling.publish").values(run_at=now - 1)
    db.write_now(lambda tx: tx.run(command(due)))
    run_jobs()


def test_a_scheduled_status_is_published_at_its_time(
    ada: Any, db: Database, run_jobs: Callable[[], None]
) -> None:
    media = picture(db, ada)
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = decode(
        schedule(ada, media_ids=[media], poll=poll, visibility="unlisted"), ScheduledStatus
    )
    assert (made.params.text, made.params.visibility) == ("later", "unlisted")
    assert made.params.poll is not None
    assert made.media_attachments[0].id == media
    assert ada.post("/api/v1/statuses", media_ids=[media]).status_code == 422
    run_jobs()
    assert len(ada.get("/api/v1/scheduled_statuses").json()) == 1
    come(db, run_jobs)
    assert ada.get("/api/v1/scheduled_statuses").json() == []
    (shown,) = ada.get(f"/api/v1/accounts/{ada.id}/statuses").json()
    assert (shown["content"], shown["visibility"]) == ("<p>later</p>", "unlisted")
    assert shown["media_attachments"][0]["id"] == media
    assert len(shown["poll"]["options"]) == 2


def test_it_can_be_moved_and_cancelled(
    ada: Any, bo: Any, db: Database, run_jobs: Callable[[], None]
) -> None:
    media = picture(db, ada)
    made = schedule(ada, media_ids=[media]).json()
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    at = later(30)
    assert ada.put(path, scheduled_at=at).json()["scheduled_at"] == at
    assert ada.get(path).json()["scheduled_at"] == at
    assert ada.put(path, scheduled_at=later(1)).status_code == 422
    for refused in (bo.get(path), bo.put(path, scheduled_at=at), bo.delete(path)):
        assert refused.status_code == 404
    assert ada.delete(path).json() == {}
    assert ada.get(path).status_code == 404
    come(db, run_jobs)
    assert ada.get(f"/api/v1/accounts/{ada.id}/statuses").json() == []
    assert ada.post("/api/v1/statuses", media_ids=[media]).status_code == 200


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("soon", "must be at least five minutes in the future"),
        ("2020-01-01T00:00:00Z", "must be at least five minutes in the future"),
        ("banana", "Record invalid"),
        ("9999-99-99", "Record invalid"),
    ],
)
def test_moments_that_are_none(ada: Any, at: str, sentence: str) -> None:
    refused = schedule(ada, scheduled_at=later(4) if at == "soon" else at)
    assert refused.status_code == 422
    assert sentence in refused.json()["error"]


def test_what_could_not_be_published_now_is_not_scheduled(ada: Any) -> None:
    assert schedule(ada, "").status_code == 422
    assert schedule(ada, "x", media_ids=["1"]).status_code == 422
    assert schedule(ada, "x", in_reply_to_id="1").status_code == 404
    assert schedule(ada, "x", poll={"options": ["a"]}).status_code == 422


def test_a_failure_stays_visible(
    ada: Any, bo: Any, db: Database, run_jobs: Callable[[], None]
) -> None:
    question = bo.post("/api/v1/statuses", status="?").json()
    made = schedule(ada, in_reply_to_id=question["id"]).json()
    bo.delete(f"/api/v1/statuses/{question['id']}")
    come(db, run_jobs)
    (kept,) = ada.get("/api/v1/scheduled_statuses").json()
    assert kept["id"] == made["id"]
    assert "does not seem to exist" in kept["error"]
    assert kept["failed_at"] is not None
    moved = ada.put(f"/api/v1/scheduled_statuses/{made['id']}", scheduled_at=later(20)).json()
    assert (moved["error"], moved["failed_at"]) == (None, None)


def test_a_key_schedules_once(ada: Any) -> None:
    body = {"status": "x", "scheduled_at": later()}
    headers = {"Idempotency-Key": "k"}
    ids = {
        ada.request("POST", "/api/v1/statuses", json=body, headers=headers).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        limits = msgspec.structs.replace(
            settings.limits, scheduled_posts=3, scheduled_posts_per_day=2
        )
        return msgspec.structs.replace(settings, limits=limits)

    def test_so_many_a_day_and_in_all(self, ada: Any) -> None:
        for _ in range(2):
            assert schedule(ada, scheduled_at="2100-01-01T10:00:00Z").status_code == 200
        refused = schedule(ada, scheduled_at="2100-01-01T12:00:00Z")
        assert "limit of 2 scheduled posts for that day" in refused.json()["error"]
        assert schedule(ada, scheduled_at="2100-01-02T10:00:00Z").status_code == 200
        refused = schedule(ada, scheduled_at="2100-01-03T10:00:00Z")
        assert "limit of 3 scheduled posts" in refused.json()["error"]
