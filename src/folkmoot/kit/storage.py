"""Where files are kept: one way to put, read, list and delete them, in a local folder or in an
S3 store (`storage_s3`). A key is a short path of plain names; what is served under one
never changes.

Everything here waits for a disk or a network: call it from a thread, never in a transaction.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

import msgspec

from folkmoot.kit.errors import NotFound
from folkmoot.kit.settings import Settings

Content = bytes | Path | IO[bytes]
"""What can be kept: bytes, a file by its path, or an open file from where it stands."""
CHUNK_BYTES = 256 * 1024
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*(?:/[a-z0-9][a-z0-9_.-]*)*")
_KEY_CHARS = 200
# Tries to rename while others prune the folder; each of them can spoil a try or two.
_MOVES = 20


class NoSuchFile(NotFound):
    """This file is not there"""


class BadKey(ValueError):
    """A key that no part of the program should have made."""


class Stored(msgspec.Struct, frozen=True):
    """A file that is there; `modified_at` in milliseconds."""

    key: str
    size: int
    modified_at: int


class Storage(Protocol):
    """What every kind of store does."""

    def put(self, key: str, content: Content, *, mime: str) -> None:
        """Keeps the content under the key: after a return durably, after an error not at all."""

    def find(self, key: str) -> Stored | None:
        """What is kept under the key, without reading it."""

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to but not including `end`, in chunks; or NoSuchFile."""

    def get(self, key: str) -> bytes:
        """All of it; or NoSuchFile."""

    def delete(self, keys: Iterable[str]) -> None:
        """Removes these files; those that are gone already are fine."""

    def list(self, prefix: str = "") -> Iterator[Stored]:
        """Everything whose key lies below the folder `prefix`, in no particular order."""

    def local_path(self, key: str) -> Path | None:
        """Where the file lies on this machine; None for a store that is elsewhere."""


def open_storage(settings: Settings) -> Storage:
    """The store of an instance. The library for S3 is loaded only where S3 is used."""
    media = settings.media
    if media.backend == "local":
        return LocalFolder(media.folder)
    from folkmoot.kit.storage_s3 import S3Bucket

    return S3Bucket(
        bucket=media.s3_bucket,
        endpoint=media.s3_endpoint,
        region=media.s3_region,
        access_key=media.s3_access_key,
        secret_key=media.s3_secret_key,
    )


def is_key(text: str) -> bool:
    """Whether a text could be a key: no step upwards, no hidden name, nothing to escape."""
    return len(text) <= _KEY_CHARS and _KEY.fullmatch(text) is not None


def checked(key: str) -> str:
    """The key itself, or BadKey."""
    if not is_key(key):
        raise BadKey(key)
    return key


class LocalFolder:
    """A folder. New files are written aside, flushed to the disk, then moved into place."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._aside = self._root / ".incoming"

    def put(self, key: str, content: Content, *, mime: str) -> None:
        del mime  # the server tells the type by the key's suffix
        target = self._root / checked(key)
        self._aside.mkdir(parents=True, exist_ok=True)
        aside = self._aside / secrets.token_hex(16)
        try:
            with aside.open("xb") as file:
                _fill(file, content)
            _move(aside, target)
        finally:
            aside.unlink(missing_ok=True)

    def find(self, key: str) -> Stored | None:
        if not is_key(key):
            return None
        try:
            status = (self._root / key).stat()
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        return Stored(key, status.st_size, status.st_mtime_ns // 1_000_000)

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return _chunks(self._open(key), start, end)

    def get(self, key: str) -> bytes:
        with self._open(key) as file:
            return file.read()

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            path = self._root / checked(key)
            path.unlink(missing_ok=True)
            self._prune(path.parent)

    def list(self, prefix: str = "") -> Iterator[Stored]:
        below = self._root / checked(prefix) if prefix else self._root
        for folder, folders, names in os.walk(below):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                found = self.find(str((Path(folder) / name).relative_to(self._root)))
                if found is not None:
                    yield found

    def local_path(self, key: str) -> Path | None:
        return self._root / checked(key)

    def _open(self, key: str) -> IO[bytes]:
        try:
            return (self._root / key).open("rb") if is_key(key) else _missing()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return _missing()

    def _prune(self, folder: Path) -> None:
        """Empty folders go too, up to the root; one that is not empty refuses by itself."""
        while folder != self._root:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _missing() -> IO[bytes]:
    raise NoSuchFile


def _fill(file: IO[bytes], content: Content) -> None:
    if isinstance(content, bytes):
        file.write(content)
    elif isinstance(content, Path):
        with content.open("rb") as source:
            shutil.copyfileobj(source, file, CHUNK_BYTES)
    else:
        shutil.copyfileobj(content, file, CHUNK_BYTES)
    file.flush()
    os.fsync(file.fileno())


def _move(aside: Path, target: Path) -> None:
    """Renames within one file system; again when a deletion pruned the folder meanwhile."""
    for attempt in range(_MOVES):
        try:
            # mkdir itself says FileExistsError when the folder goes between its two looks.
            target.parent.mkdir(parents=True, exist_ok=True)
            aside.replace(target)
        except (FileNotFoundError, FileExistsError):
            if attempt == _MOVES - 1:
                raise
        else:
            break
    # The name is durable only when the folder that holds it is.
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _chunks(file: IO[bytes], start: int, end: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = None if end is None else max(0, end - start)
        while left is None or left:
            chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk
