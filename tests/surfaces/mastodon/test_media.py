import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

import sample_media as samples
from folkmoot import wiring
from folkmoot.domain.media import actions, queries
from folkmoot.domain.media.model import READABLE_TYPES
from folkmoot.surfaces.app import App

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is missing")


def send(member: Any, data: bytes, path: str = "/api/v2/media", **fields: Any) -> Any:
    files = {"file": ("anything.bin", data, "application/octet-stream")}
    if "thumbnail" in fields:
        files["thumbnail"] = ("t", fields.pop("thumbnail"), "image/png")
    return member.request("POST", path, files=files, data=fields)


@pytest.fixture
def work(app: App) -> Callable[[], int]:
    return lambda: asyncio.run(wiring.build_worker(app).run_due())


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media", "/api/v2/media/"])
def test_a_picture(ada: Any, visitor: Any, path: str) -> None:
    answer = send(ada, samples.picture(), path, description="A wall", focus="0.5,-1")
    assert answer.status_code == 200
    made = answer.json()
    assert made["type"] == "image"
    assert made["description"] == "A wall"
    assert made["meta"] == {
        "focus": {"x": 0.5, "y": -1},
        "original": {"width": 900, "height": 600, "size": "900x600", "aspect": 1.5},
        "small": {"width": 587, "height": 391, "size": "587x391", "aspect": 587 / 391},
    }
    assert made["url"].startswith("http://127.0.0.1:8080/media/attachments/")
    assert len(made["blurhash"]) > 20
    assert {"remote_url", "preview_remote_url", "text_url"} <= made.keys()
    for name in ("url", "preview_url"):
        shown = visitor.get(made[name].removeprefix("http://127.0.0.1:8080"))
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "image/jpeg"
        assert samples.opened(shown.content).format == "JPEG"
    again = ada.get(f"/api/v1/media/{made['id']}")
    assert (again.status_code, again.json()) == (200, made)


@needs_ffmpeg
def test_a_film_takes_its_time(ada: Any, work: Any) -> None:
    answer = send(ada, samples.film())
    assert answer.status_code == 202
    begun = answer.json()
    assert (begun["type"], begun["url"], begun["preview_url"]) == ("video", None, None)
    waiting = ada.get(f"/api/v1/media/{begun['id']}")
    assert (waiting.status_code, waiting.json()["url"]) == (206, None)
    work()
    answer = ada.get(f"/api/v1/media/{begun['id']}")
    assert answer.status_code == 200
    made = answer.json()
    assert made["url"].endswith(".mp4")
    assert made["preview_url"].endswith(".jpg")
    meta = made["meta"]
    assert meta["length"].startswith("0:00:01.0")
    assert (meta["fps"], meta["size"], meta["width"]) == (24, "320x180", 320)
    assert meta["aspect"] == pytest.approx(16 / 9)
    assert meta["audio_encode"] == "aac (LC)"
    assert (meta["audio_bitrate"], meta["audio_channels"]) == ("44100 Hz", "mono")
    assert meta["original"]["frame_rate"] == "24/1"
    assert meta["original"]["bitrate"] > 0
    assert meta["small"]["size"] == "320x180"


@needs_ffmpeg
def test_a_film_sent_to_v1_is_ready(ada: Any) -> None:
    answer = send(ada, samples.film(), "/api/v1/media")
    assert answer.status_code == 200
    assert answer.json()["url"].endswith(".mp4")


@needs_ffmpeg
def test_a_moving_picture(ada: Any) -> None:
    made = send(ada, samples.moving(), "/api/v1/media").json()
    assert made["type"] == "gifv"
    assert made["url"].endswith(".mp4")
    assert "audio_encode" not in made["meta"]
    assert made["meta"]["fps"] == 10


@needs_ffmpeg
def test_a_sound_with_a_picture_of_ones_own(ada: Any) -> None:
    plain = send(ada, samples.sound(), "/api/v1/media").json()
    assert (plain["type"], plain["preview_url"], plain["blurhash"]) == ("audio", None, None)
    assert plain["meta"]["original"].keys() == {"duration", "bitrate"}
    assert "size" not in plain["meta"]
    cover = samples.picture("PNG", (100, 100))
    covered = send(ada, samples.sound(), "/api/v1/media", thumbnail=cover).json()
    assert covered["meta"]["small"]["size"] == "100x100"
    assert covered["preview_url"]


@needs_ffmpeg
def test_what_cannot_be_processed(ada: Any, work: Any) -> None:
    begun = send(ada, samples.film()[:2000]).json()
    work()
    answer = ada.get(f"/api/v1/media/{begun['id']}")
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Error processing uploaded media: ")


def test_changing_what_is_said(ada: Any) -> None:
    made = send(ada, samples.picture(), description="old").json()
    changed = ada.put(f"/api/v1/media/{made['id']}", description="new", focus="0,1").json()
    assert changed["description"] == "new"
    assert changed["meta"]["focus"] == {"x": 0, "y": 1}
    kept = ada.put(f"/api/v1/media/{made['id']}", focus="1,0").json()
    assert kept["description"] == "new"
    assert ada.put(f"/api/v1/media/{made['id']}", description="").json()["description"] is None
    thumbnail = {"thumbnail": ("t.png", samples.picture("PNG", (64, 64)), "image/png")}
    given = ada.request("PUT", f"/api/v1/media/{made['id']}", files=thumbnail).json()
    assert given["meta"]["small"]["size"] == "64x64"
    assert given["preview_url"] != made["preview_url"]


