"""Growing the signed tree, asking witnesses, writing the files anew, taking lost entries back.

The order makes it safe to die between any two steps: files that change no more, then the signed
state in the database, then its copy beside the files, then what is needed no more.
"""

import asyncio
import contextlib
import re
from collections.abc import Iterator

import msgspec
import structlog

from folkmoot.domain.transparency import actions, queries
from folkmoot.domain.transparency.actions import Cosign, Merge
from folkmoot.domain.transparency.model import (
    LogEntry,
    PublishedBroken,
    Signed,
    StoreAhead,
    StoreDiffers,
)
from folkmoot.domain.transparency.queries import LOG, Cosignature, Witness
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.storage import NoSuchFile, Storage
from folkmoot.kit.tlog.merkle import hash_leaf
from folkmoot.kit.tlog.notes import (
    BadSignature,
    Checkpoint,
    NoteBroken,
    Signer,
    VerifierKey,
    cosigned_at,
    is_signed,
    parse_checkpoint,
    parse_note,
    parse_signatures,
    write_note,
)
from folkmoot.kit.tlog.texts import write_request
from folkmoot.kit.tlog.tiles import (
    ENTRIES,
    WIDTH,
    Edge,
    FullTile,
    Tile,
    pack_entries,
    tiles_of,
    unpack_entries,
)

log = structlog.get_logger("transparency")

FOLDER = "log"
"""Where the files lie in the store: `log/tile/…` as the specification names them."""
PUBLISHED = f"{FOLDER}/published"
"""The newest signed state as the store knows it: what shows that the database was put back."""
STEP = 8 * WIDTH
_BINARY = "application/octet-stream"
_NOTE = "text/plain; charset=utf-8"
_RENEW = clock.DAY
_ANSWER_BYTES = 64 * 1024
_TIMEOUT_S = 10.0


class WitnessSilent(Exception):
    """A witness did not cosign"""


class Growth(msgspec.Struct):
    """What the next signed state is made of: the edge of the last one, and entries after it.

    `first` is the first entry of the bundle in which the last state ends; entries begin there.
    """

    signer: Signer
    base: int
    edge: Edge
    first: int
    entries: list[LogEntry]


async def merge(context: Context, job: Merge) -> None:
    """Takes everything recorded into the signed tree. StoreAhead, StoreDiffers."""
    while await grow(context):
        pass


async def grow(context: Context) -> bool:
    """One step: up to STEP more entries. False when nothing was left to do."""
    growth = await context.db.read(_plan)
    if growth is None:
        if await context.db.read(queries.find_signed) is not None:
            return False
        await context.db.write(actions.ensure_keys)
        growth = await context.db.read(_plan)
        assert growth is not None
    if not await _may_go_on(context, growth):
        return True
    signed, nodes, files = await asyncio.to_thread(_build, growth)
    await asyncio.to_thread(_put_all, context.storage, files)
    await context.db.write(actions.sign, signed, nodes)
    await asyncio.to_thread(_publish, context.storage, signed.note)
    await asyncio.to_thread(_drop_partial, context.storage, growth.base, signed.size)
    return True


def _plan(tx: Tx) -> Growth | None:
    """What there is to do; None when there is nothing, or no key yet."""
    signer = queries.find_signer(tx, LOG)
    if signer is None:
        return None
    signed = queries.find_signed(tx)
    base = signed.size if signed else 0
    first = base - base % WIDTH
    entries = queries.list_from(tx, first, limit=STEP)
    if signed is not None and len(entries) <= base - first:
        return None
    return Growth(signer, base, queries.read_edge(tx, base), first, entries)


async def _may_go_on(context: Context, growth: Growth) -> bool:
    """Refuses to sign when the store holds a state that the database does not know (StoreAhead,
    StoreDiffers); False when another worker was quicker.
    """
    published = await asyncio.to_thread(_read_published, context.storage)
    if published is None:
        return True
    # Asked after reading the file: whoever wrote it had noted the state in the database before.
    known = await context.db.read(queries.find_signed_at, published.size)
    if known is None and published.size > growth.base:
        raise StoreAhead(published=published.size, signed=growth.base)
    same = known is not None and known.root == published.root.hex()
    if not same or published.origin != growth.signer.vkey.name:
        raise StoreDiffers(published=published.size)
    return published.size <= growth.base


def _read_published(storage: Storage) -> Checkpoint | None:
    try:
        return parse_checkpoint(parse_note(storage.get(PUBLISHED)).text)
    except NoSuchFile:
        return None
    except NoteBroken as error:
        raise PublishedBroken from error


Files = list[tuple[Tile, bytes]]


