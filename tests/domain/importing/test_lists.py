"""Mastodon's CSV files brought in: what they mean, merged or instead, whatever crashes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from acts import follow, post
from folkmoot import wiring
from folkmoot.domain.importing import actions, queries
from folkmoot.domain.importing.model import (
    FileUnreadable,
    Import,
    ImportNotFound,
    ImportsPending,
    ImportToDo,
    NotToBeStarted,
    RowState,
    TooManyRows,
)
from folkmoot.domain.portability.model import Kind, State
from folkmoot.kit.db import Database
from folkmoot.surfaces.app import App
from folkmoot.surfaces.archives import csvs

Loop = asyncio.AbstractEventLoop


def take(app: App, member: Any, kind: Kind, text: str, *, replaces: bool = False) -> Import:
    db, me = app.db, member.account.id
    made = db.write_now(actions.take_in, me, kind, name="x.csv", replaces=replaces)
    db.write_now(actions.add_rows, made.id, csvs.read(kind, text.encode()))
    db.write_now(actions.end_reading, made.id)
    return state(db, made.id)


def state(db: Database, import_id: int) -> Import:
    found = db.read_now(queries.find_import, import_id)
    assert found
    return found


def bring(
    app: App, run_jobs: Callable[[], None], member: Any, kind: Kind, text: str, **more: Any
) -> Import:
    made = take(app, member, kind, text, **more)
    app.db.write_now(actions.begin_import, member.account.id, made.id)
    run_jobs()
    return state(app.db, made.id)


def reasons(db: Database, import_id: int) -> dict[int, str]:
    rows = db.read_now(queries.list_rows, import_id, RowState.FAILED, limit=100)
    return {row.position: row.reason for row in rows}


def names(member: Any, path: str) -> list[str]:
    return sorted(each["username"] for each in member.get(path).json())


def following(member: Any) -> list[str]:
    return names(member, f"/api/v1/accounts/{member.id}/following")


@pytest.fixture
def ada(join: Callable[..., Any]) -> Any:
    made = join("ada")
    made.bo, made.cy, made.di = join("bo"), join("cy"), join("di")
    return made


FOLLOWS = """Account address,Show boosts,Notify on new posts,Languages
bo@127.0.0.1:8080,false,true,"en, zh"
@cy,true,false,
far@elsewhere.example,true,false,
nobody@127.0.0.1:8080,true,false,
ada@127.0.0.1:8080,true,false,
,true,false,
"""


def test_follows_are_brought_in(ada: Any, app: App, run_jobs: Callable[[], None]) -> None:
    made = take(app, ada, Kind.FOLLOWING, FOLLOWS)
    assert (made.state, made.total, made.failed) == (State.CHECKED, 6, 4)
    assert following(ada) == []  # nothing happens before the member says so
    app.db.write_now(actions.begin_import, ada.account.id, made.id)
    run_jobs()
    done = state(app.db, made.id)
    assert (done.state, done.done, done.failed) == (State.DONE, 6, 4)
    assert following(ada) == ["bo", "cy"]
    tie = ada.get("/api/v1/accounts/relationships", **{"id[]": ada.bo.id}).json()[0]
    assert (tie["showing_reblogs"], tie["notifying"]) == (False, True)
    assert tie["languages"] == ["en", "zh"]
    why = reasons(app.db, made.id)
    assert "other servers" in why[2]
    assert "Nobody here" in why[3]
    assert "yourself" in why[4]
    assert "no address" in why[5]
    rows = app.db.read_now(queries.list_rows, made.id, RowState.FAILED, limit=100)
    again = (csvs.failures_head(Kind.FOLLOWING) + csvs.failures(Kind.FOLLOWING, rows)).decode()
    assert again.splitlines()[0].endswith(",Languages,Reason")
    assert "far@elsewhere.example,true,false,,People on other servers" in again
    # What is mended in that file can be brought in again.
    assert csvs.read(Kind.FOLLOWING, again.encode())[0].address.startswith("far@")


def test_a_bare_list_of_addresses_is_enough(
    ada: Any, app: App, run_jobs: Callable[[], None]
) -> None:
    bring(app, run_jobs, ada, Kind.FOLLOWING, "bo\n\ncy@127.0.0.1:8080\n")
    assert following(ada) == ["bo", "cy"]


def test_merging_keeps_and_replacing_removes(
    ada: Any, app: App, run_jobs: Callable[[], None]
) -> None:
    follow(ada, ada.di)
    bring(app, run_jobs, ada, Kind.FOLLOWING, "bo\n")
    assert following(ada) == ["bo", "di"]
    bring(app, run_jobs, ada, Kind.FOLLOWING, "cy\nbo\nfar@away.example\n", replaces=True)
    assert following(ada) == ["bo", "cy"]


def test_blocks_mutes_and_domains(ada: Any, app: App, run_jobs: Callable[[], None]) -> None:
    ada.post(f"/api/v1/accounts/{ada.di.id}/block")
    bring(app, run_jobs, ada, Kind.BLOCKS, "bo@127.0.0.1:8080\n", replaces=True)
    assert names(ada, "/api/v1/blocks") == ["bo"]
    ada.post(f"/api/v1/accounts/{ada.di.id}/mute")
    text = "Account address,Hide notifications\ncy,false\n"
    bring(app, run_jobs, ada, Kind.MUTES, text, replaces=True)
    assert names(ada, "/api/v1/mutes") == ["cy"]
    tie = ada.get("/api/v1/accounts/relationships", **{"id[]": ada.cy.id}).json()[0]
    assert (tie["muting"], tie["muting_notifications"]) == (True, False)
    ada.post("/api/v1/domain_blocks", domain="old.example")
    text = "#domain\nSPAM.example\nno domain\n"
    done = bring(app, run_jobs, ada, Kind.DOMAIN_BLOCKS, text, replaces=True)
    assert ada.get("/api/v1/domain_blocks").json() == ["spam.example"]
    assert reasons(app.db, done.id) == {1: "Domain is not a valid domain name"}


def test_lists_with_whom_they_hold(ada: Any, app: App, run_jobs: Callable[[], None]) -> None:
    old = ada.post("/api/v1/lists", title="Old").json()["id"]
    kept = ada.post("/api/v1/lists", title="Wood, iron").json()["id"]
    for each in (ada.bo, ada.di):
        follow(ada, each)
        ada.post(f"/api/v1/lists/{kept}/accounts", account_ids=[each.id])
    text = '"Wood, iron",bo\n"Wood, iron",cy\nNew,cy\nNew,far@away.example\n'
    bring(app, run_jobs, ada, Kind.LISTS, text)
    by_title = {each["title"]: each["id"] for each in ada.get("/api/v1/lists").json()}
    assert set(by_title) == {"Old", "Wood, iron", "New"}
    assert names(ada, f"/api/v1/lists/{kept}/accounts") == ["bo", "cy", "di"]
    assert following(ada) == ["bo", "cy", "di"]  # who is on a list is followed
    bring(app, run_jobs, ada, Kind.LISTS, text, replaces=True)
    assert {each["title"] for each in ada.get("/api/v1/lists").json()} == {"Wood, iron", "New"}
    assert names(ada, f"/api/v1/lists/{kept}/accounts") == ["bo", "cy"]
    assert ada.get(f"/api/v1/lists/{old}").status_code == 404


def test_bookmarks_of_posts_that_are_here(ada: Any, app: App, run_jobs: Callable[[], None]) -> None:
    here, hidden, before = (
        post(ada.bo, "here"),
        post(ada.bo, "hidden", visibility="direct"),
        post(ada.bo, "before"),
    )
    ada.post(f"/api/v1/statuses/{before}/bookmark")
    base = "http://127.0.0.1:8080/users/bo/statuses/"
    text = f"{base}{here}\n{base}{hidden}\nhttps://away.example/users/x/statuses/1\n"
    done = bring(app, run_jobs, ada, Kind.BOOKMARKS, text, replaces=True)
    assert [each["id"] for each in ada.get("/api/v1/bookmarks").json()] == [here]
    assert reasons(app.db, done.id) == {
        1: "Record not found",
        2: "This post is not on this server",
    }


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.FOLLOWING, b""),
        (Kind.FOLLOWING, b"\n\n"),
        (Kind.FOLLOWING, b"Account address\n"),
        (Kind.FOLLOWING, b"List name,Who\nx,y\n"),
        (Kind.LISTS, b"Account address\nbo\n"),
        (Kind.BLOCKS, b"\xff\xfe\x00"),
        (Kind.BLOCKS, b'"' + b"a" * 200_000),
        (Kind.BOOKMARKS, b"#domain\nx\n"),
    ],
)
def test_a_file_of_another_kind_is_refused(kind: Kind, data: bytes) -> None:
    with pytest.raises(FileUnreadable) as refused:
        csvs.read(kind, data)
    assert "{" not in refused.value.sentence


def test_lines_are_bounded(ada: Any, app: App) -> None:
    few = msgspec.structs.replace(app.settings.portability, import_rows=3)
    app.db.settings = msgspec.structs.replace(app.settings, portability=few)
    with pytest.raises(TooManyRows):
        take(app, ada, Kind.FOLLOWING, "bo\ncy\ndi\nbo\n")


def test_only_a_few_wait_at_a_time(ada: Any, app: App) -> None:
    first = take(app, ada, Kind.BLOCKS, "bo\n")
    for _ in range(actions.PENDING - 1):
        take(app, ada, Kind.BLOCKS, "bo\n")
    with pytest.raises(ImportsPending):
        take(app, ada, Kind.BLOCKS, "bo\n")
    app.db.write_now(actions.drop_import, ada.account.id, first.id)
    take(app, ada, Kind.BLOCKS, "bo\n")


def test_an_import_is_its_members_own(ada: Any, app: App) -> None:
    made = take(app, ada, Kind.BLOCKS, "bo\n")
    for act in (actions.begin_import, actions.drop_import):
        with pytest.raises(ImportNotFound):
            app.db.write_now(act, ada.bo.account.id, made.id)
    app.db.write_now(actions.begin_import, ada.account.id, made.id)
    with pytest.raises(NotToBeStarted):
        app.db.write_now(actions.begin_import, ada.account.id, made.id)


@pytest.mark.parametrize("kind", [Kind.FOLLOWING, Kind.LISTS])
def test_a_step_ends_when_it_has_taken_long(
    kind: Kind, ada: Any, app: App, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line, each that is taken back, in a transaction of its own, and none forgotten."""
    monkeypatch.setattr(actions, "STEP_S", -1)
    old = ada.post("/api/v1/lists", title="Friends").json()["id"]
    for each in (ada.bo, ada.di):
        follow(ada, each)
        ada.post(f"/api/v1/lists/{old}/accounts", account_ids=[each.id])
    follow(ada, ada.cy)
    line = "Friends,{}\n" if kind is Kind.LISTS else "{}\n"
    made = take(app, ada, kind, line.format("cy"), replaces=True)
    app.db.write_now(actions.begin_import, ada.account.id, made.id)
    real, steps = app.db.write, []

    async def counted(work: Any, *args: Any, **kwargs: Any) -> Any:
        steps.append(work.__name__)
        return await real(work, *args, **kwargs)

    monkeypatch.setattr(app.db, "write", counted)
    handler = wiring.job_handlers(app)["importing.apply"][0]
    loop.run_until_complete(handler(app.context, ImportToDo(made.id)))
    assert steps.count("replace_some") == 3
    assert state(app.db, made.id).state == State.DONE
    found = names(ada, f"/api/v1/lists/{old}/accounts") if kind is Kind.LISTS else following(ada)
    assert found == ["cy"]


