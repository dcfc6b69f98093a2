"""Posts of a Mastodon archive brought in: at their dates, to nobody's notice, once."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from acts import follow, home, ids, post
from domain.importing.test_lists import reasons, state
from folkmoot import wiring
from folkmoot.domain.importing import actions, queries
from folkmoot.domain.importing.jobs import keep_upload
from folkmoot.domain.importing.model import Import, ImportToDo, NotToBeStarted, Preview
from folkmoot.domain.portability.model import Kind, State
from folkmoot.kit import clock
from folkmoot.surfaces.app import App
from sample_media import film

Loop = asyncio.AbstractEventLoop
Run = Callable[[], None]
THERE = "https://old.example/users/ada"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def note(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    """A post as Mastodon's archive has it."""
    made = {
        "id": f"{THERE}/statuses/{number}",
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": f"2019-04-{number % 28 + 1:02d}T10:00:00Z",
        "attributedTo": THERE,
        "to": [PUBLIC],
        "cc": [f"{THERE}/followers"],
        "sensitive": False,
        "content": f"<p>{text or f'post {number}'}</p>",
        "contentMap": {"en": f"<p>{text}</p>"},
        "attachment": [],
        "tag": [],
        **more,
    }
    return {"id": f"{made['id']}/activity", "type": "Create", "actor": THERE, "object": made}


def archive(items: list[Any], files: dict[str, bytes] | None = None, root: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        outbox = {"@context": "x", "type": "OrderedCollection", "orderedItems": items}
        everything = {
            "outbox.json": json.dumps(outbox).encode(),
            "actor.json": json.dumps({"id": THERE, "type": "Person"}).encode(),
            **(files or {}),
        }
        for name, data in everything.items():
            file.writestr(f"{root}{name}", data)
    return made.getvalue()


def as_tar(zipped: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped)) as source, tarfile.open(fileobj=made, mode="w") as to:
        for name in source.namelist():
            info = tarfile.TarInfo(name)
            info.size = source.getinfo(name).file_size
            to.addfile(info, source.open(name))
    return gzip.compress(made.getvalue())


class Bringer:
    """Brings archives in for one member of one instance."""

    def __init__(self, app: App, loop: Loop, member: Any) -> None:
        self.app, self.loop, self.member = app, loop, member

    def run(self, kind: str, import_id: int) -> None:
        handler = wiring.job_handlers(self.app)[kind][0]
        self.loop.run_until_complete(handler(self.app.context, ImportToDo(import_id)))  # type: ignore[arg-type]

    def take(self, data: bytes) -> Import:
        me = self.member.account.id
        key = self.loop.run_until_complete(keep_upload(self.app.context, me, io.BytesIO(data)))
        take_in = actions.take_in
        made = self.app.db.write_now(take_in, me, Kind.POSTS, name="archive.zip", key=key)
        self.run("importing.check", made.id)
        return state(self.app.db, made.id)

    def bring(self, data: bytes) -> Import:
        made = self.take(data)
        assert made.state == State.CHECKED, made.problem
        self.app.db.write_now(actions.begin_import, self.member.account.id, made.id)
        self.run("importing.apply", made.id)
        return state(self.app.db, made.id)

    def posts(self) -> list[dict[str, Any]]:
        """The member's profile, the oldest first."""
        found: list[dict[str, Any]] = []
        path, more = f"/api/v1/accounts/{self.member.id}/statuses", {}
        while some := self.member.get(path, limit=40, **more).json():
            found += some
            more = {"max_id": some[-1]["id"]}
        return found[::-1]


@pytest.fixture
def bringer(app: App, loop: Loop, ada: Any) -> Bringer:
    return Bringer(app, loop, ada)


@pytest.fixture(scope="module")
def png() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 90)).save(made, "PNG")
    return made.getvalue()


