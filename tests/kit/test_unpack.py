"""Archives of strangers: read by name, bounded, and never trusted with a path."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from folkmoot.kit.unpack import (
    ArchiveTooLarge,
    ArchiveUnreadable,
    Bounds,
    NotInArchive,
    open_archive,
)

FILES = {"outbox.json": b"{}", "media/a.png": b"picture" * 100, "d" * 120 + "/b.txt": b"long"}
ROOMY = Bounds(unpacked_bytes=1_000_000)
Pack = Callable[[dict[str, bytes]], bytes]


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def gzipped(files: dict[str, bytes]) -> bytes:
    return gzip.compress(tarred(files))


def look(data: bytes, folder: Path, bounds: Bounds = ROOMY) -> dict[str, bytes]:
    file = folder / "archive"
    file.write_bytes(data)
    found = {}
    with open_archive(file, bounds, folder) as archive:
        for name in archive.sizes:
            with archive.open(name) as each:
                found[name] = each.read()
        with pytest.raises(NotInArchive):
            archive.open("../secret")
    return found


@pytest.mark.parametrize("pack", [zipped, tarred, gzipped])
def test_what_is_in_it_is_found(pack: Pack, tmp_path: Path) -> None:
    assert look(pack(FILES), tmp_path) == FILES


@pytest.mark.parametrize("pack", [zipped, tarred, gzipped])
def test_names_that_lead_elsewhere_are_not_there(pack: Pack, tmp_path: Path) -> None:
    hostile = {"../up": b"x", "/etc/passwd": b"x", "a/../../b": b"x", "a\\b": b"x", "fine": b"y"}
    assert look(pack(hostile), tmp_path) == {"fine": b"y"}
    assert {file.name for file in tmp_path.iterdir()} <= {"archive", "plain.tar"}


def test_links_and_devices_are_not_there(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        fine = tarfile.TarInfo("fine")
        fine.size = 1
        archive.addfile(fine, io.BytesIO(b"y"))
    assert look(made.getvalue(), tmp_path) == {"fine": b"y"}


@pytest.mark.parametrize("pack", [zipped, gzipped])
def test_a_bomb_is_too_large(pack: Pack, tmp_path: Path) -> None:
    bomb = pack({"zeros": bytes(3_000_000)})
    assert len(bomb) < 20_000
    with pytest.raises(ArchiveTooLarge):
        look(bomb, tmp_path)


def test_a_zip_that_lies_about_sizes_gives_no_more_than_it_says(tmp_path: Path) -> None:
    data = bytearray(zipped({"zeros": bytes(2_000_000)}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(ArchiveUnreadable):  # the checksum of what was said is another
        look(bytes(data), tmp_path)


def test_a_directory_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": b"b"}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (200_000_000).to_bytes(4, "little")
    with pytest.raises(ArchiveTooLarge):
        look(bytes(data), tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"PK", b"hello", b"\x1f\x8b", b"\x1f\x8b" + bytes(100), zipped(FILES)[:-30]),
        *(gzipped(FILES)[:-50], tarred(FILES)[:700], b"x" * 2048, bytes(2048)),
    ],
)
def test_what_is_broken_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable):
        look(data, tmp_path)


def test_encrypted_files_are_not_there(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": b"b"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert look(bytes(data), tmp_path) == {}