def test_a_crash_between_any_two_steps_is_made_good(
    ada: Any, app: App, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROWS", 1)
    follow(ada, ada.di)
    made = take(app, ada, Kind.FOLLOWING, "bo\nfar@away.example\ncy\n", replaces=True)
    app.db.write_now(actions.begin_import, ada.account.id, made.id)
    handler = wiring.job_handlers(app)["importing.apply"][0]
    real, crashes = app.db.write, 0

    async def one_only(work: Any, *args: Any, **kwargs: Any) -> Any:
        await real(work, *args, **kwargs)
        raise ConnectionError

    monkeypatch.setattr(app.db, "write", one_only)
    while state(app.db, made.id).state == State.RUNNING and crashes < 50:
        before = state(app.db, made.id)
        with pytest.raises(ConnectionError):
            loop.run_until_complete(handler(app.context, ImportToDo(made.id)))
        crashes += 1
        if crashes > 3 and state(app.db, made.id) == before:
            # Each step is taken by its own; from the last one on the job goes through.
            monkeypatch.setattr(app.db, "write", real)
            loop.run_until_complete(handler(app.context, ImportToDo(made.id)))
    done = state(app.db, made.id)
    assert (done.state, done.done, done.failed) == (State.DONE, 3, 1)
    assert following(ada) == ["bo", "cy"]