def test_posts_stand_at_their_dates_and_nobody_is_told(
    bringer: Bringer, bo: Any, visitor: Any, run_jobs: Run
) -> None:
    ada = bringer.member
    follow(bo, ada, notify=True)
    today = post(ada, "today")
    run_jobs()
    told = ids(bo, "notifications")
    items = [
        note(1, 'Hello <a href="https://old.example/tags/wood">#wood</a>'),
        note(2, to=[f"{THERE}/followers"], cc=[PUBLIC], summary="careful", sensitive=True),
        note(3, to=[f"{THERE}/followers"], cc=[]),
        note(4, "just you", to=["http://127.0.0.1:8080/users/bo"], cc=[]),
        note(5, "my own answer", inReplyTo=f"{THERE}/statuses/1"),
        note(6, "to somebody", inReplyTo="https://far.example/users/x/statuses/9"),
        {"type": "Announce", "object": "https://far.example/1", "actor": THERE},
    ]
    made = bringer.take(archive(items))
    seen = msgspec.json.decode(made.preview, type=Preview)
    assert (seen.posts, seen.boosts, seen.known, seen.broken) == (6, 1, 0, 0)
    assert clock.iso_day(seen.first_at or 0) == "2019-04-02"
    assert len(bringer.posts()) == 1
    bringer.app.db.write_now(actions.begin_import, ada.account.id, made.id)
    run_jobs()
    found = bringer.posts()
    assert [p["created_at"][:10] for p in found[:-1]] == [f"2019-04-0{n}" for n in range(2, 8)]
    assert found[-1]["id"] == today
    assert [p["visibility"] for p in found[:4]] == ["public", "unlisted", "private", "direct"]
    assert (found[1]["spoiler_text"], found[1]["sensitive"]) == ("careful", True)
    assert found[0]["tags"][0]["name"] == "wood"
    assert found[0]["language"] == "en"
    assert found[4]["in_reply_to_id"] == found[0]["id"]
    assert found[0]["replies_count"] == 1
    assert (found[5]["in_reply_to_id"], found[5]["in_reply_to_account_id"]) == (None, None)
    assert ids(bo, "notifications") == told
    assert home(bo) == [today]
    assert bo.get("/api/v1/conversations").json() == []
    assert bo.get(f"/api/v1/statuses/{found[3]['id']}").status_code == 404  # nobody is mentioned
    # An answer to others is on no public page and not among what the profile shows first.
    assert found[5]["id"] not in ids(visitor, "timelines/public")
    assert found[5]["id"] not in ids(ada, f"accounts/{ada.id}/statuses", exclude_replies=True)
    assert ids(ada, "timelines/tag/wood") == [found[0]["id"]]
    history = ada.get("/api/v1/tags/wood").json()["history"]
    assert [day for day in history if day["uses"] != "0"] == []
    hits = ada.get("/api/v2/search", q="just you", type="statuses").json()["statuses"]
    assert [hit["id"] for hit in hits] == [found[3]["id"]]
    me = ada.get("/api/v1/accounts/verify_credentials").json()
    assert me["statuses_count"] == 6  # direct ones are not counted
    assert str(me["last_status_at"])[:4] != "2019"


@pytest.mark.parametrize("form", ["zip", "tar.gz", "in a folder"])
def test_the_same_archive_twice_adds_nothing(form: str, bringer: Bringer, png: bytes) -> None:
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "/cache/media_attachments/files/1/original/a.png",
        "name": "green",
        "focalPoint": [0.5, -0.25],
    }
    items = [note(n) for n in range(1, 5)] + [note(5, "look", attachment=[picture])]
    files = {"media_attachments/files/1/original/a.png": png}
    data = archive(items, files, "archive-2019/" if form == "in a folder" else "")
    if form == "tar.gz":
        data = as_tar(data)
    first = bringer.bring(data)
    assert (first.state, first.total, first.done, first.failed) == (State.DONE, 5, 5, 0)
    before = bringer.posts()
    assert len(before) == 5
    (shown,) = before[-1]["media_attachments"]
    assert shown["description"] == "green"
    assert shown["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert bringer.app.context.storage.find(first.key) is None
    again = bringer.take(data)
    seen = msgspec.json.decode(again.preview, type=Preview)
    assert (seen.posts, seen.known, seen.media, seen.missing) == (5, 5, 1, 0)
    bringer.app.db.write_now(actions.begin_import, bringer.member.account.id, again.id)
    bringer.run("importing.apply", again.id)
    assert bringer.posts() == before
    # What its author deletes is forgotten, and may be brought in anew.
    bringer.member.delete(f"/api/v1/statuses/{before[0]['id']}", delete_media=True)
    assert len(bringer.posts()) == 4
    bringer.bring(data)
    assert len(bringer.posts()) == 5


def test_posts_of_one_second_keep_their_order(bringer: Bringer) -> None:
    when = "2020-01-01T00:00:00Z"
    bringer.bring(archive([note(n, f"number {n}", published=when) for n in range(45)]))
    texts = [p["content"] for p in bringer.posts()]
    assert texts == [f"<p>number {n}</p>" for n in range(45)]


def test_whom_a_post_mentions_are_words(bringer: Bringer, bo: Any) -> None:
    html = (
        '<span class="h-card"><a href="https://old.example/@bo" class="u-url mention">@<span>bo'
        '</span></a></span> and <a class="mention" href="https://far.example/@cy">@<span>cy</span>'
        "</a>, see <a href='https://example.org/a?b=1'><span class='invisible'>https://</span>"
        "<span>example.org/a?b=1</span></a>"
    )
    tags = [
        {"type": "Mention", "href": "https://old.example/users/bo", "name": "@bo"},
        {"type": "Mention", "href": "https://far.example/users/cy", "name": "@cy@far.example"},
    ]
    bringer.bring(archive([note(1, html, tag=tags)]))
    (made,) = bringer.posts()
    source = bringer.member.get(f"/api/v1/statuses/{made['id']}/source").json()["text"]
    assert source == "@bo@old.example and @cy@far.example, see https://example.org/a?b=1"
    assert made["mentions"] == []
    assert bo.get("/api/v1/notifications").json() == []


def test_polls_come_with_their_outcome(bringer: Bringer, bo: Any) -> None:
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in (("Oak", 3), ("Ash", 5))
    ]
    question = note(1, "Which?", type="Question", oneOf=options, endTime="2099-01-01T00:00:00Z")
    question["object"]["votersCount"] = 8
    bringer.bring(archive([question]))
    (made,) = bringer.posts()
    poll = made["poll"]
    assert [(o["title"], o["votes_count"]) for o in poll["options"]] == [("Oak", 3), ("Ash", 5)]
    assert (poll["expired"], poll["voters_count"]) == (True, 8)
    assert bo.post(f"/api/v1/polls/{poll['id']}/votes", choices=[0]).status_code == 422


