import io
from typing import Any

import pytest
from PIL import Image

from folkmoot.kit.storage import Storage
from folkmoot.surfaces.app import App

KEY = "attachments/0ff/123-00aa11bb.mp4"
DATA = bytes(range(256)) * 4000


@pytest.fixture
def storage(app: App) -> Storage:
    made = app.context.storage
    made.put(KEY, DATA, mime="video/mp4")
    return made


def test_a_whole_file(storage: Storage, visitor: Any) -> None:
    answer = visitor.get(f"/media/{KEY}")
    assert (answer.status_code, answer.content) == (200, DATA)
    headers = answer.headers
    assert headers["content-type"] == "video/mp4"
    assert headers["content-length"] == str(len(DATA))
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["etag"] == '"00aa11bb"'
    assert headers["accept-ranges"] == "bytes"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["access-control-allow-origin"] == "*"


def test_its_headers_alone(storage: Storage, visitor: Any) -> None:
    answer = visitor.request("HEAD", f"/media/{KEY}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(DATA))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=300000-700000", 300_000, 700_001),
        ("bytes=1023990-", 1_023_990, 1_024_000),
        ("bytes=-10", 1_023_990, 1_024_000),
        ("bytes=5-99999999", 5, 1_024_000),
    ],
)
def test_ranges(storage: Storage, visitor: Any, asked: str, start: int, end: int) -> None:
    answer = visitor.request("GET", f"/media/{KEY}", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == DATA[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(DATA)}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked",
    ["bytes=1-2,4-5", "lines=1-2", "bytes=abc", "bytes=-", "bytes=9-3", "bytes=", "bytes=²-3"],
)
def test_odd_ranges_are_answered_whole(storage: Storage, visitor: Any, asked: str) -> None:
    headers = {"Range": asked.encode()}
    answer = visitor.request("GET", f"/media/{KEY}", headers=headers)
    assert (answer.status_code, len(answer.content)) == (200, len(DATA))


@pytest.mark.parametrize("asked", ["bytes=1024000-", "bytes=99999999-", "bytes=-0"])
def test_ranges_beyond_the_end(storage: Storage, visitor: Any, asked: str) -> None:
    answer = visitor.request("GET", f"/media/{KEY}", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


def test_validators(storage: Storage, visitor: Any) -> None:
    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return int(visitor.request("GET", f"/media/{KEY}", headers=named).status_code)

    assert status(If_None_Match='"00aa11bb"') == 304
    assert status(If_None_Match='"x", W/"00aa11bb"') == 304
    assert status(If_None_Match="*") == 304
    assert status(If_None_Match='"other"') == 200
    assert status(Range="bytes=0-1", If_Range='"00aa11bb"') == 206
    assert status(Range="bytes=0-1", If_Range='"other"') == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/attachments/000/1-ff.mp4",
        "/media/../folkmoot.db",
        "/media/..%2ffolkmoot.db",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media//etc/passwd.jpg",
        "/media/.incoming/x.jpg",
        "/media/",
        "/media",
        "/media/attachments",
        "/media/attachments/0ff/123-00aa11bb.html",
    ],
)
def test_what_is_not_there(storage: Storage, visitor: Any, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_uploads_as_they_came_are_shown_to_nobody(storage: Storage, visitor: Any) -> None:
    storage.put("uploads/0ff/123-cc.mp4", DATA, mime="video/mp4")
    assert visitor.get("/media/uploads/0ff/123-cc.mp4").status_code == 404


def test_files_are_only_read(storage: Storage, visitor: Any) -> None:
    assert visitor.request("POST", f"/media/{KEY}").status_code in (404, 405)
    assert storage.get(KEY) == DATA


def test_an_empty_file(storage: Storage, visitor: Any) -> None:
    storage.put("attachments/0ff/124-dd.jpg", b"", mime="image/jpeg")
    answer = visitor.get("/media/attachments/0ff/124-dd.jpg")
    assert (answer.status_code, answer.content) == (200, b"")


def test_who_chose_no_picture_has_one(ada: Any, bo: Any, visitor: Any) -> None:
    shown = visitor.get(f"/api/v1/accounts/{ada.id}").json()
    for name, size in (("avatar", (400, 400)), ("header", (1500, 500))):
        assert shown[name] == shown[f"{name}_static"]
        answer = visitor.get(shown[name].removeprefix("http://127.0.0.1:8080"))
        assert answer.headers["content-type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.content)).size == size
        condition = {"If-None-Match": answer.headers["etag"]}
        again = visitor.request("GET", answer.request.url.path, headers=condition)
        assert again.status_code == 304


@pytest.mark.parametrize("name", ["avatar-150.jpg", "avatar--1.jpg", "avatar-01.jpg", "x.jpg", ""])
def test_other_pictures_are_not_drawn(visitor: Any, name: str) -> None:
    assert visitor.get(f"/pictures/{name}").status_code == 404
