"""/log/checkpoint, /log/tile/…, proofs and leaves of single entries, and where to find it all."""

import asyncio
import re
from typing import Any

import msgspec

from folkmoot.domain.policy.model import RuleDraft, draft_of
from folkmoot.domain.policy.queries import get_version, list_documents, list_rules
from folkmoot.domain.transparency import queries
from folkmoot.domain.transparency.jobs import FOLDER
from folkmoot.domain.transparency.model import Leaf, canonical
from folkmoot.kit.db import Tx
from folkmoot.kit.storage import NoSuchFile
from folkmoot.kit.tlog.notes import from_base64
from folkmoot.kit.tlog.texts import write_proof
from folkmoot.kit.tlog.tiles import parse_path
from folkmoot.surfaces.app import App
from folkmoot.surfaces.public_log.replies import (
    BINARY,
    FOR_EVER,
    JSON,
    SECONDS,
    TEXT,
    Reply,
    plain,
)

_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_ENTRY = re.compile(r"(?P<position>0|[1-9]\d{0,17})/(?P<what>leaf|proof|statement)", re.ASCII)


class OwnWitness(msgspec.Struct):
    """This server as a witness of other logs."""

    key: str
    submission_prefix: str
    monitoring_prefix: str


class Pointer(msgspec.Struct):
    """Where the log is and by whose keys its checkpoints are signed and cosigned."""

    origin: str
    prefix: str
    key: str
    witnesses: list[str]
    witness: OwnWitness
    schema: str


async def checkpoint(app: App, scope: Any) -> Reply:
    """The newest signed state with its witnesses' cosignatures."""
    found = await app.db.read(queries.find_checkpoint)
    if found is None:
        return plain(404, "The log has not been signed yet; it will be within a minute")
    return Reply(found.encode(), kind=TEXT, cache=SECONDS)


async def tile(app: App, scope: Any) -> Reply:
    """A tile or a bundle of entries."""
    found = parse_path(scope["path"].strip("/"))
    if found is None:
        return plain(404, "There is no such tile")
    try:
        content = await asyncio.to_thread(app.context.storage.get, f"{FOLDER}/{found.path}")
    except NoSuchFile:
        return plain(404, "There is no such tile; of a full one, parts are gone")
    return Reply(content, kind=BINARY, cache=FOR_EVER)


async def entry(app: App, scope: Any) -> Reply:
    """Below a position: `leaf`, its exact bytes; `proof` as text; `statement`, both as JSON."""
    match = _ENTRY.fullmatch(scope["path"].strip("/"))
    if match is None:
        return plain(404, "There is no such entry")
    return await app.db.read(_entry, int(match["position"]), match["what"])


def _entry(tx: Tx, position: int, what: str) -> Reply:
    if what == "leaf":
        leaf = queries.get_entry(tx, position).leaf.encode()
        return Reply(leaf, kind=JSON, cache=SECONDS)
    found = queries.get_proof(tx, position)
    if what == "statement":
        return Reply(msgspec.json.encode(found), kind=JSON, cache=SECONDS)
    hashes = [from_base64(each) for each in found.hashes]
    return Reply(write_proof(position, hashes, found.checkpoint).encode(), kind=TEXT, cache=SECONDS)


async def pointer(app: App, scope: Any) -> Reply:
    """/.well-known/folkmoot-log"""
    found = await app.db.read(_pointer)
    if found is None:
        return plain(404, "The log has not been signed yet; it will be within a minute")
    return Reply(msgspec.json.encode(found), kind=JSON, cache=SECONDS)


def _pointer(tx: Tx) -> Pointer | None:
    signer = queries.find_signer(tx, queries.LOG)
    witness = queries.find_signer(tx, queries.WITNESS)
    if signer is None or witness is None:
        return None
    base = tx.settings.server.base_url
    return Pointer(
        origin=signer.vkey.name,
        prefix=queries.prefix_of(tx.settings),
        key=signer.vkey.text,
        witnesses=[each.key.text for each in queries.list_witnesses(tx.settings)],
        witness=OwnWitness(witness.vkey.text, f"{base}/witness", f"{base}/witness"),
        schema=f"{queries.prefix_of(tx.settings)}/schema.json",
    )


class PolicyText(msgspec.Struct):
    """A version of what binds, whole: the log has the hash of each rule and document."""

    version: int
    rules: list[RuleDraft]
    documents: dict[str, str]


async def policy(app: App, scope: Any) -> Reply:
    """The texts of a version, to be hashed."""
    match = _NUMBER.fullmatch(scope["path"].strip("/"))
    if match is None:
        return plain(404, "There is no such version")
    return await app.db.read(_policy, int(match[0]))


def _policy(tx: Tx, number: int) -> Reply:
    version = get_version(tx, number)
    text = PolicyText(
        version=version.id,
        rules=[draft_of(rule) for rule in list_rules(tx, version)],
        documents={str(kind): body for kind, body in list_documents(tx, version).items()},
    )
    return Reply(canonical(text), kind=JSON, cache=SECONDS)


async def schema(app: App, scope: Any) -> Reply:
    """What a leaf may hold, as JSON Schema."""
    return Reply(msgspec.json.encode(msgspec.json.schema(Leaf)), kind=JSON, cache=SECONDS)
