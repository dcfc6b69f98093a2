"""Archives that strangers sent, zip or tar, packed by gzip or not: read in place, never unpacked
to names they chose. What is in them is known by name, and bounded before anything is read.
"""

import gzip
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, Self, cast

import msgspec

from folkmoot.kit.errors import Invalid

_ENTRIES = 200_000
_DIRECTORY_BYTES = 48 * 1024 * 1024
_CHUNK = 256 * 1024
_BLOCK = 512
_LONG_NAME = 4_096
_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT_BYTES = 65_535
_ENCRYPTED = 0x1


class ArchiveUnreadable(Invalid):
    """This is no zip or tar.gz file, or it did not arrive whole"""


class ArchiveTooLarge(Invalid):
    """There is more in this archive than this server takes in"""


class NotInArchive(Invalid):
    """This file is not in the archive"""


class Archive(Protocol):
    """The files in an archive; `sizes` in bytes by name."""

    sizes: dict[str, int]

    def open(self, name: str) -> IO[bytes]:
        """A file to be read from its beginning to its end; NotInArchive."""


class Bounds(msgspec.Struct, frozen=True):
    """How much may be in an archive."""

    unpacked_bytes: int


@contextmanager
def open_archive(path: Path, bounds: Bounds, workdir: Path) -> Iterator[Archive]:
    """The archive in a file; ArchiveUnreadable or ArchiveTooLarge. Files are kept in `workdir`
    only where gzip must be undone to find anything in a tar."""
    with path.open("rb") as file:
        head = file.read(4)
        if head[:2] == b"PK":
            _check_directory(file)
            with _opened_zip(file) as found:
                try:
                    yield _Zip(found, bounds)
                except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                    raise ArchiveUnreadable from error
            return
        if head[:2] != b"\x1f\x8b":
            yield _Tar(file, bounds)
            return
    plain = workdir / "plain.tar"
    _gunzip(path, plain, bounds)
    with plain.open("rb") as file:
        yield _Tar(file, bounds)


def is_plain_name(name: str) -> bool:
    """Whether a name leads nowhere but down."""
    return not (
        name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or not name
    )


def _opened_zip(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ArchiveUnreadable from error


def _check_directory(file: IO[bytes]) -> None:
    """The directory is read whole; its size stands at the end of the file (APPNOTE, 4.3.16)."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise ArchiveUnreadable
    entries, length = (
        int.from_bytes(tail[at + 10 : at + 12], "little"),
        int.from_bytes(tail[at + 12 : at + 16], "little"),
    )
    # With more than 65,534 entries the numbers stand elsewhere, and the directory is long.
    if length > _DIRECTORY_BYTES or entries == 0xFFFF:
        raise ArchiveTooLarge
    file.seek(0)


class _Zip:
    def __init__(self, found: zipfile.ZipFile, bounds: Bounds) -> None:
        self._zip = found
        self._by_name = {
            info.filename: info
            for info in found.infolist()
            if is_plain_name(info.filename)
            and not info.is_dir()
            and info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            and not info.flag_bits & _ENCRYPTED
        }
        self.sizes = {name: info.file_size for name, info in self._by_name.items()}
        if sum(self.sizes.values()) > bounds.unpacked_bytes:
            raise ArchiveTooLarge

    def open(self, name: str) -> IO[bytes]:
        if name not in self._by_name:
            raise NotInArchive
        return self._zip.open(self._by_name[name])


class _Tar:
    """Only plain files count: links, devices and folders are passed over."""

    def __init__(self, file: IO[bytes], bounds: Bounds) -> None:
        self._file = file
        self._at: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        self._whole = file.seek(0, os.SEEK_END)
        if self._whole > bounds.unpacked_bytes:
            raise ArchiveTooLarge
        self._read_headers()
        if not self._at:
            raise ArchiveUnreadable

    def _read_headers(self) -> None:
        at, long_name, count = 0, "", 0
        while at + _BLOCK <= self._whole:
            self._file.seek(at)
            block = self._file.read(_BLOCK)
            if not block.strip(b"\0"):
                return
            try:
                info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            except tarfile.HeaderError as error:
                raise ArchiveUnreadable from error
            start = at + _BLOCK
            if info.size < 0 or start + info.size > self._whole:
                raise ArchiveUnreadable
            count += 1
            if count > _ENTRIES:
                raise ArchiveTooLarge
            if info.type == tarfile.GNUTYPE_LONGNAME and info.size <= _LONG_NAME:
                long_name = self._file.read(info.size).rstrip(b"\0").decode("utf-8", "replace")
            elif info.type in tarfile.REGULAR_TYPES:
                name = (long_name or info.name).removeprefix("./")
                if is_plain_name(name):
                    self._at[name], self.sizes[name] = start, info.size
                long_name = ""
            at = start + -(-info.size // _BLOCK) * _BLOCK
        if at != self._whole:
            raise ArchiveUnreadable

    def open(self, name: str) -> IO[bytes]:
        if name not in self._at:
            raise NotInArchive
        return cast("IO[bytes]", _Stretch(self._file, self._at[name], self.sizes[name]))


class _Stretch:
    """A part of a file that reads like one."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._end = start + size

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """The file belongs to who opened the archive."""


def _gunzip(path: Path, target: Path, bounds: Bounds) -> None:
    left = bounds.unpacked_bytes
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise ArchiveTooLarge
                plain.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and shutil.disk_usage(target.parent).free < _CHUNK:
            raise
        raise ArchiveUnreadable from error
