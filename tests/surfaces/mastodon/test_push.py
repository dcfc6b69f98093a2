"""Web push, against a push service of the test's own that decrypts what it gets."""

import asyncio
import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import http_ece
import msgspec
import pytest
import sqlalchemy as sa
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid01, Vapid02

from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.notifications.tables import notifications
from folkmoot.domain.oauth.actions import end_token
from folkmoot.domain.oauth.queries import find_bearer, hash_token
from folkmoot.domain.push.actions import ensure_vapid_key
from folkmoot.domain.push.jobs import Delivery
from folkmoot.domain.push.queries import find_vapid_key, list_candidates
from folkmoot.kit import clock, jobs
from folkmoot.kit.crypto import decode_key, vapid_public_key
from folkmoot.kit.db import Database, Tx, command, param, values
from folkmoot.kit.http import Client as HttpClient
from folkmoot.kit.settings import Secrets, Settings
from folkmoot.surfaces.app import App

PATH = "/api/v1/push/subscription"


class PushService:
    """A push service (RFC 8030) and the client behind it, with the keys of RFC 8291."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.status = 201
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {
            "p256dh": base64.urlsafe_b64encode(self.point).decode(),
            "auth": base64.b64encode(self.auth).decode(),
        }

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)

    def read(self) -> dict[str, Any]:
        """The one message that came, decrypted; its signature holds."""
        [(headers, body)] = self.requests
        self.requests.clear()
        assert headers["Content-Type"] == "application/octet-stream"
        assert int(headers["TTL"]) > 3_600
        version = headers["Content-Encoding"]
        if version == "aes128gcm":
            assert Vapid02.verify(headers["Authorization"])
            plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth)
        else:
            plain = self._read_draft(headers, body)
        found: dict[str, Any] = json.loads(plain)
        return found

    def _read_draft(self, headers: dict[str, str], body: bytes) -> bytes:
        keys = dict(part.split("=", 1) for part in headers["Crypto-Key"].split(";"))
        assert Vapid01.verify(keys["p256ecdsa"], headers["Authorization"])
        plain: bytes = http_ece.decrypt(
            body,
            salt=decode_key(headers["Encryption"].removeprefix("salt=")),
            private_key=self.key,
            dh=decode_key(keys["dh"]),
            auth_secret=self.auth,
            version="aesgcm",
        )
        return plain

    def claims(self) -> dict[str, Any]:
        token = re.search(r"t=([^,]+)", self.requests[0][0]["Authorization"])
        assert token
        found: dict[str, Any] = json.loads(decode_key(token[1].split(".")[1]))
        return found


@pytest.fixture
def service(app: App, loop: asyncio.AbstractEventLoop) -> Iterator[PushService]:
    made = PushService()
    web_app = web.Application()
    web_app.router.add_post("/wake/{client}", made.take)
    runner = web.AppRunner(web_app)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wake/1"

    loop.run_until_complete(start())
    host = made.url.split("/")[2]
    app.context.http = HttpClient(user_agent="test", allow_hosts=[host])
    yield made
    loop.run_until_complete(app.context.close_http())
    loop.run_until_complete(runner.cleanup())


def subscribe(
    member: Any, service: PushService, *alerts: str, policy: str = "all", standard: bool = True
) -> dict[str, Any]:
    made = member.post(
        PATH,
        subscription={"endpoint": service.url, "keys": service.keys, "standard": standard},
        data={"alerts": dict.fromkeys(alerts or ("mention",), True), "policy": policy},
    )
    assert made.status_code == 200, made.text
    found: dict[str, Any] = made.json()
    return found


def publish(member: Any, text: str, **more: Any) -> None:
    assert member.post("/api/v1/statuses", status=text, **more).status_code == 200


def test_a_subscription_is_made_shown_changed_and_removed(
    ada: Any, service: PushService, app: App
) -> None:
    assert ada.get(PATH).status_code == 404
    made = subscribe(ada, service, "mention", "poll", "unheard_of", policy="followed")
    assert made["server_key"] == app.vapid_key
    assert (made["endpoint"], made["policy"], made["standard"]) == (service.url, "followed", True)
    assert {name for name, wanted in made["alerts"].items() if wanted} == {"mention", "poll"}
    assert ada.get(PATH).json() == made
    changed = ada.put(PATH, data={"alerts": {"follow": "true", "mention": "false"}}).json()
    assert {name for name, wanted in changed["alerts"].items() if wanted} == {"follow"}
    assert changed["policy"] == "followed"
    assert ada.put(PATH, policy="none").json()["policy"] == "none"
    again = subscribe(ada, service)
    assert again["id"] != made["id"]
    assert ada.delete(PATH).json() == {}
    assert ada.get(PATH).status_code == 404
    assert ada.put(PATH, policy="all").status_code == 404


def test_forms_are_understood(ada: Any, service: PushService) -> None:
    made = ada.request(
        "POST",
        PATH,
        data={
            "subscription[endpoint]": service.url,
            "subscription[keys][p256dh]": service.keys["p256dh"],
            "subscription[keys][auth]": service.keys["auth"],
            "data[alerts][mention]": "true",
            "data[alerts][poll]": "0",
            "data[policy]": "all",
        },
    ).json()
    assert (made["standard"], made["alerts"]["mention"], made["alerts"]["poll"]) == (
        False,
        True,
        False,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "nonsense"},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "!", "auth": "!"}},
        {"keys": {}},
    ],
)
def test_what_cannot_work_is_refused(ada: Any, service: PushService, wrong: dict[str, Any]) -> None:
    right = {"endpoint": service.url, "keys": service.keys}
    assert ada.post(PATH, subscription=right | wrong).status_code == 422
    assert ada.get(PATH).status_code == 404


@pytest.mark.parametrize("standard", [True, False])
def test_a_mention_wakes_the_client(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], standard: bool
) -> None:
    subscribe(ada, service, standard=standard)
    publish(bo, "@ada Hello <world> & all")
    run_jobs()
    message = service.read()
    [notification] = ada.get("/api/v1/notifications").json()
    assert message == {
        "access_token": ada.token,
        "preferred_locale": "en",
        "notification_id": notification["id"],
        "notification_type": "mention",
        "icon": notification["account"]["avatar_static"],
        "title": "bo mentioned you",
        "body": "@ada Hello <world> & all",
    }


def test_the_title_is_in_the_language_of_who_reads_it(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database
) -> None:
    subscribe(ada, service)
    db.write_now(lambda tx: save_user(tx, get_user(tx, int(ada.id)), locale="zh-CN"))
    publish(bo, "@ada hello")
    run_jobs()
    message = service.read()
    assert (message["title"], message["preferred_locale"]) == ("bo 提到了您", "zh-CN")


def test_the_message_is_signed_for_its_service(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], app: App
) -> None:
    subscribe(ada, service)
    publish(bo, "@ada " + "long " * 60, spoiler_text="")
    run_jobs()
    claims = service.claims()
    assert claims["aud"] == service.url.removesuffix("/wake/1")
    assert claims["sub"] == app.base_url
    assert clock.now() / 1_000 < claims["exp"] <= clock.now() / 1_000 + 24 * 3_600
    assert f"k={app.vapid_key}" in service.requests[0][0]["Authorization"]
    body = service.read()["body"]
    assert (len(body), body[-1]) == (140, "…")


def test_alerts_and_policies_choose(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None]
) -> None:
    subscribe(ada, service, "follow", policy="followed")
    publish(bo, "@ada no alert for this")
    bo.post(f"/api/v1/accounts/{ada.id}/follow")
    run_jobs()
    assert service.requests == []
    ada.put(PATH, data={"policy": "follower", "alerts": {"mention": True}})
    publish(bo, "@ada from a follower")
    run_jobs()
    assert service.read()["notification_type"] == "mention"
    ada.put(PATH, policy="followed")
    publish(bo, "@ada from a stranger")
    run_jobs()
    assert service.requests == []
    ada.post(f"/api/v1/accounts/{bo.id}/follow")
    publish(bo, "@ada from a friend")
    run_jobs()
    assert service.read()["body"] == "@ada from a friend"
    ada.put(PATH, policy="none")
    publish(bo, "@ada not now")
    run_jobs()
    assert service.requests == []


def test_what_is_held_back_wakes_nobody(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None]
) -> None:
    subscribe(ada, service)
    publish(bo, "@ada psst", visibility="direct")
    run_jobs()
    assert service.requests == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], status: int
) -> None:
    subscribe(ada, service)
    service.status = status
    publish(bo, "@ada hello")
    run_jobs()
    assert len(service.requests) == 1
    assert ada.get(PATH).status_code == 404


_WAITING = values(
    jobs.jobs.select()
    .with_only_columns(jobs.jobs.c.attempts)
    .where(jobs.jobs.c.kind == param("kind")),
    int,
)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_tried_again(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database, status: int
) -> None:
    subscribe(ada, service)
    service.status = status
    publish(bo, "@ada hello")
    run_jobs()
    assert db.read_now(lambda tx: tx.all(_WAITING, kind="push.deliver")) == [1]
    assert ada.get(PATH).status_code == 200
    service.requests.clear()
    service.status = 201
    db.write_now(lambda tx: tx.script("UPDATE jobs SET run_at = 0"))
    run_jobs()
    assert service.read()["title"] == "bo mentioned you"
    assert db.read_now(lambda tx: tx.all(_WAITING, kind="push.deliver")) == []


def test_a_message_that_is_rejected_is_dropped(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database
) -> None:
    subscribe(ada, service)
    service.status = 400
    publish(bo, "@ada hello")
    run_jobs()
    assert db.read_now(lambda tx: tx.all(_WAITING, kind="push.deliver")) == []
    assert ada.get(PATH).status_code == 200


def test_a_private_address_is_never_posted_to(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], app: App
) -> None:
    subscribe(ada, service)
    app.context.http = HttpClient(user_agent="test")
    publish(bo, "@ada hello")
    run_jobs()
    assert service.requests == []
    assert ada.get(PATH).status_code == 404


_AGE = command(sa.update(notifications).values(id=param("to_id")))
_PAYLOADS = values(sa.select(jobs.jobs.c.payload).where(jobs.jobs.c.kind == param("kind")), str)
_READDRESS = command(
    sa.update(jobs.jobs).where(jobs.jobs.c.kind == param("of_kind")).values(payload=param("text"))
)


def test_what_was_taken_back_or_is_too_old_wakes_nobody(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database
) -> None:
    subscribe(ada, service)
    publish(bo, "@ada hello")
    ada.post("/api/v1/notifications/clear")
    run_jobs()
    assert service.requests == []
    publish(bo, "@ada hello")
    old = (clock.now() - 3 * clock.DAY) << 16

    def age(tx: Tx) -> None:
        """Three days pass between the notification and its delivery."""
        tx.run(_AGE, to_id=old)
        [payload] = tx.all(_PAYLOADS, kind="push.deliver")
        delivery = msgspec.structs.replace(
            msgspec.json.decode(payload, type=Delivery), notification_id=old
        )
        tx.run(_READDRESS, text=msgspec.json.encode(delivery).decode(), of_kind="push.deliver")

    db.write_now(age)
    run_jobs()
    assert service.requests == []


def test_an_ended_token_ends_its_subscription(
    ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database
) -> None:
    subscribe(ada, service)
    publish(bo, "@ada hello")
    bearer = db.read_now(find_bearer, hash_token(ada.token))
    assert bearer
    db.write_now(end_token, bearer.token_id)
    publish(bo, "@ada hello again")
    run_jobs()
    assert service.requests == []
    assert db.read_now(lambda tx: tx.script("SELECT count(*) FROM push_subscriptions")) == [(0,)]


def test_no_plain_token_is_stored(ada: Any, service: PushService, db: Database) -> None:
    subscribe(ada, service)
    [(kept,)] = db.read_now(lambda tx: tx.script("SELECT access_token FROM push_subscriptions"))
    assert ada.token not in kept
    assert db.read_now(list_candidates, [ada.account.id], sender_id=1)


class TestWithoutAKeyInTheSettings:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        kept = msgspec.structs.replace(settings.secrets, vapid_private_key="")
        assert isinstance(kept, Secrets)
        return msgspec.structs.replace(settings, secrets=kept)

    def test_one_is_made_and_kept(
        self, ada: Any, bo: Any, service: PushService, run_jobs: Callable[[], None], db: Database
    ) -> None:
        made = subscribe(ada, service)
        key = db.write_now(ensure_vapid_key)
        assert key == db.read_now(find_vapid_key) == db.write_now(ensure_vapid_key)
        assert made["server_key"] == vapid_public_key(key)
        publish(bo, "@ada hello")
        run_jobs()
        assert f"k={made['server_key']}" in service.requests[0][0]["Authorization"]
