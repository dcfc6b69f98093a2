"""The items of one long list in a JSON document (RFC 8259), one after another, so that a file of
any length takes no more memory than its largest item.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from folkmoot.kit.errors import Invalid

_CHUNK = 64 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")


class JsonBroken(Invalid):
    """This JSON file is broken, or one thing in it is far too long"""


class _Text:
    """What was read of a file and not yet understood."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._parse = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0
        self._ended = False

    def _more(self) -> None:
        if self._ended or len(self._text) - self._at > self._most:
            raise JsonBroken
        data = self._file.read(_CHUNK)
        self._ended = not data
        try:
            self._text = self._text[self._at :] + self._decode.decode(data, self._ended)
        except UnicodeDecodeError as error:
            raise JsonBroken from error
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            self._more()

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise JsonBroken
        self._at += 1

    def value(self) -> Any:
        """The value that begins here; an object, list or text, which all tell where they end,
        or anything else followed by what cannot belong to it."""
        self.peek()
        while True:
            try:
                found, end = self._parse(self._text, self._at)
            except ValueError:
                self._more()
                continue
            except RecursionError as error:
                raise JsonBroken from error
            if end == len(self._text) and not self._ended:
                self._more()
                continue
            self._at = end
            return found


def iter_items(file: IO[bytes], key: str, *, most: int = 2_000_000) -> Iterator[Any]:
    """The items of the list under `key` in the object that the file holds; JsonBroken, perhaps
    only in the middle, when it is no such file or an item is longer than `most` characters.
    """
    text = _Text(file, most)
    text.take("{")
    while text.peek() != "}":
        name = text.value()
        text.take(":")
        if name == key:
            yield from _items(text)
            return
        text.value()
        if text.peek() == ",":
            text.take(",")
    raise JsonBroken


def _items(text: _Text) -> Iterator[Any]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() != "]":
            text.take(",")
