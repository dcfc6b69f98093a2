"""Recording in the public log, signing its states, cosigning the logs of others."""

import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.transparency import queries
from folkmoot.domain.transparency.model import (
    SALT_BYTES,
    Entry,
    Leaf,
    LogEntry,
    NotConsistent,
    NotSignedByLog,
    OldSizeDiffers,
    Opening,
    OriginUnknown,
    Recorded,
    RequestBroken,
    Reversal,
    Signed,
    canonical,
    encode_leaf,
    figures_of,
    month_of,
    terms_of,
)
from folkmoot.domain.transparency.queries import LOG, WITNESS, Cosignature, KeyRow, Witnessed
from folkmoot.domain.transparency.tables import (
    log_checkpoints,
    log_cosignatures,
    log_counts,
    log_entries,
    log_figures,
    log_keys,
    log_nodes,
    log_openings,
    log_state,
    log_terms,
    witnessed_logs,
)
from folkmoot.kit import clock, jobs
from folkmoot.kit.crypto import seal
from folkmoot.kit.db import Tx, command, insert_all, param, values
from folkmoot.kit.tlog.merkle import EMPTY_ROOT, hash_leaf, is_consistent
from folkmoot.kit.tlog.notes import (
    BadSignature,
    Checkpoint,
    NoteBroken,
    is_signed,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    write_note,
)
from folkmoot.kit.tlog.statements import commit
from folkmoot.kit.tlog.texts import WitnessRequest, parse_request


class Merge(msgspec.Struct):
    """The payload of the job that takes recorded entries into a signed tree."""


class Cosign(msgspec.Struct):
    """The payload of the job that asks our witnesses."""


_COUNT_UP = values(
    sa.update(log_state)
    .where(log_state.c.id == sa.literal_column("1"))
    .values(entries=log_state.c.entries + sa.literal_column("1"))
    .returning(log_state.c.entries),
    int,
)
_BEGIN = insert_all(log_state, or_ignore=True)
_INSERT = insert_all(log_entries)
_INSERT_TERM = insert_all(log_terms)
_INSERT_OPENING = insert_all(log_openings)
_counted = postgresql.insert(log_counts).values(
    month=param("month"), kind=param("kind"), entries=sa.literal_column("1")
)
_COUNT = command(
    _counted.on_conflict_do_update(
        index_elements=["month", "kind"],
        set_={"entries": log_counts.c.entries + sa.literal_column("1")},
    )
)
_figured = postgresql.insert(log_figures).values(
    month=param("month"), what=param("what"), name=param("name"), entries=sa.literal_column("1")
)
_COUNT_FIGURE = command(
    _figured.on_conflict_do_update(
        index_elements=["month", "what", "name"],
        set_={"entries": log_figures.c.entries + sa.literal_column("1")},
    )
)
_FORGET = command(sa.delete(log_openings).where(log_openings.c.position == param("position")))
_FORGET_ACCOUNT = command(
    sa.delete(log_openings).where(log_openings.c.account_id == param("account_id"))
)
_KEEP_KEY = insert_all(log_keys, or_ignore=True)
_KEEP_NODE = insert_all(log_nodes, or_ignore=True)
_KEEP_SIGNED = insert_all(log_checkpoints, or_ignore=True)
_NEW_COSIGNATURE = command(
    postgresql.insert(log_cosignatures)
    .values({c.name: param(c.name) for c in log_cosignatures.columns})
    .on_conflict_do_update(
        index_elements=["witness"],
        set_={
            "size": sa.literal_column("excluded.size"),
            "line": sa.literal_column("excluded.line"),
            "cosigned_at": sa.literal_column("excluded.cosigned_at"),
        },
    )
)
_BEGIN_WITNESSING = insert_all(witnessed_logs, or_ignore=True)
_w = witnessed_logs.c
_GO_ON_WITNESSING = command(
    sa.update(witnessed_logs)
    .where(_w.origin_hash == param("of"), _w.size == param("old"))
    .values(
        size=param("new_size"),
        root=param("new_root"),
        note=param("new_note"),
        cosigned_at=param("at"),
    )
)


def record(
    tx: Tx,
    entry: Entry,
    *,
    private: Mapping[str, Any] | None = None,
    about: AccountId | None = None,
) -> Recorded:
    """Records an entry in the log; within a minute it is in a signed tree. Call it last: others
    who record wait until this transaction ends.

    `private` is what the leaf commits to without saying it (plain JSON); it is forgotten with the
    account `about`. EntryInvalid.
    """
    salt, opened, commitment = b"", b"", None
    if private is not None:
        salt, opened = os.urandom(SALT_BYTES), canonical(dict(private))
        commitment = commit(salt, opened)
    leaf = encode_leaf(entry, at=tx.now, commitment=commitment)
    position = _append(tx, entry, leaf, at=tx.now)
    if private is not None:
        tx.insert(_INSERT_OPENING, Opening(position, about, salt.hex(), opened.decode()))
    jobs.enqueue(tx, "transparency.merge", Merge(), unique_key="transparency.merge")
    return Recorded(position, salt.hex())


