"""What a member takes along: lists as CSV, and everything in an archive."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from acts import MARK, do_everything, follow, post
from folkmoot import wiring
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.leaving.actions import ask_deletion
from folkmoot.domain.portability import actions, jobs, queries
from folkmoot.domain.portability.model import ArchiveToPack, Export, ExportTooSoon, Kind, State
from folkmoot.kit import clock
from folkmoot.surfaces.app import App

Loop = asyncio.AbstractEventLoop


def pack(app: App, run_jobs: Callable[[], None], member: Any) -> tuple[Export, zipfile.ZipFile]:
    asked = app.db.write_now(actions.ask_export, member.account.id)
    run_jobs()
    return read(app, asked.id)


def read(app: App, export_id: int) -> tuple[Export, zipfile.ZipFile]:
    export = app.db.read_now(queries.find_export, export_id)
    assert export
    assert export.state == State.DONE
    parts = app.db.read_now(queries.list_parts, export_id)
    data = b"".join(app.context.storage.get(part.key) for part in parts)
    assert len(data) == export.bytes
    return export, zipfile.ZipFile(io.BytesIO(data))


def lines(app: App, loop: Loop, member: Any, kind: Kind) -> list[list[str]]:
    voice = wiring._voice(app.settings)

    async def gather() -> bytes:
        chunks = jobs.csv_chunks(app.context, voice, member.account.id, kind)
        return b"".join([chunk async for chunk in chunks])

    return list(csv.reader(io.StringIO(loop.run_until_complete(gather()).decode())))


def upload(member: Any, picture: bytes, **more: Any) -> str:
    files = {"file": ("a.png", picture, "image/png")}
    made = member.request("POST", "/api/v2/media", files=files, data=more)
    assert made.status_code == 200, made.text
    return str(made.json()["id"])


@pytest.fixture(scope="session")
def png() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 90)).save(made, "PNG")
    return made.getvalue()


def test_the_lists_are_those_of_mastodon(join: Callable[..., Any], app: App, loop: Loop) -> None:
    ada, bo, cy = join("ada"), join("bo"), join("cy")
    follow(ada, bo, reblogs=False, notify=True, languages=["en", "zh"])
    follow(ada, cy)
    follow(bo, ada)
    ada.post(f"/api/v1/accounts/{cy.id}/mute", notifications=False)
    made = ada.post("/api/v1/lists", title="Wood, iron").json()["id"]
    ada.post(f"/api/v1/lists/{made}/accounts", account_ids=[bo.id, cy.id])
    ada.post("/api/v1/domain_blocks", domain="spam.example")
    marked = post(bo, "keep me")
    ada.post(f"/api/v1/statuses/{marked}/bookmark")
    at = "@127.0.0.1:8080"
    assert lines(app, loop, ada, Kind.FOLLOWING) == [
        ["Account address", "Show boosts", "Notify on new posts", "Languages"],
        [f"bo{at}", "false", "true", "en, zh"],
        [f"cy{at}", "true", "false", ""],
    ]
    assert lines(app, loop, ada, Kind.FOLLOWERS) == [["Account address"], [f"bo{at}"]]
    assert lines(app, loop, ada, Kind.MUTES) == [
        ["Account address", "Hide notifications"],
        [f"cy{at}", "false"],
    ]
    assert sorted(lines(app, loop, ada, Kind.LISTS)) == [
        ["Wood, iron", f"bo{at}"],
        ["Wood, iron", f"cy{at}"],
    ]
    assert lines(app, loop, ada, Kind.DOMAIN_BLOCKS) == [["spam.example"]]
    assert lines(app, loop, ada, Kind.BOOKMARKS) == [
        [f"http://127.0.0.1:8080/users/bo/statuses/{marked}"]
    ]
    ada.post(f"/api/v1/accounts/{bo.id}/block")
    assert lines(app, loop, ada, Kind.BLOCKS) == [[f"bo{at}"]]
    counts = app.db.read_now(queries.count_lines, ada.account.id)
    assert {kind: n for kind, n in counts.items() if n} == {
        Kind.FOLLOWING: 1,
        Kind.LISTS: 1,
        Kind.BLOCKS: 1,
        Kind.MUTES: 1,
        Kind.DOMAIN_BLOCKS: 1,
        Kind.BOOKMARKS: 1,
    }


def test_a_long_list_is_read_in_stretches(
    join: Callable[..., Any], app: App, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BATCH", 1)  # five lines a stretch
    ada = join("ada")
    for number in range(12):
        follow(ada, join(f"m{number}"))
    found = lines(app, loop, ada, Kind.FOLLOWING)[1:]
    assert [line[0].split("@")[0] for line in found] == [f"m{n}" for n in range(12)]


def test_an_archive_holds_everything(
    join: Callable[..., Any], app: App, run_jobs: Callable[[], None], png: bytes
) -> None:
    ada, bo = join("ada"), join("bo")
    do_everything(ada, bo)
    ada.request(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        files={"avatar": ("a.png", png, "image/png")},
    )
    shown = post(ada, "look", media_ids=[upload(ada, png, description="green", focus="0.5,-0.5")])
    ada.post("/api/v1/statuses", status="warned", spoiler_text="careful", visibility="private")
    export, archive = pack(app, run_jobs, ada)
    assert archive.testzip() is None
    outbox = json.loads(archive.read("outbox.json"))
    items = outbox["orderedItems"]
    assert outbox["totalItems"] == len(items) == ada_posts(app, ada)
    assert [i["published"] for i in items] == sorted(i["published"] for i in items)
    notes = {i["object"]["id"]: i["object"] for i in items if i["type"] == "Create"}
    assert sum(i["type"] == "Announce" for i in items) == 1
    base = "http://127.0.0.1:8080"
    direct = next(n for n in notes.values() if n["to"] == [f"{base}/users/bo"])
    assert direct["tag"] == [{"type": "Mention", "href": f"{base}/users/bo", "name": "@bo"}]
    question = next(n for n in notes.values() if n["type"] == "Question")
    assert [o["name"] for o in question["oneOf"]] == [MARK, "no"]
    assert question["oneOf"][0]["replies"]["totalItems"] == 1
    (document,) = notes[f"{base}/users/ada/statuses/{shown}"]["attachment"]
    assert document["name"] == "green"
    assert document["focalPoint"] == [0.5, -0.5]
    assert archive.read(document["url"])[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"RIFF")
    actor = json.loads(archive.read("actor.json"))
    assert (actor["preferredUsername"], actor["outbox"]) == ("ada", "outbox.json")
    assert archive.read(actor["icon"]["url"])
    assert len(json.loads(archive.read("likes.json"))["orderedItems"]) == 1
    assert len(json.loads(archive.read("bookmarks.json"))["orderedItems"]) == 1
    assert b"bo@127.0.0.1:8080" in archive.read("following_accounts.csv")
    assert export.done == export.total


def ada_posts(app: App, ada: Any) -> int:
    found = app.db.read_now(queries.list_packed, ada.account.id, after_id=0, limit=100)
    return len(found)


def test_an_archive_is_for_its_owner_and_for_a_while(
    join: Callable[..., Any],
    app: App,
    run_jobs: Callable[[], None],
    letters: Callable[[], list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = join("ada")
    post(ada, "one")
    export, _ = pack(app, run_jobs, ada)
    (letter,) = letters()
    assert "packed" in letter["subject"]
    with pytest.raises(ExportTooSoon):
        app.db.write_now(actions.ask_export, ada.account.id)
    keys = [part.key for part in app.db.read_now(queries.list_parts, export.id)]
    assert all(ada.get(f"/media/{key}").status_code == 404 for key in keys)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 8 * clock.DAY)
    run_jobs()
    assert app.db.read_now(queries.find_export, export.id) is None
    assert [key for key in keys if app.context.storage.find(key)] == []
    assert app.db.write_now(actions.ask_export, ada.account.id)


@pytest.mark.parametrize("step", range(1, 12))
def test_a_crash_between_any_two_steps_is_made_good(
    step: int,
    join: Callable[..., Any],
    app: App,
    loop: Loop,
    monkeypatch: pytest.MonkeyPatch,
    png: bytes,
) -> None:
    """The process dies when it has written so often; what it stored and did not note is swept."""
    monkeypatch.setattr(jobs, "_PART_BYTES", 100)
    ada = join("ada")
    for number in range(3):
        post(ada, f"picture {number}", media_ids=[upload(ada, png)])
    asked = app.db.write_now(actions.ask_export, ada.account.id)
    handler = wiring.job_handlers(app)["portability.pack"][0]
    real, left = app.db.write, [step]

    class Crash(Exception):
        pass

    async def dying(work: Any, *args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            raise Crash
        return await real(work, *args, **kwargs)

    monkeypatch.setattr(app.db, "write", dying)
    try:
        loop.run_until_complete(handler(app.context, ArchiveToPack(asked.id)))
    except Crash:
        before = app.db.read_now(queries.list_parts, asked.id)
    else:
        assert step > 5
        before = app.db.read_now(queries.list_parts, asked.id)
    monkeypatch.setattr(app.db, "write", real)
    loop.run_until_complete(handler(app.context, ArchiveToPack(asked.id)))
    after = app.db.read_now(queries.list_parts, asked.id)
    assert after[: len(before)] == before
    _, archive = read(app, asked.id)
    assert archive.testzip() is None
    assert len([n for n in archive.namelist() if n.startswith("media_attachments/")]) == 3
    moved = clock.now() + 2 * clock.DAY
    monkeypatch.setattr(clock, "now", lambda: moved)
    loop.run_until_complete(jobs.sweep(app.context, jobs.Sweep()))
    stored = {found.key for found in app.context.storage.list("exports")}
    assert stored == {part.key for part in after}


def test_an_archive_goes_with_its_account(
    join: Callable[..., Any], app: App, run_jobs: Callable[[], None]
) -> None:
    ada = join("ada")
    pack(app, run_jobs, ada)
    assert list(app.context.storage.list("exports"))
    app.db.write_now(ask_deletion, app.db.read_now(get_user, ada.account.id), days=0)
    run_jobs()
    assert list(app.context.storage.list("exports")) == []