def _build(growth: Growth) -> tuple[Signed, list[tuple[int, int, bytes]], Files]:
    """The next state, the tree's new nodes, and the files that are new with it."""
    edge = growth.edge
    tiles: dict[Tile, bytes] = {}
    nodes: list[tuple[int, int, bytes]] = []
    for entry in growth.entries[growth.base - growth.first :]:
        for full in edge.add(bytes.fromhex(entry.hash)):
            tiles[full.tile] = full.content
            nodes.append(_node(full))
    tiles |= edge.open_tiles()
    files = [
        (tile, _bundle(growth, tile) if tile.level == ENTRIES else tiles[tile])
        for tile in tiles_of(edge.size, growth.base)
    ]
    root = edge.root()
    text = Checkpoint(growth.signer.vkey.name, edge.size, root).text
    note = write_note(text, [growth.signer.sign(text)])
    return Signed(edge.size, root.hex(), note, clock.now()), nodes, files


def _node(full: FullTile) -> tuple[int, int, bytes]:
    """What a full tile is one level above."""
    return full.tile.level + 1, full.tile.index, full.root


def _bundle(growth: Growth, tile: Tile) -> bytes:
    start = tile.index * WIDTH - growth.first
    return pack_entries([e.leaf.encode() for e in growth.entries[start : start + tile.width]])


def _put_all(storage: Storage, files: Files) -> None:
    for tile, content in files:
        storage.put(f"{FOLDER}/{tile.path}", content, mime=_BINARY)


def _publish(storage: Storage, note: str) -> None:
    """Unless somebody else published a later state meanwhile."""
    published = _read_published(storage)
    if published is None or published.size <= parse_checkpoint(parse_note(note.encode()).text).size:
        storage.put(PUBLISHED, note.encode(), mime=_NOTE)


def _drop_partial(storage: Storage, base: int, size: int) -> None:
    """Partial tiles of those that are full now: the specification lets them go."""
    for tile in tiles_of(size, base):
        if tile.is_full:
            whole = f"{FOLDER}/{tile.path}"
            storage.delete(f"{whole}.p/{width}" for width in range(1, WIDTH))


async def cosign(context: Context, job: Cosign) -> None:
    """Asks each witness to cosign the newest state. WitnessSilent when one did not."""
    failed: list[str] = []
    for witness in queries.list_witnesses(context.settings):
        try:
            await _ask(context, witness)
        except WitnessSilent as silent:
            failed.append(f"{witness.key.name}: {silent}")
    if failed:
        raise WitnessSilent("; ".join(failed))


async def _ask(context: Context, witness: Witness) -> None:
    from folkmoot.kit.http import FetchFailed

    old: int | None = None
    for _ in range(2):
        request = await context.db.read(_request, witness.key, old)
        if request is None:
            return
        signed, body = request
        try:
            answer = await context.http.post(
                f"{witness.url}/add-checkpoint",
                body=body,
                content_type="text/plain; charset=utf-8",
                max_bytes=_ANSWER_BYTES,
                timeout_s=_TIMEOUT_S,
            )
        except FetchFailed as error:
            raise WitnessSilent(str(error)) from error
        if answer.status != 409:
            break
        old = _known_size(answer.text(), signed.size)
    if not answer.is_ok:
        raise WitnessSilent(f"status {answer.status}: {answer.text()[:200]}")
    await context.db.write(actions.note_cosignature, _cosignature(signed, answer.text(), witness))


def _request(tx: Tx, key: VerifierKey, old: int | None) -> tuple[Signed, bytes] | None:
    """The newest state and the request for it; None when the witness knows it since today."""
    signed = queries.find_signed(tx)
    if signed is None:
        return None
    last = next((c for c in queries.list_cosignatures(tx) if c.witness == key.text), None)
    if last and last.size == signed.size and last.cosigned_at > tx.now - _RENEW:
        return None
    if old is None:
        old = last.size if last else 0
    return signed, write_request(old, queries.list_consistency(tx, old, signed.size), signed.note)


def _known_size(text: str, size: int) -> int:
    """The size that a witness says it knows (its answer to a request from another)."""
    if not re.fullmatch(r"(0|[1-9]\d{0,18})\n?", text, re.ASCII):
        raise WitnessSilent("it answered 409 without a size")
    if int(text) > size:
        log.error("a witness knows a larger tree: was the database put back?", size=text.strip())
        raise WitnessSilent(f"it has seen {text.strip()} entries of this log, which has {size}")
    return int(text)


def _cosignature(signed: Signed, answer: str, witness: Witness) -> Cosignature:
    """The witness's line in its answer, if it is good."""
    try:
        lines = [each for each in parse_signatures(answer) if each.is_by(witness.key)]
        note = parse_note((signed.note + "".join(each.line for each in lines)).encode())
        at_s = cosigned_at(note, witness.key)
    except (NoteBroken, BadSignature) as error:
        raise WitnessSilent(f"its answer is no cosignature: {error}") from error
    if at_s is None:
        raise WitnessSilent("its answer holds no cosignature of its key")
    return Cosignature(witness.key.text, signed.size, lines[-1].line, at_s * clock.SECOND)


