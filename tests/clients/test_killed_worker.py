"""A worker that is killed while it brings in, or packs, 2,000 posts; the next one goes on.

Its media lie in an S3 store of this process, which makes the worker wait often enough to be met
in the middle of everything.
"""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.live import Live, run_also

from conftest import ALL_SCOPES, Member, _member
from domain.importing.test_posts import THERE, Bringer, archive, note, png
from domain.portability.test_export import read
from folkmoot import wiring
from folkmoot.domain.importing import actions as importing
from folkmoot.domain.importing.jobs import keep_upload
from folkmoot.domain.importing.queries import find_import
from folkmoot.domain.portability import actions as portability
from folkmoot.domain.portability.model import Kind, Stage, State
from folkmoot.domain.portability.queries import find_export
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings_sources import load, write_file
from folkmoot.surfaces.app import App

Loop = asyncio.AbstractEventLoop
POSTS = 2_000
EVERY = 20
PATIENCE_S = 120.0

__all__ = ["png"]

pytestmark = pytest.mark.slow


@pytest.fixture
def live(
    tmp_path: Path, fresh_database: Callable[[Path], str], bucket: str, s3_endpoint: str
) -> Live:
    """An instance that is not served: workers are all that runs of it."""
    config = tmp_path / "folkmoot.toml"
    sections: dict[str, dict[str, Any]] = {
        "server": {"base_url": "http://127.0.0.1:8080"},
        "database": {"url": fresh_database(tmp_path), "readers": 2, "pool_size": 2},
        "media": {
            "backend": "s3",
            "s3_bucket": bucket,
            "s3_endpoint": s3_endpoint,
            "s3_access_key": "key",
            "s3_secret_key": "secret",
        },
        "mail": {"folder": str(tmp_path / "mail")},
        "jobs": {"lease_s": 3.0},
        "rate_limits": {"enabled": False},
        "secrets": fresh_secrets(),
    }
    write_file(config, sections)
    return Live("http://127.0.0.1:8080", config, 0, {})


@pytest.fixture
def app(live: Live) -> Iterator[App]:
    made = wiring.build_app(load(live.config, {}).settings)
    yield made
    made.context.close()
    made.db.close()


def until(condition: Callable[[], Any], worker: subprocess.Popen[bytes]) -> Any:
    """What the condition gives once it holds; the worker must live to bring it about."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := condition():
            return found
        assert worker.poll() is None, "the worker ended by itself"
        time.sleep(0.002)
    raise AssertionError("it never happened")


def kill_when(live: Live, condition: Callable[[], Any]) -> None:
    """Starts a worker and kills it, by its number, as soon as the condition holds."""
    with run_also(live, "worker") as worker:
        until(condition, worker)
        worker.kill()
        assert worker.wait() == -9


def items() -> list[dict[str, Any]]:
    """2,000 posts, every second an answer to the one before, every twentieth with a picture."""
    made = []
    for n in range(POSTS):
        more: dict[str, Any] = {"published": f"2019-04-02T10:{n // 60 % 60:02d}:{n % 60:02d}Z"}
        if n % 2:
            more["inReplyTo"] = f"{THERE}/statuses/{n - 1}"
        if n % EVERY == 0:
            more["attachment"] = [{"type": "Document", "url": "media_attachments/a.png"}]
        made.append(note(n, f"number {n}", **more))
    return made


def test_nothing_is_doubled_or_lost(live: Live, app: App, loop: Loop, png: bytes) -> None:
    account, token = app.db.write_now(_member, "ada", "member", ALL_SCOPES, 1)
    ada = Member(wiring.build_asgi(app), loop, token, account)
    data = archive(items(), {"media_attachments/a.png": png})
    key = loop.run_until_complete(keep_upload(app.context, account.id, io.BytesIO(data)))
    made = app.db.write_now(importing.take_in, account.id, Kind.POSTS, name="a.zip", key=key)

    def brought_in() -> Any:
        found = app.db.read_now(find_import, made.id)
        assert found
        assert found.state != State.FAILED, found.problem
        return found

    with run_also(live, "worker") as worker:
        until(lambda: brought_in().state == State.CHECKED, worker)
    app.db.write_now(importing.begin_import, account.id, made.id)
    for share in (1, 2, 3):
        kill_when(live, lambda share=share: brought_in().position >= POSTS * share // 5)
        stopped = brought_in()
        assert stopped.state == State.RUNNING, "it was over before the kill"
        assert 0 < stopped.done == stopped.position < POSTS
    with run_also(live, "worker") as worker:
        until(lambda: brought_in().state == State.DONE, worker)
    done = brought_in()
    assert (done.total, done.done, done.failed) == (POSTS, POSTS, 0)
    posts = Bringer(app, loop, ada).posts()
    assert [p["content"] for p in posts] == [f"<p>number {n}</p>" for n in range(POSTS)]
    assert [len(p["media_attachments"]) for p in posts] == [1, *[0] * (EVERY - 1)] * (
        POSTS // EVERY
    )
    assert [p["replies_count"] for p in posts] == [1, 0] * (POSTS // 2)
    assert all(p["in_reply_to_id"] == posts[n - 1]["id"] for n, p in enumerate(posts) if n % 2)
    me = ada.get("/api/v1/accounts/verify_credentials").json()
    assert me["statuses_count"] == POSTS

    asked = app.db.write_now(portability.ask_export, account.id)

    def packed() -> Any:
        return app.db.read_now(find_export, asked.id)

    def packs_posts() -> bool:
        return bool(packed().stage == Stage.POSTS and packed().done)

    def packs_media() -> bool:
        return bool(packed().stage == Stage.MEDIA)

    for condition in (packs_posts, packs_media):
        kill_when(live, condition)
        assert packed().state in (State.WAITING, State.RUNNING), "it was over before the kill"
    with run_also(live, "worker") as worker:
        until(lambda: packed().state == State.DONE, worker)
    _, whole = read(app, asked.id)
    assert whole.testzip() is None
    check(whole, [p["uri"] for p in posts])


def check(whole: zipfile.ZipFile, uris: list[str]) -> None:
    """Every post stands in the archive once, in order, and so does every picture."""
    outbox = json.loads(whole.read("outbox.json"))
    assert outbox["totalItems"] == POSTS
    assert [each["object"]["id"] for each in outbox["orderedItems"]] == uris
    counts = Counter(whole.namelist())
    assert set(counts.values()) == {1}
    shown = [a["url"] for each in outbox["orderedItems"] for a in each["object"]["attachment"]]
    assert len(shown) == POSTS // EVERY
    assert set(shown) == {name for name in counts if name.startswith("media_attachments/")}
