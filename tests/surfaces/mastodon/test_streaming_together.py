"""Two processes' instances on one database act as one, by Redis; and many posts at once."""

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from folkmoot import wiring
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.feeds import actions as feeds
from folkmoot.domain.posts.actions import publish_post
from folkmoot.domain.posts.model import Draft
from folkmoot.domain.relationships.actions import follow
from folkmoot.kit.db import Tx
from folkmoot.kit.settings import RedisSettings, Settings
from folkmoot.surfaces.app import App
from streams import Socket

REDIS = os.environ.get("FOLKMOOT_TEST_REDIS", "")


async def start(app: App) -> None:
    await app.bus.start()
    await app.hub.start()


async def stop(app: App) -> None:
    await app.hub.stop()
    await app.bus.stop()


@pytest.mark.redis
class TestTwoProcesses:
    @pytest.fixture
    def settings(self, settings: Settings, request: Any) -> Settings:
        redis = RedisSettings(url=REDIS, prefix=f"test:{request.node.name}:")
        return msgspec.structs.replace(settings, redis=redis)

    @pytest.fixture
    def other(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> Iterator[App]:
        """A second instance on the same database."""
        made = wiring.build_app(settings)
        loop.run_until_complete(start(made))
        yield made
        loop.run_until_complete(stop(made))
        made.db.close()

    def test_what_is_posted_at_one_is_streamed_by_the_other(
        self, app: App, other: App, ada: Any, bo: Any, loop: asyncio.AbstractEventLoop
    ) -> None:
        loop.run_until_complete(start(app))
        ada.post(f"/api/v1/accounts/{bo.id}/follow")
        there = Socket(wiring.build_asgi(other), loop).open(token=ada.token)
        there.subscribe("user").subscribe("public")
        here = Socket(ada._asgi, loop).open(token=ada.token).subscribe("user")
        made = bo.post("/api/v1/statuses", status="Hello @ada").json()
        heard = [there.next() for _ in range(3)]
        assert sorted(h["event"] for h in heard) == ["notification", "update", "update"]
        updates = [h["payload"] for h in heard if h["event"] == "update"]
        assert updates == [ada.get(f"/api/v1/statuses/{made['id']}").json()] * 2
        assert {here.next()["event"], here.next()["event"]} == {"notification", "update"}
        bo.delete(f"/api/v1/statuses/{made['id']}")
        assert [there.next()["event"] for _ in range(2)] == ["delete", "delete"]
        assert there.is_silent()
        there.close()
        here.close()
        loop.run_until_complete(stop(app))


@pytest.fixture
def hub(app: App, loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """The hub at work, as in a serving process."""
    loop.run_until_complete(start(app))
    yield app.hub
    loop.run_until_complete(stop(app))


@pytest.fixture
def socket(loop: asyncio.AbstractEventLoop, visitor: Any, hub: Any) -> Iterator[Any]:
    """Opens WebSockets: `socket(ada, "user")`; closes them at the end."""
    opened: list[Socket] = []

    def make(who: Any, stream: str) -> Socket:
        opened.append(Socket(visitor._asgi, loop).open(token=who.token))
        return opened[-1].subscribe(stream)

    yield make
    for each in opened:
        each.close()


def crowd(tx: Tx, author: Account, followers: list[int]) -> None:
    for follower_id in followers:
        follow(tx, get_account(tx, follower_id), author)


def test_fifty_followers_hear_two_hundred_posts(
    app: App, join: Any, bo: Any, socket: Any, loop: asyncio.AbstractEventLoop
) -> None:
    """All of them, in order, each once, and without reading anew for everybody."""
    fans = [join(f"fan{number}") for number in range(50)]
    app.db.write_now(crowd, bo.account, [fan.account.id for fan in fans])
    streams = [socket(fan, "user") for fan in fans]

    async def publish() -> list[int]:
        made = []
        for number in range(200):
            post = await app.db.write(publish_post, bo.account, draft=Draft(text=f"Nr {number}"))
            made.append(post.id)
        return made

    ids = [str(i) for i in loop.run_until_complete(publish())]
    for stream in streams:
        heard = [stream.next() for _ in ids]
        assert [h["payload"]["id"] for h in heard] == ids


def test_a_post_that_reaches_many_feeds_in_batches_is_told_to_each_once(
    app: App,
    join: Any,
    bo: Any,
    run_jobs: Any,
    socket: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feeds, "BATCH", 2)
    fans = [join(f"fan{number}") for number in range(5)]
    app.db.write_now(crowd, bo.account, [fan.account.id for fan in fans])
    streams = [socket(fan, "user") for fan in fans]
    public = socket(fans[0], "public")
    made = bo.post("/api/v1/statuses", status="Hello all").json()
    run_jobs()
    for stream in [*streams, public]:
        assert stream.next()["payload"]["id"] == made["id"]
        assert stream.is_silent()
