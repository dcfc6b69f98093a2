"""Moving from one instance to another by their pages, both with their media in an S3 store."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import msgspec
import pytest

from acts import post
from conftest import ALL_SCOPES, Member, _member
from domain.importing.test_posts import Bringer
from domain.importing.test_round_trip import gist
from domain.portability.test_export import png, upload
from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.importing import jobs as importing
from folkmoot.domain.portability import jobs
from folkmoot.kit import clock
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.passwords import hash_now
from folkmoot.kit.settings import DatabaseSettings, Media, Server, Settings
from folkmoot.surfaces.app import App
from surfaces.web.browser import Browser

Loop = asyncio.AbstractEventLoop
PASSWORD = "seven quiet herons"
THERE = "http://elsewhere.test"
__all__ = ["png"]


def in_bucket(name: str, endpoint: str) -> Media:
    return Media(
        backend="s3",
        s3_bucket=name,
        s3_endpoint=endpoint,
        s3_access_key="key",
        s3_secret_key="secret",
    )


@pytest.fixture
def settings(settings: Settings, bucket: str, s3_endpoint: str) -> Settings:
    return msgspec.structs.replace(settings, media=in_bucket(bucket, s3_endpoint))


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, s3_endpoint: str) -> Iterator[App]:
    """Another instance with a database and a bucket of its own."""
    bucket = f"{settings.media.s3_bucket}-elsewhere"
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    store = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1", **keys)
    store.create_bucket(Bucket=bucket)
    other = msgspec.structs.replace(
        settings,
        server=Server(base_url=THERE),
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'elsewhere.db'}", readers=2),
        media=in_bucket(bucket, s3_endpoint),
    )
    migrate(other)
    made = wiring.build_app(other)
    yield made
    made.context.close()
    made.db.close()


def at_home(app: App, loop: Loop, name: str) -> tuple[Member, Browser]:
    """A member with a token, and their browser."""
    account, token = app.db.write_now(_member, name, "member", ALL_SCOPES, 1)
    hashed = hash_now(PASSWORD)
    app.db.write_now(lambda tx: save_user(tx, get_user(tx, account.id), password_hash=hashed))
    asgi = wiring.build_asgi(app)
    browser = Browser(asgi, loop, app.settings.server.base_url)
    browser.open("/auth/sign-in")
    browser.submit("/auth/sign-in", login=name, password=PASSWORD)
    assert browser.page.url.path == "/home", browser.page.text
    return Member(asgi, loop, token, account), browser


def keys(app: App, folder: str) -> list[str]:
    return [found.key for found in app.context.storage.list(folder)]


def check_resuming(browser: Browser, address: str, whole: httpx.Response) -> None:
    """A download that broke off anywhere goes on there, across the parts in the store."""
    size, etag = len(whole.content), whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    for start in (0, 1, size // 3, size // 2, size - 1):
        asked = {"Range": f"bytes={start}-", "If-Range": etag}
        rest = browser._send("GET", address, headers=asked)
        assert rest.content == whole.content[start:]
        assert rest.status_code == (206 if start else 200)
        if start:
            assert rest.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
    middle = browser._send("GET", address, headers={"Range": "bytes=100-2000"})
    assert middle.content == whole.content[100:2001]
    other = browser._send("GET", address, headers={"Range": "bytes=9-", "If-Range": '"x"'})
    assert other.content == whole.content
    beyond = browser._send("GET", address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def test_an_archive_goes_from_one_bucket_to_another(
    app: App, elsewhere: App, loop: Loop, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PART_BYTES", 100)  # a part for each picture
    assert app.context.storage.local_path("a") is None

    def run_jobs(at: App) -> None:
        worker = wiring.build_worker(at)
        while loop.run_until_complete(worker.run_due()):
            pass

    ada, browser = at_home(app, loop, "ada")
    for number in range(3):
        picture = upload(ada, png, description=f"green {number}", focus="0.5,-0.25")
        post(ada, f"look {number}", media_ids=[picture])
    lost = upload(ada, png)
    post(ada, "its picture was lost", media_ids=[lost])
    gone = next(key for key in keys(app, "attachments") if lost in key and key.endswith("png"))
    browser.open("/settings/data")
    browser.submit("/settings/data/exports")
    app.context.storage.delete([gone])
    run_jobs(app)
    browser.open("/settings/data")
    address = browser.page.text.split('href="/settings/data/exports/')[1].split('"')[0]
    got = browser.open(f"/settings/data/exports/{address}")
    assert int(got.headers["content-length"]) == len(got.content)
    assert len(keys(app, "exports")) > 4
    check_resuming(browser, f"/settings/data/exports/{address}", got)
    archive = zipfile.ZipFile(io.BytesIO(got.content))
    assert archive.testzip() is None
    assert len([n for n in archive.namelist() if n.startswith("media_attachments/")]) == 3

    there, window = at_home(elsewhere, loop, "ada")
    window.open("/settings/imports")
    files = {"file": ("archive-ada.zip", got.content)}
    window.submit("/settings/imports", files=files, kind="posts", mode="merge")
    here = window.page.url.path
    assert len(keys(elsewhere, "imports")) == 1
    run_jobs(elsewhere)
    window.open(here)
    assert "Missing from the archive" in window.page.text
    window.submit(f"{here}/begin")
    run_jobs(elsewhere)
    window.open(here)
    assert "It is brought in" in window.page.text
    assert "It is not in the archive" in window.page.text
    arrived = Bringer(elsewhere, loop, there).posts()
    sent = Bringer(app, loop, ada).posts()
    assert [gist(there, p) for p in arrived[:3]] == [gist(ada, p) for p in sent[:3]]
    for each in arrived[:3]:
        (shown,) = each["media_attachments"]
        key = shown["url"].removeprefix(f"{THERE}/media/")
        assert elsewhere.context.storage.find(key)
    assert arrived[3]["media_attachments"] == []
    assert keys(elsewhere, "imports") == []

    # What a crash left, and what was kept long enough, goes from the bucket as well.
    for at, folder in ((app, "exports"), (elsewhere, "imports")):
        at.context.storage.put(f"{folder}/1/left-behind", b"x", mime="x")
    moved = clock.now() + 8 * clock.DAY
    monkeypatch.setattr(clock, "now", lambda: moved)
    loop.run_until_complete(jobs.sweep(app.context, jobs.Sweep()))
    loop.run_until_complete(importing.sweep(elsewhere.context, jobs.Sweep()))
    run_jobs(app)
    assert keys(app, "exports") == []
    assert keys(elsewhere, "imports") == []
