"""What is taken along from one instance arrives at another: posts, media, dates, lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from acts import follow, post
from conftest import ALL_SCOPES, Member, _member
from domain.importing.test_lists import bring
from domain.importing.test_posts import Bringer
from domain.portability.test_export import pack, png, upload
from folkmoot import wiring
from folkmoot.domain.importing.model import Preview
from folkmoot.domain.portability.model import Kind, State
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.settings import DatabaseSettings, Media, Server, Settings
from folkmoot.surfaces.app import App

Loop = asyncio.AbstractEventLoop
__all__ = ["png"]


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Iterator[App]:
    """Another instance, with a database, a media store and an address of its own."""
    folder = tmp_path / "elsewhere"
    other = msgspec.structs.replace(
        settings,
        server=Server(base_url="http://elsewhere.test"),
        database=DatabaseSettings(url=f"sqlite:///{folder / 'folkmoot.db'}", readers=2),
        media=Media(folder=folder / "media"),
    )
    migrate(other)
    made = wiring.build_app(other)
    yield made
    made.context.close()
    made.db.close()


def join_there(app: App, loop: Loop, name: str) -> Member:
    account, token = app.db.write_now(_member, name, "member", ALL_SCOPES, 1)
    return Member(wiring.build_asgi(app), loop, token, account)


def gist(member: Any, found: dict[str, Any]) -> dict[str, Any]:
    """What of a post must be the same in both places."""
    source = member.get(f"/api/v1/statuses/{found['id']}/source").json()
    poll = found["poll"] or {"options": [], "multiple": False, "voters_count": 0}
    return {
        "text": source["text"].replace("@127.0.0.1:8080", ""),
        "warning": source["spoiler_text"],
        "seen by": found["visibility"],
        "at": found["created_at"],
        "language": found["language"],
        "edited": found["edited_at"],
        "pinned": found["pinned"],
        "quotes": found["quote"] and found["quote"]["quoted_status"]["created_at"],
        "sensitive": found["sensitive"],
        "answers": found["in_reply_to_id"] is not None,
        "tags": [tag["name"] for tag in found["tags"]],
        "poll": [(o["title"], o["votes_count"]) for o in poll["options"]],
        "many": (poll["multiple"], poll["voters_count"]),
        "media": [
            (m["type"], m["description"], m["meta"].get("focus"), m["meta"]["original"]["size"])
            for m in found["media_attachments"]
        ],
    }


def test_one_account_moves_with_everything(
    join: Callable[..., Any],
    app: App,
    elsewhere: App,
    loop: Loop,
    run_jobs: Callable[[], None],
    png: bytes,
) -> None:
    ada, bo = join("ada"), join("bo")
    first = post(ada, "Hello #Wood, @bo: https://example.org/a?b=1", language="en")
    post(ada, "goes on", in_reply_to_id=first, visibility="unlisted")
    post(ada, "看这里", media_ids=[upload(ada, png, description="green", focus="0.5,-0.25")])
    post(ada, "for those who follow", visibility="private", spoiler_text="careful")
    post(ada, "@bo only you", visibility="direct")
    asked = ada.post(
        "/api/v1/statuses",
        status="Which?",
        poll={"options": ["Oak", "Ash"], "expires_in": 600, "multiple": True},
    ).json()
    bo.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0, 1])
    ada.post(f"/api/v1/statuses/{post(bo, 'theirs')}/reblog")
    quote = post(ada, "as I said", quoted_status_id=first)
    ada.put(f"/api/v1/statuses/{quote}", status="as I said before")
    ada.post(f"/api/v1/statuses/{quote}/pin")
    follow(ada, bo, notify=True)
    made = ada.post("/api/v1/lists", title="Friends").json()["id"]
    ada.post(f"/api/v1/lists/{made}/accounts", account_ids=[bo.id])
    _, archive = pack(app, run_jobs, ada)
    data = archive.fp.fp.getvalue() if hasattr(archive.fp, "fp") else archive.fp.getvalue()  # type: ignore[union-attr]

    there, bo_there = join_there(elsewhere, loop, "ada"), join_there(elsewhere, loop, "bo")
    bringer = Bringer(elsewhere, loop, there)
    done = bringer.bring(data)
    seen = msgspec.json.decode(done.preview, type=Preview)
    assert (done.state, done.failed, seen.boosts, seen.missing) == (State.DONE, 0, 1, 0)
    here = [p for p in Bringer(app, loop, ada).posts() if p["reblog"] is None]
    arrived = bringer.posts()
    assert [gist(there, p) for p in arrived] == [gist(ada, p) for p in here]
    assert [p["pinned"] for p in arrived if p["quote"]] == [True]
    shown = next(p for p in arrived if p["media_attachments"])["media_attachments"][0]
    assert there.get(shown["url"].removeprefix("http://elsewhere.test")).status_code == 200

    def jobs_there() -> None:
        worker = wiring.build_worker(elsewhere)
        while loop.run_until_complete(worker.run_due()):
            pass

    # The same people have other addresses there: who moves writes them anew.
    for name, kind in (("lists.csv", Kind.LISTS), ("following_accounts.csv", Kind.FOLLOWING)):
        text = archive.read(name).decode()
        unknown = bring(elsewhere, jobs_there, there, kind, text)
        assert (unknown.total, unknown.failed) == (1, 1)
        moved = bring(
            elsewhere, jobs_there, there, kind, text.replace("127.0.0.1:8080", "elsewhere.test")
        )
        assert (moved.total, moved.failed) == (1, 0)
    listed = there.get("/api/v1/lists").json()
    assert [each["title"] for each in listed] == ["Friends"]
    on_it = there.get(f"/api/v1/lists/{listed[0]['id']}/accounts").json()
    assert [each["id"] for each in on_it] == [bo_there.id]
    tie = there.get("/api/v1/accounts/relationships", **{"id[]": bo_there.id}).json()[0]
    assert (tie["following"], tie["notifying"]) == (True, True)

    # And back where it came from, everything is there already.
    again = Bringer(app, loop, ada)
    before = again.posts()
    back = again.bring(data)
    assert msgspec.json.decode(back.preview, type=Preview).known == seen.posts
    assert again.posts() == before
