import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from folkmoot.kit.settings import Media, Settings
from folkmoot.kit.storage import BadKey, LocalFolder, NoSuchFile, Storage, is_key, open_storage

KEYS = {"access_key": "key", "secret_key": "secret", "region": "us-east-1"}


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "local":
        return open_storage(Settings(media=Media(folder=tmp_path / "media")))
    return open_storage(
        Settings(
            media=Media(
                backend="s3",
                s3_bucket=request.getfixturevalue("bucket"),
                s3_endpoint=request.getfixturevalue("s3_endpoint"),
                s3_access_key="key",
                s3_secret_key="secret",
            )
        )
    )


def test_what_was_put_is_there(storage: Storage, tmp_path: Path) -> None:
    storage.put("a/b/one.jpg", b"one", mime="image/jpeg")
    source = tmp_path / "two"
    source.write_bytes(b"two!")
    storage.put("a/two.mp4", source, mime="video/mp4")
    with source.open("rb") as file:
        storage.put("a/three.mp4", file, mime="video/mp4")
    assert storage.get("a/three.mp4") == b"two!"
    with tempfile.SpooledTemporaryFile() as spooled:
        spooled.write(b"four")
        spooled.seek(0)
        storage.put("a/four.mp4", spooled, mime="video/mp4")
    assert storage.get("a/four.mp4") == b"four"
    assert storage.get("a/b/one.jpg") == b"one"
    assert b"".join(storage.read("a/two.mp4")) == b"two!"
    found = storage.find("a/two.mp4")
    assert found is not None
    assert found.size == 4
    assert abs(found.modified_at / 1000 - time.time()) < 60
    assert source.exists()


def test_putting_again_replaces(storage: Storage) -> None:
    storage.put("a/x.png", b"old and long", mime="image/png")
    storage.put("a/x.png", b"new", mime="image/png")
    assert storage.get("a/x.png") == b"new"


def test_large_files_are_read_in_chunks_and_ranges(storage: Storage, tmp_path: Path) -> None:
    data = os.urandom(7_000_000)
    (tmp_path / "large").write_bytes(data)
    storage.put("large.mp4", tmp_path / "large", mime="video/mp4")
    chunks = list(storage.read("large.mp4"))
    assert len(chunks) > 3
    assert b"".join(chunks) == data
    assert b"".join(storage.read("large.mp4", start=6_999_990)) == data[-10:]
    assert b"".join(storage.read("large.mp4", start=100, end=900_000)) == data[100:900_000]
    assert b"".join(storage.read("large.mp4", start=5, end=5)) == b""


def test_an_empty_file(storage: Storage) -> None:
    storage.put("empty.bin", b"", mime="application/octet-stream")
    assert storage.get("empty.bin") == b""
    assert list(storage.read("empty.bin")) == []
    found = storage.find("empty.bin")
    assert found is not None
    assert found.size == 0


def test_what_is_not_there(storage: Storage) -> None:
    assert storage.find("no/such.jpg") is None
    with pytest.raises(NoSuchFile):
        storage.get("no/such.jpg")
    with pytest.raises(NoSuchFile):
        storage.read("no/such.jpg")
    storage.put("folder/file.jpg", b"x", mime="image/jpeg")
    assert storage.find("folder") is None
    with pytest.raises(NoSuchFile):
        storage.get("folder")


def test_deleting_one_and_many(storage: Storage) -> None:
    keys = [f"d/{number}/f.jpg" for number in range(30)]
    for key in keys:
        storage.put(key, b"x", mime="image/jpeg")
    storage.delete([*keys[:29], "d/never/was.jpg"])
    assert [storage.find(key) is None for key in keys] == [True] * 29 + [False]
    storage.delete([])
    storage.delete(keys)
    assert list(storage.list()) == []


def test_listing_by_folder(storage: Storage) -> None:
    for key in ("a/1.jpg", "a/b/2.jpg", "ab/3.jpg", "c.jpg"):
        storage.put(key, key.encode(), mime="image/jpeg")
    assert sorted(found.key for found in storage.list()) == [
        "a/1.jpg",
        "a/b/2.jpg",
        "ab/3.jpg",
        "c.jpg",
    ]
    assert {found.key: found.size for found in storage.list("a")} == {"a/1.jpg": 7, "a/b/2.jpg": 9}
    assert list(storage.list("nothing")) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "a/",
        ".incoming/x",
        "a/.b",
        "a\\b",
        "a b",
        "a\0b",
        "a%2e%2e",
        "Ä",
        "UPPER",
        "x" * 201,
        "a\n",
    ],
)
def test_keys_lead_nowhere_else(storage: Storage, key: str) -> None:
    assert not is_key(key)
    with pytest.raises(BadKey):
        storage.put(key, b"x", mime="image/jpeg")
    with pytest.raises(BadKey):
        storage.delete([key])
    assert storage.find(key) is None
    with pytest.raises(NoSuchFile):
        storage.get(key)
    with pytest.raises(NoSuchFile):
        storage.read(key)


def test_s3_files_carry_their_type_and_age(s3_endpoint: str, bucket: str) -> None:
    import boto3

    from folkmoot.kit.storage_s3 import S3Bucket

    S3Bucket(bucket=bucket, endpoint=s3_endpoint, **KEYS).put("x.webp", b"x", mime="image/webp")
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    head = client.head_object(Bucket=bucket, Key="x.webp")
    assert head["ContentType"] == "image/webp"
    assert "immutable" in head["CacheControl"]


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalFolder(tmp_path / "media")
    storage.put("a/x.jpg", b"old", mime="image/jpeg")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.put("a/x.jpg", b"new", mime="image/jpeg")
    assert storage.get("a/x.jpg") == b"old"
    assert list((tmp_path / "media" / ".incoming").iterdir()) == []


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    storage = LocalFolder(tmp_path / "media")
    versions = {bytes([number]) * 400_000 for number in range(4)}
    seen: set[bytes] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            if storage.find("f.bin"):
                seen.add(storage.get("f.bin"))

    thread = threading.Thread(target=look)
    thread.start()
    for _ in range(5):
        for version in versions:
            storage.put("f.bin", version, mime="application/octet-stream")
    stop.set()
    thread.join()
    assert seen
    assert seen <= versions


def test_putting_and_pruning_at_once(tmp_path: Path) -> None:
    storage = LocalFolder(tmp_path / "media")
    problems: list[Exception] = []

    def churn(name: str) -> None:
        try:
            for _ in range(150):
                storage.put(f"deep/er/{name}.jpg", b"x", mime="image/jpeg")
                storage.delete([f"deep/er/{name}.jpg"])
        except Exception as problem:  # noqa: BLE001 - kept for the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=churn, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert list(storage.list()) == []
    assert not (tmp_path / "media" / "deep").exists()


def test_the_library_for_s3_is_not_loaded_for_a_local_folder(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from folkmoot.kit.storage import open_storage\n"
        "from folkmoot.kit.settings import Settings\n"
        "open_storage(Settings())\n"
        "sys.exit('obstore' in sys.modules)"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(source)}, cwd=tmp_path, check=False
    )
    assert done.returncode == 0