def test_an_edit_gives_a_picture_another_preview(ada: Any, visitor: Any) -> None:
    made = send(ada, samples.picture(), description="old").json()
    status = ada.post("/api/v1/statuses", status="look", media_ids=[made["id"]]).json()
    path = f"/api/v1/statuses/{status['id']}"
    cover = base64.b64encode(samples.picture("PNG", (64, 32))).decode()
    said = {"id": made["id"], "description": "new", "focus": "0,1"}
    said["thumbnail"] = f"data:image/png;base64,{cover}"
    asked = {"status": "look", "media_ids": [made["id"]], "media_attributes": [said]}
    (edited,) = ada.put(path, **asked).json()["media_attachments"]
    assert (edited["description"], edited["meta"]["focus"]) == ("new", {"x": 0, "y": 1})
    assert edited["meta"]["small"]["size"] == "64x32"
    assert edited["preview_url"] != made["preview_url"]
    (shown,) = visitor.get(path).json()["media_attachments"]
    assert shown["preview_url"] == edited["preview_url"]
    for broken in ("nonsense", "data:image/png;base64,?", "data:image/png;base64,AAAA"):
        said["thumbnail"] = broken
        assert ada.put(path, **asked).status_code == 422
    (kept,) = visitor.get(path).json()["media_attachments"]
    assert kept["preview_url"] == edited["preview_url"]


def test_deleting(ada: Any, bo: Any, app: App) -> None:
    made = send(ada, samples.picture()).json()
    path = f"/api/v1/media/{made['id']}"
    assert bo.delete(path).status_code == 404
    assert (ada.delete(path).status_code, ada.get(path).status_code) == (200, 404)
    used = send(ada, samples.picture()).json()
    app.db.write_now(actions.attach_media, ada.account.id, [int(used["id"])], post_id=5)
    refused = ada.delete(f"/api/v1/media/{used['id']}")
    assert refused.status_code == 422
    assert "currently used by a status" in refused.json()["error"]
    assert ada.put(f"/api/v1/media/{used['id']}", description="x").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"focus": "middle"}, "Focus must be"),
        ({"description": "x" * 1501}, "maximum is 1500"),
    ],
)
def test_refusals(ada: Any, fields: dict[str, str], sentence: str) -> None:
    answer = send(ada, samples.picture(), **fields)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]


def test_refused_files(ada: Any) -> None:
    for data in (b"", b"<script>", b"GIF89a"):
        answer = send(ada, data)
        assert answer.status_code == 422
        assert len(answer.json()["error"].split()) > 3
    assert ada.post("/api/v2/media").status_code == 422
    assert ada.request("POST", "/api/v2/media", data={"file": "text"}).status_code == 422
    broken = send(ada, samples.picture(), thumbnail=b"no picture")
    assert broken.status_code == 422


def test_large_files_are_read(ada: Any) -> None:
    made = send(ada, samples.picture() + bytes(12_000_000))
    assert made.status_code == 200


def test_too_large_files_are_refused_whether_they_say_so_or_not(ada: Any) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'

    async def endless() -> AsyncIterator[bytes]:
        yield head
        for _ in range(110):
            yield bytes(1_000_000)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    silent = ada.request("POST", "/api/v2/media", headers=kind, content=endless())
    honest = {**kind, "Content-Length": "200000000"}
    said = ada.request("POST", "/api/v2/media", headers=honest, content=head)
    for answer in (silent, said):
        assert answer.status_code == 422
        assert "too large" in answer.json()["error"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=x", b"not a form"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: nothing\r\n\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            (
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
                b"Content-Type: text/plain; charset=klingon\r\n\r\nx\r\n--x--\r\n"
            ),
        ),
    ],
)
def test_broken_forms_are_refused_in_a_sentence(ada: Any, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind}
    answer = ada.request("POST", "/api/v2/media", headers=headers, content=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


def test_who_may(visitor: Any, join: Callable[..., Any], ada: Any, bo: Any) -> None:
    made = send(ada, samples.picture()).json()
    assert send(visitor, samples.picture()).status_code == 401
    assert send(join("narrow", scopes="read"), samples.picture()).status_code == 403
    assert bo.get(f"/api/v1/media/{made['id']}").status_code == 404
    assert ada.get("/api/v1/media/1").status_code == 404
    assert ada.get("/api/v1/media/abc").status_code == 404


def test_a_post_shows_its_media_and_takes_them_along(
    ada: Any, visitor: Any, app: App, work: Callable[[], int]
) -> None:
    made = send(ada, samples.picture(), description="A wall").json()
    post = ada.post("/api/v1/statuses", status="look", media_ids=[made["id"]]).json()
    assert post["media_attachments"] == [made]
    shown = visitor.get(f"/api/v1/statuses/{post['id']}").json()
    assert shown["media_attachments"] == [made]
    address = made["url"].removeprefix("http://127.0.0.1:8080")
    assert visitor.get(address).status_code == 200
    ada.delete(f"/api/v1/statuses/{post['id']}", delete_media="true")
    work()
    assert visitor.get(address).status_code == 404
    assert app.db.read_now(queries.find_attachment, int(made["id"])) is None


@needs_ffmpeg
def test_a_post_takes_no_unfinished_media(ada: Any) -> None:
    film = send(ada, samples.film()).json()
    answer = ada.post("/api/v1/statuses", status="look", media_ids=[film["id"]])
    assert answer.status_code == 422
    assert "not finished processing" in answer.json()["error"]


def test_the_limits_an_instance_shows(visitor: Any) -> None:
    shown = visitor.get("/api/v2/instance").json()["configuration"]["media_attachments"]
    assert shown["image_size_limit"] == 16 * 1024 * 1024
    assert shown["description_limit"] == 1500
    assert "image/avif" in shown["supported_mime_types"]
    assert len(set(READABLE_TYPES)) == len(READABLE_TYPES)
