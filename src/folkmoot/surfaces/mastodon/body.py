"""Request bodies: JSON, forms and multipart, within limits; files are spooled to disk."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from folkmoot.kit.errors import Invalid
from folkmoot.kit.settings import Settings
from folkmoot.surfaces.mastodon.errors import BadRequest
from folkmoot.surfaces.mastodon.operations import Upload
from folkmoot.surfaces.mastodon.params import nest, parse_pairs

MAX_TEXT_BODY = 1_048_576


class BodyTooLarge(Invalid):
    """The request is too large"""


@asynccontextmanager
async def read_body(scope: Any, receive: Any, settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """The parameters in a body as nested values; files in it are closed afterwards."""
    kind = _content_type(scope)
    if kind == "multipart/form-data":
        _check_length(scope, largest_body(settings))
        form = await _read_multipart(scope, receive)
        try:
            yield nest(_pairs(form.items()))
        finally:
            await form.close()
        return
    body = await _read(scope, receive)
    yield _decode(kind, body)


def largest_body(settings: Settings) -> int:
    """Bytes of the largest request that is read at all: a film with what is said about it."""
    return max(settings.media.video_bytes, settings.media.image_bytes) + MAX_TEXT_BODY


async def _read_multipart(scope: Any, receive: Any) -> Any:
    from litestar import Request
    from litestar.exceptions import HTTPException

    request: Any = Request(scope, receive)
    try:
        return await request.form()
    except HTTPException as error:
        if error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
            raise BodyTooLarge from error
        raise BadRequest("The multipart form in the body could not be read") from error
    except (ValueError, LookupError) as error:
        raise BadRequest("The multipart form in the body must be UTF-8") from error


def _decode(kind: str, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if kind == "application/json" or (not kind and body[:1] == b"{"):
        try:
            tree = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadRequest("The JSON in the body could not be read") from error
        if not isinstance(tree, dict):
            raise BadRequest("The JSON in the body must be an object")
        return tree
    try:
        return nest(parse_pairs(body.decode()))
    except UnicodeDecodeError as error:
        raise BadRequest("The form in the body must be UTF-8") from error


def _pairs(items: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The parts in the order of their names. The parser gathers parts of one name, so the first
    `a[][b]` is taken to belong to the first element of `a`, the second to the second."""
    seen: Counter[str] = Counter()
    pairs = []
    for name, value in items:
        shown = name.replace("[][", f"[{seen[name]}][", 1) if "[][" in name else name
        seen[name] += 1
        pairs.append((shown, _part(value)))
    return pairs


def _part(value: Any) -> Any:
    if isinstance(value, str):
        return value
    file = value.file
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return Upload(value.filename, value.content_type, size, file)


def _content_type(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"content-type":
            return str(value.decode("latin-1").partition(";")[0].strip().lower())
    return ""


def _check_length(scope: Any, most: int) -> None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > most:
            raise BodyTooLarge


async def _read(scope: Any, receive: Any) -> bytes:
    _check_length(scope, MAX_TEXT_BODY)
    chunks: list[bytes] = []
    total = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The request ended before its body")
        chunk = message.get("body", b"")
        total += len(chunk)
        if total > MAX_TEXT_BODY:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
