"""Bodies of answers: decompressed within a limit on what comes out."""

import zlib
from collections.abc import Iterator
from typing import Protocol

MAX_STREAMS = 100
"""How many compressed streams one body may chain; honest servers send one."""


class Unreadable(Exception):
    """Says that a body is not what its headers promise."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def end(self) -> None: ...


class Identity:
    """A body sent as it is."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def end(self) -> None:
        """Nothing is held back."""


class Inflater:
    """A body in gzip or deflate, given in pieces of bounded size however well it is packed."""

    PIECE = 64 * 1024

    def __init__(self, encoding: str) -> None:
        # 32 lets zlib tell gzip from zlib by the header; "deflate" is often sent bare.
        self._bare_too = encoding == "deflate"
        self._inflate = zlib.decompressobj(32 + zlib.MAX_WBITS)
        self._streams = 1
        self._fed = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflate.eof:
                self._next_stream()
            piece = self._step(data)
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            if piece:
                yield piece

    def _next_stream(self) -> None:
        self._streams += 1
        if self._streams > MAX_STREAMS:
            raise Unreadable("too many compressed streams")
        self._inflate = zlib.decompressobj(32 + zlib.MAX_WBITS)

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, self.PIECE)
        except zlib.error as error:
            if not self._bare_too or self._fed:
                raise Unreadable(str(error)) from error
            self._bare_too = False
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._step(data)
        self._fed = True
        return piece

    def end(self) -> None:
        if self._fed and not self._inflate.eof:
            raise Unreadable("the compressed body is cut short")


def decoder_for(encoding: str) -> Decoder:
    """Give the decoder for a Content-Encoding. Raises Unreadable for one never asked for."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return Identity()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return Inflater(encoding)
    raise Unreadable(f"unknown encoding {encoding[:40]!r}")