def _append(tx: Tx, entry: Entry, leaf: bytes, *, at: int) -> int:
    """Puts a leaf at the end of the log, where it can be found; gives its position."""
    position, kind = _next_position(tx), str(type(entry).__struct_config__.tag)
    tx.insert(_INSERT, LogEntry(position, kind, at, leaf.decode(), hash_leaf(leaf).hex()))
    tx.many(
        _INSERT_TERM,
        [{"term": term, "position": position, "kind": kind} for term in terms_of(entry)],
    )
    tx.run(_COUNT, month=month_of(at), kind=kind)
    decided = queries.find_decision(tx, entry.decision) if isinstance(entry, Reversal) else None
    for what, name in figures_of(entry, decided):
        tx.run(_COUNT_FIGURE, month=month_of(at), what=what, name=name)
    return position


def _next_position(tx: Tx) -> int:
    """The next free place. The row stays locked to the end of the transaction."""
    found = tx.all(_COUNT_UP)
    if not found:
        tx.run(_BEGIN, id=1, entries=0)
        found = tx.all(_COUNT_UP)
    return found[0] - 1


def forget_opening(tx: Tx, position: int) -> None:
    """Forgets what a leaf commits to: from now on nobody can open it, and the log stays whole."""
    tx.run(_FORGET, position=position)


def forget_account(tx: Tx, account_id: int) -> None:
    """Forgets all that leaves commit to about an account."""
    tx.run(_FORGET_ACCOUNT, account_id=account_id)


def ensure_keys(tx: Tx) -> None:
    """Makes the keys of the log and of the witness, once. The names they are given then are the
    log's and the witness's for ever, whatever the server is called later.
    """
    for purpose in (LOG, WITNESS):
        if queries.find_signer(tx, purpose) is None:
            sealed = seal(queries.sealing_key(tx), os.urandom(32), bound_to=purpose)
            tx.insert(_KEEP_KEY, KeyRow(purpose, f"{tx.settings.domain}/{purpose}", sealed))


def sign(tx: Tx, signed: Signed, nodes: Sequence[tuple[int, int, bytes]]) -> None:
    """Notes a signed state, and the tree's new nodes as level, position and hash.

    Two who sign at a time do no harm: both trees are over the same entries, and the larger counts.
    """
    tx.many(
        _KEEP_NODE,
        [{"level": level, "position": at, "hash": node.hex()} for level, at, node in nodes],
    )
    tx.insert(_KEEP_SIGNED, signed)
    if queries.list_witnesses(tx.settings):
        jobs.enqueue(tx, "transparency.cosign", Cosign(), unique_key="transparency.cosign")


def note_cosignature(tx: Tx, cosignature: Cosignature) -> None:
    """Keeps a witness's newest cosignature."""
    tx.insert(_NEW_COSIGNATURE, cosignature)


def restore_entry(tx: Tx, leaf: bytes) -> None:
    """Takes an entry back that a signed tree holds and the database lost; what opened its
    commitment is lost.
    """
    content = msgspec.json.decode(leaf, type=Leaf)
    _append(tx, content.entry, leaf, at=clock.from_iso(content.at))


def witness(tx: Tx, body: bytes) -> str:
    """Cosigns another log's checkpoint that continues the one cosigned before
    (c2sp.org/tlog-witness, add-checkpoint); gives the line to send back.

    RequestBroken, OriginUnknown, NotSignedByLog, OldSizeDiffers, NotConsistent.
    """
    try:
        request = parse_request(body)
        note = parse_note(request.checkpoint.encode())
        checkpoint = parse_checkpoint(note.text)
    except NoteBroken as error:
        raise RequestBroken(why=str(error)) from error
    keys = [parse_vkey(text) for text in tx.settings.transparency.witness_for]
    known = [key for key in keys if key.name == checkpoint.origin]
    if not known:
        raise OriginUnknown
    try:
        signed_by = [key for key in known if is_signed(note, key)]
    except BadSignature as error:
        raise NotSignedByLog from error
    if not signed_by:
        raise NotSignedByLog
    if request.old > checkpoint.size:
        raise RequestBroken(why="the old size is larger than the checkpoint's")
    _check_continues(tx, request, checkpoint)
    signed = "".join(each.line for each in note.signatures if any(map(each.is_by, known)))
    return _cosign(tx, request.old, write_note(note.text, [signed]), checkpoint)


def _origin_hash(checkpoint: Checkpoint) -> str:
    return sha256(checkpoint.origin.encode()).hexdigest()


def _check_continues(tx: Tx, request: WitnessRequest, new: Checkpoint) -> None:
    seen = queries.find_witnessed(tx, _origin_hash(new))
    size = seen.size if seen else 0
    if request.old != size:
        raise OldSizeDiffers(size=size)
    root = bytes.fromhex(seen.root) if seen else EMPTY_ROOT
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise NotConsistent
    if not is_consistent(request.old, new.size, root, new.root, request.proof):
        raise NotConsistent


def _cosign(tx: Tx, old: int, note: str, new: Checkpoint) -> str:
    """Notes the checkpoint before anybody is told; whoever was quicker is not rolled back."""
    ensure_keys(tx)
    signer = queries.find_signer(tx, WITNESS)
    assert signer is not None
    line = signer.cosign(parse_note(note.encode()).text, at_s=tx.now // clock.SECOND)
    of = _origin_hash(new)
    row = Witnessed(of, new.origin, new.size, new.root.hex(), note + line, tx.now)
    if old == 0 and tx.insert(_BEGIN_WITNESSING, row):
        return line
    changed = tx.run(
        _GO_ON_WITNESSING,
        of=of,
        old=old,
        new_size=row.size,
        new_root=row.root,
        new_note=row.note,
        at=tx.now,
    )
    if not changed:
        raise OldSizeDiffers(size=getattr(queries.find_witnessed(tx, of), "size", 0))
    return line