def rebuild(context: Context) -> int:
    """Writes every file of the newest signed state anew from the database; gives its size.

    StoreAhead when the files hold a later state: they are what is left of it.
    """
    signed = context.db.read_now(queries.find_signed)
    if signed is None:
        return 0
    with contextlib.suppress(PublishedBroken):
        published = _read_published(context.storage)
        if published is not None and published.size > signed.size:
            raise StoreAhead(published=published.size, signed=signed.size)
    edge = Edge()
    for first in range(0, signed.size, WIDTH):
        count = min(WIDTH, signed.size - first)
        entries = context.db.read_now(queries.list_from, first, limit=count)
        leaves = [entry.leaf.encode() for entry in entries]
        files: Files = [(Tile(ENTRIES, first // WIDTH, count), pack_entries(leaves))]
        for leaf in leaves:
            files += [(full.tile, full.content) for full in edge.add(hash_leaf(leaf))]
        _put_all(context.storage, files)
    if edge.root().hex() != signed.root:
        raise StoreDiffers(published=signed.size)
    _put_all(context.storage, edge.open_tiles())
    context.storage.put(PUBLISHED, signed.note.encode(), mime=_NOTE)
    return signed.size


def recover(context: Context) -> int:
    """Takes back the entries that the files hold and the database lost, as after a restored copy
    of it; gives how many. StoreDiffers when the database decided something else meanwhile.
    """
    context.db.write_now(actions.ensure_keys)
    signer = context.db.read_now(queries.find_signer, LOG)
    assert signer is not None
    published = _read_published(context.storage)
    if published is None:
        return 0
    note = parse_note(context.storage.get(PUBLISHED))
    if not is_signed(note, signer.vkey):
        raise StoreDiffers(published=published.size)
    edge, lost = Edge(), list[bytes]()
    nodes: list[tuple[int, int, bytes]] = []
    for leaves in _stored_leaves(context.storage, published.size):
        known = context.db.read_now(queries.list_from, edge.size, limit=len(leaves))
        if any(row.leaf.encode() != leaf for row, leaf in zip(known, leaves, strict=False)):
            raise StoreDiffers(published=published.size)
        lost += leaves[len(known) :]
        for leaf in leaves:
            nodes += [_node(full) for full in edge.add(hash_leaf(leaf))]
    if edge.root() != published.root:
        raise StoreDiffers(published=published.size)
    ours = "".join(each.line for each in note.signatures if each.is_by(signer.vkey))
    signed = Signed(
        published.size, published.root.hex(), write_note(note.text, [ours]), clock.now()
    )
    context.db.write_now(_take_back, signed, nodes, lost)
    return len(lost)


def _stored_leaves(storage: Storage, size: int) -> Iterator[list[bytes]]:
    """The entries of a tree as the store holds them, a bundle at a time."""
    for index in range(-(-size // WIDTH)):
        tile = Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH))
        yield unpack_entries(storage.get(f"{FOLDER}/{tile.path}"))


def _take_back(
    tx: Tx, signed: Signed, nodes: list[tuple[int, int, bytes]], lost: list[bytes]
) -> None:
    for leaf in lost:
        actions.restore_entry(tx, leaf)
    if queries.count_entries(tx) < signed.size:
        raise StoreDiffers(published=signed.size)
    actions.sign(tx, signed, nodes)


class Examined(msgspec.Struct):
    """How the log is: what is signed, how long the oldest entry that is not has waited, and what
    is wrong, in sentences."""

    key: str
    size: int
    entries: int
    waiting_s: int = 0
    wrong: list[str] = []


def examine(context: Context) -> Examined | None:
    """Looks at the keys, the signed state and the files at the tree's edge; None before the first
    signature. KeysUnreadable.
    """
    signer = context.db.read_now(queries.find_signer, LOG)
    context.db.read_now(queries.find_signer, queries.WITNESS)
    signed = context.db.read_now(queries.find_signed)
    if signer is None or signed is None:
        return None
    found = Examined(signer.vkey.text, signed.size, context.db.read_now(queries.count_entries))
    for entry in context.db.read_now(queries.list_from, signed.size, limit=1):
        found.waiting_s = (clock.now() - entry.recorded_at) // clock.SECOND
    try:
        published = _read_published(context.storage)
        if published is not None and published.size > signed.size:
            raise StoreAhead(published=published.size, signed=signed.size)
    except (PublishedBroken, StoreAhead) as refusal:
        found.wrong.append(f"{refusal.sentence}.")
    edge = context.db.read_now(queries.read_edge, signed.size)
    for tile, content in edge.open_tiles():
        try:
            same = context.storage.get(f"{FOLDER}/{tile.path}") == content
        except NoSuchFile:
            same = False
        if not same:
            found.wrong.append(f"{tile.path} is missing or damaged: folkmoot rebuild log.")
    return found
