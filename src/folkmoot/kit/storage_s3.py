"""Files in an S3-compatible store, by obstore. See `storage` for what each method promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import S3Store

from folkmoot.kit.storage import CHUNK_BYTES, Content, NoSuchFile, Stored, checked, is_key

if TYPE_CHECKING:
    from obstore import GetOptions

_A_YEAR = "public, max-age=31536000, immutable"
_PATIENCE = timedelta(minutes=5)


class S3Bucket:
    """A bucket. Uploads are atomic: nobody sees half a file."""

    def __init__(
        self, *, bucket: str, endpoint: str, region: str, access_key: str, secret_key: str
    ) -> None:
        self._store = S3Store(
            bucket,
            endpoint=endpoint or None,
            region=region,
            access_key_id=access_key,
            secret_access_key=secret_key,
            # Servers of one's own are rarely set up to answer under a name for each bucket.
            virtual_hosted_style_request=not endpoint,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": _PATIENCE,
            },
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
        )

    def put(self, key: str, content: Content, *, mime: str) -> None:
        attributes = {"Content-Type": mime, "Cache-Control": _A_YEAR}
        obstore.put(self._store, checked(key), content, attributes=attributes)

    def find(self, key: str) -> Stored | None:
        if not is_key(key):
            return None
        try:
            meta = obstore.head(self._store, key)
        except FileNotFoundError:
            return None
        return Stored(key, meta["size"], int(meta["last_modified"].timestamp() * 1000))

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        if not is_key(key):
            raise NoSuchFile
        if end is not None and end <= start:
            return iter(())
        # An empty file has no range at all: asked for one, a store answers 416 (RFC 9110, 15.5.17).
        options: GetOptions = {}
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        try:
            found = obstore.get(self._store, key, options=options)
        except FileNotFoundError:
            raise NoSuchFile from None
        return iter(found.stream(min_chunk_size=CHUNK_BYTES))

    def get(self, key: str) -> bytes:
        if not is_key(key):
            raise NoSuchFile
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            raise NoSuchFile from None

    def delete(self, keys: Iterable[str]) -> None:
        wanted = [checked(key) for key in keys]
        for at in range(0, len(wanted), 500):
            obstore.delete(self._store, wanted[at : at + 500])

    def list(self, prefix: str = "") -> Iterator[Stored]:
        for some in obstore.list(self._store, checked(prefix) if prefix else None, chunk_size=500):
            for meta in some:
                modified_at = int(meta["last_modified"].timestamp() * 1000)
                yield Stored(meta["path"], meta["size"], modified_at)

    def local_path(self, key: str) -> Path | None:
        del key
        return None
