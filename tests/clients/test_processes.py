"""The larger set-up for real: two servers and a worker of one instance, by PostgreSQL and Redis."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.clients.live import Live, run_also, serve, serve_also
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from folkmoot import wiring
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.domain.registration.actions import create_member
from folkmoot.domain.relationships.actions import follow
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.passwords import hash_now
from folkmoot.kit.settings import DatabaseSettings, Settings
from sample_media import film
from surfaces.web.browser import forms_of

pytestmark = [pytest.mark.postgres, pytest.mark.redis]

PASSWORD = "seven quiet herons"
PATIENCE_S = 20.0


class Moot(msgspec.Struct):
    """Two servers of one instance, and its database as these tests reach it."""

    live: Live
    first: str
    second: str
    db: Database

    def join(self, name: str) -> "Member":
        account, token = self.db.write_now(_join, name, hash_now(PASSWORD))
        return Member(account, token, self)


class Member(msgspec.Struct):
    account: Account
    token: str
    moot: Moot

    def call(self, server: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(method, server + path, headers=headers, timeout=20, **more)

    def post(self, server: str, text: str) -> httpx.Response:
        return self.call(server, "POST", "/api/v1/statuses", json={"status": text})


def _join(tx: Tx, name: str, password_hash: str) -> tuple[Account, str]:
    account, _ = create_member(tx, name, email=f"{name}@example.test", password_hash=password_hash)
    return account, issue_token(tx, 1, account_id=account.id, scopes="read write follow push")


@pytest.fixture(scope="module")
def moot(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[Path], str]
) -> Iterator[Moot]:
    folder = tmp_path_factory.mktemp("moot")
    url = fresh_database(folder)
    more = {
        "redis": {"url": os.environ["FOLKMOOT_TEST_REDIS"], "prefix": f"{folder.name}:"},
        "jobs": {"in_server": False, "lease_s": 3.0},
        "database": {"url": url, "readers": 2, "pool_size": 2},
        "rate_limits": {"enabled": True, "posts": "5/h"},
        "testing": {"enabled": False},
    }
    with serve(folder, url, more=more) as live, serve_also(live) as second:
        base = msgspec.structs.replace(Settings().server, base_url=live.url)
        settings = Settings(server=base, database=DatabaseSettings(url=url, readers=1, pool_size=1))
        db = Database(settings, facts=wiring.facts())
        yield Moot(live, live.url, second, db)
        db.close()


def until(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it holds."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never happened")


def test_a_post_at_the_first_appears_in_streams_of_the_second(moot: Moot) -> None:
    ada, bo = moot.join("ada"), moot.join("bo")
    moot.db.write_now(follow, bo.account, ada.account)
    address = moot.second.replace("http", "ws") + "/api/v1/streaming?stream=user"
    headers = {"Authorization": f"Bearer {bo.token}"}
    events = f"{moot.second}/api/v1/streaming/user"
    with (
        connect(address, additional_headers=headers) as socket,
        httpx.stream("GET", events, headers=headers, timeout=PATIENCE_S) as stream,
    ):
        made: list[str] = []
        heard = until(lambda: _hear_after_posting(ada, made, socket))
        assert heard["event"] == "update"
        assert json.loads(heard["payload"])["id"] in made
        data = next(line for line in stream.iter_lines() if line.startswith("data: {"))
        assert json.loads(data.removeprefix("data: "))["id"] in made


def _hear_after_posting(ada: Member, made: list[str], socket: ClientConnection) -> Any:
    """A stream is answered a moment before it listens, so that the first post may be too early."""
    made.append(ada.post(ada.moot.first, "Hello over there").json()["id"])
    with contextlib.suppress(TimeoutError):
        return json.loads(socket.recv(timeout=5))


def test_signing_out_everywhere_at_the_first_cuts_the_stream_at_the_second(moot: Moot) -> None:
    eve = moot.join("eve")
    address = moot.second.replace("http", "ws") + "/api/v1/streaming?stream=user"
    headers = {"Authorization": f"Bearer {eve.token}"}
    with (
        connect(address, additional_headers=headers) as socket,
        httpx.Client(base_url=moot.first, follow_redirects=True) as browser,
    ):
        _submit(browser, "/auth/sign-in", "/auth/sign-in", login="eve", password=PASSWORD)
        _submit(browser, "/settings/account", "/auth/sign-out-everywhere")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=PATIENCE_S)
    assert eve.call(moot.second, "GET", "/api/v1/timelines/home").status_code == 401


def _submit(browser: httpx.Client, page: str, action: str, **fields: str) -> None:
    """Fills in a form of a page and sends it."""
    (form,) = [f for f in forms_of(browser.get(page).text) if f["action"].split("?")[0] == action]
    given = {"Origin": str(browser.base_url).rstrip("/")}
    sent = browser.post(form["action"], data={**form["fields"], **fields}, headers=given)
    assert sent.status_code == 200, sent.text


def test_limits_of_rates_are_shared(moot: Moot) -> None:
    finn = moot.join("finn")
    servers = [moot.first, moot.second] * 3
    answers = [finn.post(server, f"Nr {n}") for n, server in enumerate(servers)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    left = [answer.headers["x-ratelimit-remaining"] for answer in answers[:5]]
    assert left == ["4", "3", "2", "1", "0"]


def _upload(member: Member) -> str:
    files = {"file": ("film.mp4", film(), "video/mp4")}
    sent = member.call(member.moot.first, "POST", "/api/v2/media", files=files)
    assert sent.status_code == 202, sent.text
    return str(sent.json()["id"])


def _ready(member: Member, media_id: str) -> dict[str, Any] | None:
    answer = member.call(member.moot.second, "GET", f"/api/v1/media/{media_id}")
    assert answer.status_code in (200, 206), answer.text
    return answer.json() if answer.status_code == 200 else None


def _attempts(moot: Moot) -> list[int]:
    """How often each waiting upload was begun."""
    asked = "SELECT attempts FROM jobs WHERE kind = 'media.process'"
    return [n for (n,) in moot.db.read_now(lambda tx: tx.script(asked))]


def test_a_film_uploaded_at_the_first_is_processed_by_the_worker(moot: Moot) -> None:
    gil = moot.join("gil")
    media_id = _upload(gil)
    assert _ready(gil, media_id) is None, "the servers leave jobs to the worker"
    with run_also(moot.live, "worker") as worker:
        found = until(lambda: _ready(gil, media_id))
        path = found["url"].removeprefix(moot.first)
        served = gil.call(moot.second, "GET", path)
        assert served.status_code == 200
        assert served.content[4:8] == b"ftyp"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_S) == 0


def test_killing_the_worker_in_the_middle_loses_nothing(moot: Moot) -> None:
    ines = moot.join("ines")
    uploads = [_upload(ines) for _ in range(4)]
    with run_also(moot.live, "worker") as worker:
        until(lambda: any(_attempts(moot)))
        worker.kill()
        worker.wait()
    begun = _attempts(moot)
    assert any(begun), "a job that had begun was left behind"
    with run_also(moot.live, "worker"), run_also(moot.live, "worker"):
        for media_id in uploads:
            assert until(lambda media_id=media_id: _ready(ines, media_id))["url"]
        until(lambda: not _attempts(moot))