def test_an_edited_post_says_when(bringer: Bringer) -> None:
    items = [
        note(1, "last words", updated="2019-05-01T12:00:00Z"),
        note(2, updated="never"),
        note(3, updated="2999-01-01T00:00:00Z"),
        note(4, updated="2001-01-01T00:00:00Z"),
    ]
    bringer.bring(archive(items))
    edited, *others = bringer.posts()
    assert edited["edited_at"] == "2019-05-01T12:00:00.000Z"
    assert [each["edited_at"] for each in others] == [None] * 3
    (version,) = bringer.member.get(f"/api/v1/statuses/{edited['id']}/history").json()
    assert "last words" in version["content"]


@pytest.mark.parametrize("name", ["quote", "quoteUri", "quoteUrl", "_misskey_quote"])
def test_quotes_of_own_posts_are_quotes(name: str, bringer: Bringer, visitor: Any) -> None:
    far = "https://far.example/notes/9"
    link = '<p class="quote-inline">RE: <a href="{0}"><span>{0}</span></a></p>'
    own, hidden = f"{THERE}/statuses/1", f"{THERE}/statuses/2"
    items = [
        note(1, "quoted"),
        note(2, "for followers", to=[f"{THERE}/followers"], cc=[]),
        note(3, "my own", content=f"{link.format(own)}<p>my own</p>", **{name: own}),
        note(4, "theirs", content=f"{link.format(far)}<p>theirs</p>", **{name: far}),
        note(5, "not for all", **{name: hidden}),
        note(6, "not a link", **{name: "javascript:alert(1)"}),
    ]
    done = bringer.bring(archive(items))
    assert done.failed == 0
    quoted, _, quote, theirs, closed, broken = bringer.posts()
    assert quote["quote"]["quoted_status"]["id"] == quoted["id"]
    assert quote["quote"]["state"] == "accepted"
    assert quoted["quotes_count"] == 1

    def source(found: dict[str, Any]) -> str:
        made = bringer.member.get(f"/api/v1/statuses/{found['id']}/source")
        return str(made.json()["text"])

    assert source(quote) == "my own"
    # Of what cannot be quoted here, the address stands in the text.
    assert source(theirs) == f"theirs\n\n{far}"
    assert source(closed) == f"not for all\n\n{hidden}"
    assert source(broken) == "not a link"
    assert [each["quote"] for each in (theirs, closed, broken)] == [None] * 3
    seen = visitor.get(f"/api/v1/statuses/{quote['id']}").json()
    assert seen["quote"]["quoted_status"]["id"] == quoted["id"]
    bringer.member.delete(f"/api/v1/statuses/{quote['id']}")
    assert bringer.member.get(f"/api/v1/statuses/{quoted['id']}").json()["quotes_count"] == 0


@pytest.mark.parametrize("featured", [b"", b"{}", b'{"orderedItems":[1,{}]}', b"\xff"])
def test_pins_that_cannot_be_read_hold_nothing_up(featured: bytes, bringer: Bringer) -> None:
    done = bringer.bring(archive([note(1)], {"featured.json": featured}))
    assert (done.state, done.failed) == (State.DONE, 0)


