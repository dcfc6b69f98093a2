"""/witness: this server as a witness of the logs that its settings name (c2sp.org/tlog-witness)."""

import re
from typing import Any

from folkmoot.domain.transparency import actions, queries
from folkmoot.domain.transparency.model import (
    NotConsistent,
    NotSignedByLog,
    OldSizeDiffers,
    OriginUnknown,
    RequestBroken,
)
from folkmoot.kit.errors import Refusal
from folkmoot.kit.tlog.texts import MAX_REQUEST_BYTES
from folkmoot.surfaces.app import App
from folkmoot.surfaces.public_log.replies import SECONDS, TEXT, Reply, plain

_STATUS: dict[type[Refusal], int] = {
    RequestBroken: 400,
    NotSignedByLog: 403,
    OriginUnknown: 404,
    NotConsistent: 422,
}
_CHECKPOINT = re.compile(r"(?P<hash>[0-9a-f]{64})/checkpoint")


async def add_checkpoint(app: App, scope: Any, receive: Any) -> Reply:
    """Cosigns what continues the state cosigned before; else says which size that had."""
    body = await _read(receive)
    if body is None:
        return plain(413, f"A request has at most {MAX_REQUEST_BYTES} bytes")
    try:
        line = await app.db.write(actions.witness, body)
    except OldSizeDiffers as differs:
        return Reply(b"%d\n" % differs.facts["size"], kind=b"text/x.tlog.size", status=409)
    except tuple(_STATUS) as refusal:
        return plain(_STATUS[type(refusal)], refusal.sentence)
    return Reply(line.encode(), kind=TEXT)


async def _read(receive: Any) -> bytes | None:
    """The body, unless it is too long."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_REQUEST_BYTES:
            return None
        if not message.get("more_body"):
            return body


async def checkpoint(app: App, scope: Any) -> Reply:
    """The newest checkpoint cosigned here of the log whose origin has this SHA-256 hash."""
    match = _CHECKPOINT.fullmatch(scope["path"].strip("/"))
    found = await app.db.read(queries.find_witnessed, match["hash"]) if match else None
    if found is None:
        return plain(404, "No checkpoint of such a log was cosigned here")
    return Reply(found.note.encode(), kind=TEXT, cache=SECONDS)
