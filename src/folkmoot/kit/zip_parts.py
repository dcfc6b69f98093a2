"""A zip file written in parts, each durable by itself: laid one after another they are the file.

Each part holds whole entries; the last one holds the directory of all. So a crash costs one part.
"""

from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """What the directory says of an entry; `at` is where it begins in the whole file."""

    name: str
    at: int
    crc: int
    packed: int
    size: int
    method: int
    date: tuple[int, int, int, int, int, int]


class _Rest:
    """A file that takes itself for the rest of a longer one."""

    def __init__(self, file: IO[bytes], before: int) -> None:
        self._file = file
        self._before = before

    def tell(self) -> int:
        return self._file.tell() + self._before

    def seek(self, at: int, whence: int = 0) -> int:
        return self._file.seek(at - self._before if whence == 0 else at, whence) + self._before

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


class Part:
    """One part, written to an empty file that can be sought; `before` bytes lie before it."""

    def __init__(self, file: IO[bytes], before: int) -> None:
        self._file = file
        self._before = before
        rest: Any = _Rest(file, before)
        self._zip = ZipFile(rest, "w", ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """A part that was not ended is let go, whatever stands in it."""
        self._zip.fp = None

    @property
    def size(self) -> int:
        """Bytes written until now."""
        return self._zip.start_dir - self._before

    def open(self, name: str, *, method: int = ZIP_DEFLATED, size: int | None = None) -> IO[bytes]:
        """A new entry to write to, closed before the next; `size` where it is known."""
        info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = method
        info.file_size = size or 0
        return self._zip.open(info, "w", force_zip64=size is None)

    def end(self) -> list[Entry]:
        """Ends a part that is not the last."""
        entries = [_entry(info) for info in self._zip.filelist]
        self._zip.close()
        self._file.seek(self.size)
        self._file.truncate()
        return entries

    def end_file(self, earlier: list[Entry]) -> None:
        """Ends the last part, with the directory of the `earlier` ones' entries and its own."""
        self._zip.filelist[:0] = [_info(entry) for entry in earlier]
        self._zip.close()
        self._file.seek(0, 2)


def _entry(info: ZipInfo) -> Entry:
    return Entry(
        name=info.filename,
        at=info.header_offset,
        crc=info.CRC,
        packed=info.compress_size,
        size=info.file_size,
        method=info.compress_type,
        date=info.date_time,
    )


def _info(entry: Entry) -> ZipInfo:
    info = ZipInfo(entry.name, entry.date)
    info.header_offset, info.CRC = entry.at, entry.crc
    info.compress_size, info.file_size = entry.packed, entry.size
    info.compress_type = entry.method
    info.external_attr = 0o600 << 16
    return info