def test_as_many_are_pinned_as_there_is_room(bringer: Bringer, bo: Any) -> None:
    direct = note(9, to=["https://far.example/users/x"], cc=[])
    uris = [f"{THERE}/statuses/{n}" for n in (9, *range(1, 8))] + ["https://far.example/1"]
    featured = json.dumps({"orderedItems": uris}).encode()
    data = archive([note(n) for n in range(1, 8)] + [direct], {"featured.json": featured})
    for _ in range(2):
        bringer.bring(data)
        pinned = [p["content"] for p in bringer.posts() if p["pinned"]]
        assert pinned == [f"<p>post {n}</p>" for n in range(1, 6)]


def test_a_title_is_part_of_the_text(bringer: Bringer) -> None:
    bringer.bring(archive([note(1, "and its body", type="Article", name="A title")]))
    (made,) = bringer.posts()
    assert made["content"] == "<p>A title</p><p>and its body</p>"


def test_a_warning_without_words_hides_the_picture(bringer: Bringer, png: bytes) -> None:
    picture = [{"type": "Document", "url": "media_attachments/a.png"}]
    item = note(1, content="", contentMap={}, summary="careful", attachment=picture)
    bringer.bring(archive([item], {"media_attachments/a.png": png}))
    (made,) = bringer.posts()
    assert (made["content"], made["sensitive"]) == ("<p>careful</p>", True)
    assert len(made["media_attachments"]) == 1


def test_media_that_cannot_stand_together_are_left_out_and_told(
    bringer: Bringer, png: bytes
) -> None:
    """The post stands with what fits, and what it answers counts it once."""
    files = {f"media_attachments/{n}.png": png for n in range(6)}
    files["media_attachments/film.mp4"] = film()
    answered = {"inReplyTo": f"{THERE}/statuses/1"}

    def shows(*names: str) -> list[dict[str, str]]:
        return [{"type": "Document", "url": f"media_attachments/{name}"} for name in names]

    items = [
        note(1),
        note(2, attachment=shows(*(f"{n}.png" for n in range(6))), **answered),
        note(3, attachment=shows("0.png", "film.mp4", "none.png"), **answered),
    ]
    made = bringer.bring(archive(items, files))
    found = bringer.posts()
    assert [len(p["media_attachments"]) for p in found] == [0, 4, 1]
    assert found[0]["replies_count"] == 2
    why = reasons(bringer.app.db, made.id)
    assert set(why) == {1, 2}
    assert "4.png" in why[1]
    assert "5.png" in why[1]
    assert "film.mp4: Cannot attach a video" in why[2]
    assert "none.png: It is not in the archive" in why[2]


def test_what_cannot_be_brought_in_is_told(bringer: Bringer, png: bytes) -> None:
    there = [{"type": "Document", "url": "media_attachments/files/no.png"}]
    broken = [{"type": "Document", "url": "media_attachments/files/bad.png"}]
    items: list[Any] = [
        note(1, "somebody else's", attributedTo="https://old.example/users/mallory"),
        note(2, published="yesterday"),
        note(3, published="2999-01-01T00:00:00Z"),
        note(4, "x" * 30_000),
        note(5, attachment=there),
        note(6, attachment=broken),
        note(7, "", content=""),
        {"type": "Delete", "object": "x"},
        None,
        42,
        "a\ud800text",
        note(8, "fine \ud800\u0000text"),
    ]
    made = bringer.bring(archive(items, {"media_attachments/files/bad.png": b"no picture"}))
    assert made.state == State.DONE
    assert [p["content"][:9] for p in bringer.posts()] == ["<p>post 5", "<p>post 6", "<p>fine ?"]
    why = reasons(bringer.app.db, made.id)
    assert set(why) == set(range(11))
    assert "somebody else's" in why[0]
    assert "no telling" in why[1]
    assert "future" in why[2]
    assert "longer" in why[3]
    assert "not in the archive" in why[4]
    assert "could not be verified" in why[5]
    assert (made.total, made.done, made.failed) == (12, 12, 11)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"no archive",
        archive([])[:-10],
        archive([], {"outbox.json": b"{}"}),
        gzip.compress(b"x" * 2000),
        as_tar(archive([note(1)]))[:-20],
    ],
    # Their bytes hold the moment at which they are made, which would be another test each time.
    ids=["nothing", "two letters", "words", "cut zip", "no profile", "one file", "cut tar"],
)
def test_a_file_that_is_no_archive_is_refused(data: bytes, bringer: Bringer) -> None:
    made = bringer.take(data)
    assert made.state == State.FAILED
    assert made.problem
    assert "Error" not in made.problem
    with pytest.raises(NotToBeStarted):
        bringer.app.db.write_now(actions.begin_import, bringer.member.account.id, made.id)


