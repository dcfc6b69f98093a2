"""What a form sends: text fields and files, within limits."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from folkmoot.kit.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

E = TypeVar("E", bound=Enum)

MAX_TEXT = 1_048_576
MAX_FIELDS = 500


class TooLarge(Invalid):
    """What you sent is larger than this server accepts."""


class Unreadable(Invalid):
    """The form did not arrive whole. Please go back and send it again."""


class MomentInvalid(Invalid):
    """This is no date and time. Write it like 2030-12-31T18:30"""


class ChoiceInvalid(Invalid):
    """Choose one of these"""


class Upload(msgspec.Struct, frozen=True):
    """A file of a form; `file` is open for reading and closed after the visit."""

    name: str
    content_type: str
    size: int
    file: Any


class Sent(msgspec.Struct, frozen=True):
    """The fields of a form, each with all its values, and its files."""

    fields: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}


def parse_pairs(text: str) -> dict[str, list[str]]:
    """The values of a query or form by name; Unreadable when they are too many or no UTF-8."""
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Unreadable from error
    for name, value in pairs:
        found.setdefault(name, []).append(_typed(value))
    return found


def _typed(value: str) -> str:
    """Nobody types this character, and PostgreSQL keeps none."""
    return value.replace("\0", "")


@asynccontextmanager
async def read_form(scope: Any, receive: Any, *, largest: int) -> AsyncIterator[Sent]:
    """The form in a body of at most `largest` bytes; its files are closed afterwards."""
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    length = headers.get(b"content-length", b"")
    most = largest if kind == "multipart/form-data" else MAX_TEXT
    if length.isdigit() and int(length) > most:
        raise TooLarge
    if kind != "multipart/form-data":
        text = await _read(receive)
        yield Sent(fields=parse_pairs(text))
        return
    from litestar import Request
    from litestar.exceptions import HTTPException

    request: Any = Request(scope, receive)
    try:
        form = await request.form()
    except (HTTPException, ValueError, LookupError) as error:
        raise Unreadable from error
    try:
        yield _sort(form.multi_items())
    finally:
        await form.close()


def _sort(items: Any) -> Sent:
    sent = Sent(fields={}, files={})
    for name, value in items:
        if isinstance(value, str):
            sent.fields.setdefault(name, []).append(_typed(value))
        elif value.filename:
            file = value.file
            size = file.seek(0, 2)
            file.seek(0)
            sent.files[name] = Upload(value.filename, value.content_type or "", size, file)
    return sent


async def _read(receive: Any) -> str:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unreadable
        body += message.get("body", b"")
        if len(body) > MAX_TEXT:
            raise TooLarge
        if not message.get("more_body"):
            break
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Unreadable from error


def read_moment(text: str, offset: str, *, field: str) -> int:
    """The moment typed into a field for date and time, in milliseconds; MomentInvalid.

    Such a field knows no time zone: `offset` is by how many minutes UTC is ahead of the reader's
    clock, which a script fills in, and 0 without one.
    """
    try:
        naive = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
        ahead = int(offset) if offset.lstrip("-").isdigit() and len(offset) < 6 else 0
        return int((naive + timedelta(minutes=ahead)).replace(tzinfo=UTC).timestamp() * 1_000)
    except (ValueError, OverflowError) as error:
        raise MomentInvalid(field=field) from error


def read_choice(kind: type[E], text: str, *, field: str) -> E:
    """The member of an enum that was chosen; ChoiceInvalid."""
    try:
        return kind(text)
    except ValueError as error:
        raise ChoiceInvalid(field=field) from error


def write_moment(milliseconds: int) -> str:
    """A moment as such a field holds it, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).strftime("%Y-%m-%dT%H:%M")


def moment_again(text: str, offset: str) -> str:
    """What was typed into such a field, as it is shown once more: in UTC, or nothing when it was
    no moment."""
    try:
        return write_moment(read_moment(text, offset, field=""))
    except MomentInvalid:
        return ""
