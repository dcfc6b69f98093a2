"""Streaming over WebSockets and server-sent events."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from folkmoot.domain.accounts.actions import save_profile
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import disable_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.instance.actions import publish_announcement, react, withdraw_announcement
from folkmoot.domain.oauth.actions import end_token, revoke_everything
from folkmoot.domain.oauth.queries import find_bearer, hash_token
from folkmoot.kit import clock
from folkmoot.kit.db import Database
from folkmoot.kit.settings import Settings, Streaming
from folkmoot.surfaces.app import App
from streams import EventSource, Socket


@pytest.fixture(autouse=True)
def hub(app: App, loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """The hub at work, as in a serving process."""
    loop.run_until_complete(app.bus.start())
    loop.run_until_complete(app.hub.start())
    yield app.hub
    loop.run_until_complete(app.hub.stop())
    loop.run_until_complete(app.bus.stop())


@pytest.fixture
def socket(loop: asyncio.AbstractEventLoop, visitor: Any) -> Iterator[Callable[..., Socket]]:
    """Opens WebSockets: `socket(ada, "user", "public")`; closes them at the end."""
    opened: list[Socket] = []

    def make(who: Any = None, *streams: str, **more: Any) -> Socket:
        token = who.token if who is not None else ""
        made = Socket(visitor._asgi, loop).open(token=token, **more)
        opened.append(made)
        for stream in streams:
            made.subscribe(stream)
        return made

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def source(loop: asyncio.AbstractEventLoop, visitor: Any) -> Iterator[Callable[..., EventSource]]:
    """Opens event sources: `source(ada, "user")`; closes them at the end."""
    opened: list[EventSource] = []

    def make(who: Any, path: str, **query: str) -> EventSource:
        token = who.token if who is not None else ""
        made = EventSource(visitor._asgi, loop).open(path, token=token, query=query)
        opened.append(made)
        return made

    yield make
    for each in opened:
        each.close()


def publish(member: Any, text: str = "Hello", **more: Any) -> dict[str, Any]:
    made = member.post("/api/v1/statuses", status=text, **more)
    assert made.status_code == 200, made.text
    found: dict[str, Any] = made.json()
    return found


def follow(member: Any, other: Any) -> None:
    assert member.post(f"/api/v1/accounts/{other.id}/follow").status_code == 200


def test_a_post_appears_on_a_followers_stream(ada: Any, bo: Any, socket: Any) -> None:
    follow(ada, bo)
    stream = socket(ada, "user")
    made = publish(bo, "Hello ada")
    heard = stream.next()
    assert (heard["stream"], heard["event"]) == (["user"], "update")
    assert heard["payload"] == ada.get(f"/api/v1/statuses/{made['id']}").json()
    own = publish(ada, "Hello myself")
    assert stream.next()["payload"] == ada.get(f"/api/v1/statuses/{own['id']}").json()


def test_a_stranger_hears_nothing(ada: Any, bo: Any, socket: Any) -> None:
    stream = socket(ada, "user")
    publish(bo)
    publish(bo, "@ada psst", visibility="direct")
    assert stream.is_silent()


def test_the_token_comes_in_three_ways(ada: Any, socket: Any) -> None:
    assert socket(ada).status == 101
    by_query = socket(query={"access_token": ada.token, "stream": "user"})
    by_protocol = socket(protocols=[ada.token])
    assert (by_protocol.status, by_protocol.protocol) == (101, ada.token)
    by_protocol.subscribe("user")
    publish(ada)
    assert by_query.next()["stream"] == by_protocol.next()["stream"] == ["user"]


def test_a_wrong_token_is_turned_away(socket: Any, visitor: Any) -> None:
    assert socket(query={"access_token": "nonsense"}).status == 401
    assert socket(protocols=["nonsense"]).status == 401
    assert visitor.get("/api/v1/streaming").status_code == 404
    assert visitor.get("/api/v1/streaming/health").text == "OK"


def test_one_stream_may_be_named_in_the_address(ada: Any, bo: Any, socket: Any) -> None:
    tagged = socket(ada, query={"stream": "hashtag", "tag": "Tea"})
    made = publish(bo, "A cup of #tea")
    heard = tagged.next()
    assert heard["stream"] == ["hashtag", "Tea"]
    assert heard["payload"]["id"] == made["id"]


def test_streams_are_subscribed_and_left(ada: Any, bo: Any, socket: Any) -> None:
    stream = socket(ada, "public", "public:local", "public:remote", "public:media")
    publish(bo)
    heard = [stream.next()["stream"], stream.next()["stream"]]
    assert sorted(heard) == [["public"], ["public:local"]]
    stream.say(type="unsubscribe", stream="public")
    publish(bo)
    assert stream.next()["stream"] == ["public:local"]
    assert stream.is_silent()


def test_what_cannot_be_subscribed_is_refused_in_a_sentence(ada: Any, socket: Any) -> None:
    stream = socket(ada)
    for order, status in (
        ({"type": "subscribe", "stream": "nonsense"}, 400),
        ({"type": "subscribe", "stream": "list", "list": "5"}, 404),
        ({"type": "subscribe", "stream": "hashtag"}, 400),
        ({"type": "shout", "stream": "user"}, 400),
    ):
        stream.say(**order)
        refused = stream.next()
        assert refused["status"] == status
        assert refused["error"]
    stream.say_text("{")
    assert stream.next()["status"] == 400
    stream.subscribe("user")
    publish(ada)
    assert stream.next()["event"] == "update"


def test_visitors_hear_what_is_public(ada: Any, socket: Any, source: Any) -> None:
    stream = socket(None, "public", "user")
    assert stream.next()["status"] == 401
    events = source(None, "public")
    made = publish(ada)
    for heard in (stream.next()["payload"], events.next()[1]):
        assert heard["id"] == made["id"]
        assert heard["favourited"] is False
    publish(ada, "for followers", visibility="private")
    publish(ada, "unlisted", visibility="unlisted")
    assert stream.is_silent()


def test_scopes_decide(join: Any, socket: Any, source: Any) -> None:
    reader = join("reader", scopes="read:statuses write")
    blind = join("blind", scopes="write")
    other = join("other")
    stream = socket(reader, "user", "user:notification")
    assert stream.next()["status"] == 403
    publish(other, "@reader psst")
    publish(reader)
    assert stream.next()["event"] == "update"  # and no notification before
    assert socket(blind, "public").next()["status"] == 403
    assert source(blind, "user").status == 403
    assert source(None, "user").status == 401


def test_notifications_come_on_both_streams(ada: Any, bo: Any, socket: Any) -> None:
    stream = socket(ada, "user", "user:notification")
    made = publish(ada)
    assert stream.next()["event"] == "update"
    bo.post(f"/api/v1/statuses/{made['id']}/favourite")
    heard = [stream.next(), stream.next()]
    assert sorted(h["stream"][0] for h in heard) == ["user", "user:notification"]
    [told] = ada.get("/api/v1/notifications").json()
    assert [h["event"] for h in heard] == ["notification", "notification"]
    assert heard[0]["payload"] == heard[1]["payload"] == told


def test_what_is_held_back_is_told_when_it_is_accepted(ada: Any, bo: Any, socket: Any) -> None:
    stream = socket(ada, "user:notification")
    publish(bo, "@ada psst", visibility="direct")
    assert stream.is_silent()
    [request] = ada.get("/api/v1/notifications/requests").json()
    ada.post(f"/api/v1/notifications/requests/{request['id']}/accept")
    assert stream.next()["event"] == "notifications_merged"


def test_an_edit_and_a_deletion_are_told(ada: Any, bo: Any, socket: Any) -> None:
    follow(ada, bo)
    stream = socket(ada, "user", "public")
    made = publish(bo)
    assert {stream.next()["event"], stream.next()["event"]} == {"update"}
    bo.put(f"/api/v1/statuses/{made['id']}", status="Hello again")
    heard = [stream.next(), stream.next()]
    assert {h["event"] for h in heard} == {"status.update"}
    assert heard[0]["payload"] == ada.get(f"/api/v1/statuses/{made['id']}").json()
    bo.delete(f"/api/v1/statuses/{made['id']}")
    heard = [stream.next(), stream.next()]
    assert {h["event"] for h in heard} == {"delete"}
    assert heard[0]["payload"] == made["id"]
    assert stream.is_silent()


def test_each_meets_a_post_with_their_own_marks(ada: Any, bo: Any, join: Any, socket: Any) -> None:
    eve, eli = join("eve"), join("eli")
    for fan in (ada, eve, eli):
        follow(fan, bo)
    made = publish(join("gus"), "An old post")
    ada.post(f"/api/v1/statuses/{made['id']}/favourite")
    eve.post(
        "/api/v2/filters", title="old", context=["home"], keywords_attributes=[{"keyword": "old"}]
    )
    streams = {fan: socket(fan, "user") for fan in (ada, eve, eli)}
    bo.post(f"/api/v1/statuses/{made['id']}/reblog")
    for fan, stream in streams.items():
        heard = stream.next()["payload"]
        assert heard == fan.get(f"/api/v1/statuses/{heard['id']}").json()
        assert heard["reblog"]["favourited"] is (fan is ada)
        assert bool(heard["filtered"]) is (fan is eve)


def test_polls_and_quotes_are_met_as_each_one_does(ada: Any, bo: Any, socket: Any) -> None:
    follow(ada, bo)
    stream, own = socket(ada, "user"), socket(bo, "user")
    poll = {"options": ["yes", "no"], "expires_in": 3_600}
    made = publish(bo, "Tea?", poll=poll)
    assert stream.next()["payload"] == ada.get(f"/api/v1/statuses/{made['id']}").json()
    assert own.next()["payload"] == bo.get(f"/api/v1/statuses/{made['id']}").json()
    quoting = publish(bo, "Look", quoted_status_id=made["id"])
    assert stream.next()["payload"] == ada.get(f"/api/v1/statuses/{quoting['id']}").json()


def test_who_is_hidden_is_not_heard(ada: Any, bo: Any, join: Any, socket: Any) -> None:
    eve = join("eve")
    follow(ada, bo)
    stream = socket(ada, "user", "public")
    ada.post(f"/api/v1/accounts/{bo.id}/mute")
    eve.post(f"/api/v1/accounts/{ada.id}/block")
    publish(bo)
    publish(eve)
    assert stream.is_silent()


def test_followers_only_posts_reach_followers(ada: Any, bo: Any, join: Any, socket: Any) -> None:
    eve = join("eve")
    follow(ada, bo)
    stream, other = socket(ada, "user"), socket(eve, "user", "public")
    made = publish(bo, "among us", visibility="private")
    assert stream.next()["payload"]["id"] == made["id"]
    assert other.is_silent()


def test_a_list_is_heard_by_its_owner(
    ada: Any, bo: Any, join: Any, socket: Any, source: Any
) -> None:
    follow(ada, bo)
    made = ada.post("/api/v1/lists", title="Friends").json()
    ada.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[bo.id])
    stream = socket(ada).subscribe("list", list=made["id"])
    events = source(ada, "list", list=made["id"])
    status = publish(bo)
    heard = stream.next()
    assert (heard["stream"], heard["payload"]["id"]) == (["list", made["id"]], status["id"])
    assert events.next()[1]["id"] == status["id"]
    assert socket(join("eve")).subscribe("list", list=made["id"]).next()["status"] == 404


def test_followed_tags_come_home(ada: Any, bo: Any, socket: Any) -> None:
    ada.post("/api/v1/tags/tea/follow")
    stream = socket(ada, "user")
    made = publish(bo, "A cup of #Tea")
    assert stream.next()["payload"]["id"] == made["id"]


def test_conversations_are_told(ada: Any, bo: Any, socket: Any, source: Any) -> None:
    ada.patch("/api/v2/notifications/policy", for_private_mentions="accept")
    stream, events = socket(ada, "direct"), source(ada, "direct")
    publish(bo, "@ada psst", visibility="direct")
    heard = stream.next()
    assert (heard["stream"], heard["event"]) == (["direct"], "conversation")
    [conversation] = ada.get("/api/v1/conversations").json()
    assert heard["payload"] == conversation
    assert events.next() == ("conversation", conversation)


def test_filters_and_announcements_are_told(
    ada: Any, bo: Any, socket: Any, source: Any, db: Database
) -> None:
    stream, events = socket(ada, "user"), source(bo, "user")
    ada.post("/api/v2/filters", title="x", context=["home"])
    assert stream.next() == {"stream": ["user"], "event": "filters_changed"}
    made = db.write_now(publish_announcement, "Tea at five")
    assert stream.next()["payload"]["content"] == "<p>Tea at five</p>"
    assert events.next()[0] == "announcement"
    db.write_now(react, bo.account.id, made.id, "🍵")
    expected = {"name": "🍵", "count": 1, "announcement_id": str(made.id)}
    assert stream.next()["payload"] == expected
    assert events.next() == ("announcement.reaction", expected)
    db.write_now(withdraw_announcement, made.id)
    assert stream.next() == {
        "stream": ["user"],
        "event": "announcement.delete",
        "payload": str(made.id),
    }


def test_server_sent_events(ada: Any, bo: Any, source: Any) -> None:
    follow(ada, bo)
    home, told = source(ada, "user"), source(ada, "user/notification")
    local, tagged = source(None, "public/local"), source(None, "hashtag/local", tag="tea")
    assert home.status == 200
    assert home.headers["content-type"] == "text/event-stream"
    assert home.headers["access-control-allow-origin"] == "*"
    made = publish(bo, "@ada come for #tea")
    assert home.next()[1]["id"] == made["id"]
    assert told.next()[0] == "notification"
    assert local.next() == tagged.next()
    assert home.next()[0] == "notification"
    ada.post("/api/v2/filters", title="x", context=["home"])
    assert home.next() == ("filters_changed", "undefined")
    assert source(ada, "hashtag").status == 400
    assert source(ada, "list", list="7").status == 404
    assert source(ada, "public/remote", only_media="true").status == 200


def test_a_revoked_token_ends_its_streams(
    ada: Any, bo: Any, socket: Any, source: Any, db: Database, loop: asyncio.AbstractEventLoop
) -> None:
    stream, events, other = socket(ada, "user"), source(ada, "user"), socket(bo, "user")
    bearer = db.read_now(find_bearer, hash_token(ada.token))
    assert bearer
    db.write_now(end_token, bearer.token_id)
    stream.wait_until(lambda: stream.close_code == 1008 and events.is_over)
    publish(bo)
    assert other.next()["event"] == "update"
    db.write_now(revoke_everything, bo.account.id)
    other.wait_until(lambda: other.close_code == 1008)


def test_a_disabled_members_streams_end(ada: Any, bo: Any, socket: Any, db: Database) -> None:
    stream, other = socket(ada, "user"), socket(bo, "user")
    db.write_now(lambda tx: disable_user(tx, get_user(tx, ada.account.id)))
    stream.wait_until(lambda: stream.close_code == 1008)
    assert other.is_silent()
    assert other.close_code is None


def test_a_limited_authors_posts_are_not_public(
    ada: Any, bo: Any, socket: Any, db: Database
) -> None:
    db.write_now(
        lambda tx: save_profile(tx, get_account(tx, bo.account.id), limited_at=clock.now())
    )
    stream = socket(ada, "public")
    publish(bo)
    assert stream.is_silent()


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        streaming = Streaming(queue=5, connections=2, heartbeat_s=0.1)
        return msgspec.structs.replace(settings, streaming=streaming)

    def test_so_many_connections_are_open_at_once(
        self, ada: Any, bo: Any, socket: Any, source: Any
    ) -> None:
        first, second = socket(ada), source(ada, "user")
        assert (first.status, second.status) == (101, 200)
        assert socket(ada).status == 429
        assert source(ada, "public").status == 429
        assert socket(bo).status == 101
        first.close()
        assert socket(ada).status == 101

    def test_a_silent_stream_shows_that_it_lives(self, ada: Any, socket: Any, source: Any) -> None:
        assert socket(ada).next() == {"stream": [], "event": "heartbeat"}
        events = source(ada, "user")
        events.wait_until(lambda: ":thump\n\n" in events.text)

    def test_who_does_not_listen_is_cut_off(self, ada: Any, bo: Any, socket: Any, hub: Any) -> None:
        slow, quick = socket(ada, "public"), socket(bo, "public")
        slow.is_stuck = True
        for _ in range(10):
            publish(bo)
            quick.next()
        slow.wait_until(lambda: slow.close_code == 1008)
        assert len(hub._tokens) == 1


def test_nothing_is_left_of_closed_connections(
    ada: Any, socket: Any, source: Any, hub: Any
) -> None:
    streams = [socket(ada, "user", "public"), source(ada, "hashtag", tag="x")]
    assert len(hub._tokens) == 2
    for stream in streams:
        stream.close()
    assert not hub._tokens
    assert not hub._by_channel
    assert not hub._open_by