def test_an_archive_without_posts_or_profile_is_none(bringer: Bringer) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("../outbox.json", "{}")
        file.writestr("readme.txt", "hello")
    assert "no Mastodon archive" in bringer.take(made.getvalue()).problem


def test_a_bomb_is_refused(app: App, bringer: Bringer) -> None:
    few = msgspec.structs.replace(app.settings.portability, import_unpacked_bytes=2_000_000)
    app.context.settings = msgspec.structs.replace(app.settings, portability=few)
    bomb = archive([], {"media_attachments/zeros": bytes(3_000_000)})
    assert "more in this archive" in bringer.take(bomb).problem
    assert "more in this archive" in bringer.take(as_tar(bomb)).problem


def test_too_many_posts_are_refused(app: App, bringer: Bringer) -> None:
    few = msgspec.structs.replace(app.settings.portability, import_posts=3)
    app.context.settings = msgspec.structs.replace(app.settings, portability=few)
    assert "more than 3 posts" in bringer.take(archive([note(n) for n in range(5)])).problem


def test_an_archive_that_breaks_off_is_stopped_and_goes_on(bringer: Bringer) -> None:
    """What was read before the break is in; the member may try again."""
    whole = archive([note(n) for n in range(30)])
    made = bringer.take(whole)
    storage = bringer.app.context.storage
    storage.put(made.key, b"PK broken", mime="x")
    bringer.app.db.write_now(actions.begin_import, bringer.member.account.id, made.id)
    bringer.run("importing.apply", made.id)
    stopped = state(bringer.app.db, made.id)
    assert stopped.state == State.FAILED
    assert "did not arrive whole" in stopped.problem
    storage.put(made.key, whole, mime="x")
    bringer.app.db.write_now(actions.begin_import, bringer.member.account.id, made.id)
    bringer.run("importing.apply", made.id)
    assert state(bringer.app.db, made.id).state == State.DONE
    assert len(bringer.posts()) == 30


def test_a_crash_between_any_two_steps_is_made_good(
    bringer: Bringer, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROWS", 2)
    picture = [{"type": "Document", "url": "media_attachments/a.png"}]
    items = [note(n, attachment=picture if n % 2 else []) for n in range(1, 8)]
    made = bringer.take(archive(items, {"media_attachments/a.png": png}))
    db = bringer.app.db
    db.write_now(actions.begin_import, bringer.member.account.id, made.id)
    real, crashes = db.write, 0
    for step in range(1, 30):
        left = [step]

        async def dying(work: Any, *args: Any, left: list[int] = left, **kwargs: Any) -> Any:
            done = await real(work, *args, **kwargs)
            left[0] -= 1
            if not left[0]:
                raise ConnectionError
            return done

        monkeypatch.setattr(db, "write", dying)
        try:
            bringer.run("importing.apply", made.id)
        except ConnectionError:
            crashes += 1
        else:
            break
    assert crashes > 3
    done = state(db, made.id)
    assert (done.state, done.done, done.failed) == (State.DONE, 7, 0)
    found = bringer.posts()
    assert [p["content"] for p in found] == [f"<p>post {n}</p>" for n in range(1, 8)]
    assert [len(p["media_attachments"]) for p in found] == [1, 0] * 3 + [1]


def test_an_import_goes_with_its_account(bringer: Bringer, run_jobs: Run) -> None:
    from domain.posts.test_forgetting import traces
    from folkmoot.domain.auth.queries import get_user
    from folkmoot.domain.leaving.actions import ask_deletion

    app, ada = bringer.app, bringer.member
    bringer.bring(archive([note(1), note(2, published="never")]))
    bringer.take(archive([note(3)]))
    assert traces(app.db, THERE)
    app.db.write_now(ask_deletion, app.db.read_now(get_user, ada.account.id), days=0)
    run_jobs()
    assert traces(app.db, THERE) == []
    assert traces(app.db, ada.id) == []
    assert list(app.context.storage.list("imports")) == []


def test_what_nobody_asks_for_is_forgotten(
    bringer: Bringer, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bringer.take(archive([note(1)]))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 8 * clock.DAY)
    run_jobs()
    assert bringer.app.db.read_now(queries.find_import, made.id) is None
    assert list(bringer.app.context.storage.list("imports")) == []
