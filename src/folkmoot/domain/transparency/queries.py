"""Reads of the log: entries and who finds them, the tree, its signed states, proofs, keys."""

from collections.abc import Iterator
from functools import partial

import msgspec
import sqlalchemy as sa

from folkmoot.domain.transparency.model import (
    Decision,
    EntryNotFound,
    Figure,
    KeysUnreadable,
    LogEntry,
    MonthCount,
    NotSignedYet,
    Opening,
    Signed,
    pseudonym_of,
)
from folkmoot.domain.transparency.tables import (
    log_checkpoints,
    log_cosignatures,
    log_counts,
    log_entries,
    log_figures,
    log_keys,
    log_nodes,
    log_openings,
    log_terms,
    witnessed_logs,
)
from folkmoot.kit.crypto import SealBroken, SecretKeyMissing, derive, open_sealed
from folkmoot.kit.db import Page, Tx, paged, param, rows, values
from folkmoot.kit.settings import Settings
from folkmoot.kit.tlog.merkle import ReadNodes, plan_consistency, plan_inclusion, root_between
from folkmoot.kit.tlog.notes import COSIGNATURE, ED25519, Signer, VerifierKey, parse_vkey, to_base64
from folkmoot.kit.tlog.statements import Statement
from folkmoot.kit.tlog.tiles import WIDTH, Edge

_e, _t, _k, _c = log_entries.c, log_terms.c, log_keys.c, log_cosignatures.c
_BY_POSITION = rows(sa.select(log_entries).where(_e.position == param("position")), LogEntry)
_ALL = paged(sa.select(log_entries), _e.position, LogEntry)
_OF_KIND = paged(sa.select(log_entries).where(_e.kind == param("kind")), _e.position, LogEntry)
_found = sa.select(log_entries).join(log_terms, _t.position == _e.position)
_WITH_TERM = paged(_found.where(_t.term == param("term")), _t.position, LogEntry)
_OF_KIND_WITH_TERM = paged(
    _found.where(_t.term == param("term"), _t.kind == param("kind")), _t.position, LogEntry
)
_FROM = rows(
    sa.select(log_entries)
    .where(_e.position >= param("first"))
    .order_by(_e.position)
    .limit(param("limit", sa.Integer())),
    LogEntry,
)
_FIRST_SINCE = values(
    sa.select(_e.position)
    .where(_e.recorded_at >= param("at"))
    .order_by(_e.recorded_at, _e.position)
    .limit(sa.literal_column("1")),
    int,
)
_COUNT = values(sa.select(sa.func.coalesce(sa.func.max(_e.position) + 1, 0)), int)
_HASHES = values(
    sa.select(_e.hash)
    .where(_e.position >= param("first"), _e.position < param("end"))
    .order_by(_e.position),
    str,
)
_NODES = values(
    sa.select(log_nodes.c.hash)
    .where(
        log_nodes.c.level == param("level"),
        log_nodes.c.position >= param("first"),
        log_nodes.c.position < param("end"),
    )
    .order_by(log_nodes.c.position),
    str,
)
_COUNTS = rows(
    sa.select(log_counts)
    .where(log_counts.c.month >= param("since"))
    .order_by(log_counts.c.month, log_counts.c.kind),
    MonthCount,
)
_FIGURES = rows(
    sa.select(log_figures)
    .where(log_figures.c.month >= param("since"))
    .order_by(log_figures.c.month, log_figures.c.what, log_figures.c.name),
    Figure,
)
_NEWEST_SIGNED = rows(
    sa.select(log_checkpoints)
    .where(log_checkpoints.c.size >= sa.literal_column("0"))
    .order_by(log_checkpoints.c.size.desc())
    .limit(sa.literal_column("1")),
    Signed,
)
_SIGNED_AT = rows(sa.select(log_checkpoints).where(log_checkpoints.c.size == param("size")), Signed)
_OPENING = rows(
    sa.select(log_openings).where(log_openings.c.position == param("position")), Opening
)


class KeyRow(msgspec.Struct, frozen=True):
    """A row of log_keys."""

    purpose: str
    name: str
    sealed: str


class Cosignature(msgspec.Struct, frozen=True):
    """A row of log_cosignatures: what one of our witnesses last said."""

    witness: str
    size: int
    line: str
    cosigned_at: int


class Witnessed(msgspec.Struct, frozen=True):
    """A row of witnessed_logs: the state of another's log that we cosigned."""

    origin_hash: str
    origin: str
    size: int
    root: str
    note: str
    cosigned_at: int


class Witness(msgspec.Struct, frozen=True):
    """A witness that the settings name, and where it is asked."""

    key: VerifierKey
    url: str


_KEY = rows(sa.select(log_keys).where(_k.purpose == param("purpose")), KeyRow)
_COSIGNATURES = rows(sa.select(log_cosignatures).order_by(_c.witness), Cosignature)
_WITNESSED = rows(
    sa.select(witnessed_logs).where(witnessed_logs.c.origin_hash == param("origin_hash")), Witnessed
)

LOG, WITNESS = "log", "witness"
"""What our two keys are for: signing the log, and cosigning the logs of others."""
_KINDS = {LOG: ED25519, WITNESS: COSIGNATURE}


def get_entry(tx: Tx, position: int) -> LogEntry:
    """An entry, or EntryNotFound."""
    found = tx.first(_BY_POSITION, position=position)
    if found is None:
        raise EntryNotFound
    return found


def list_entries(
    tx: Tx, page: Page, *, kind: str = "", term: str = "", since: int = 0, until: int | None = None
) -> list[LogEntry]:
    """A page of entries, newest first; of a kind, with a code, recorded in a time (milliseconds).

    The first entry's position is 0, so the page's bound below is taken as one less than it says.
    """
    low, high = _bounds(tx, page, since, until)
    bounded = Page(page.limit, high, low, None if page.min_id is None else max(page.min_id, low))
    if term and kind:
        return tx.page(_OF_KIND_WITH_TERM, bounded, term=term.lower(), kind=kind)
    if term:
        return tx.page(_WITH_TERM, bounded, term=term.lower())
    if kind:
        return tx.page(_OF_KIND, bounded, kind=kind)
    return tx.page(_ALL, bounded)


def _bounds(tx: Tx, page: Page, since: int, until: int | None) -> tuple[int, int]:
    """Positions (exclusive) between which a stretch of time lies, within the page's own."""
    low, high = -1, page.max_id
    if since:
        first = tx.first(_FIRST_SINCE, at=since)
        low = page.max_id if first is None else first - 1
    if until is not None:
        after = tx.first(_FIRST_SINCE, at=until)
        high = high if after is None else min(high, after)
    return low, high


def list_from(tx: Tx, first: int, *, limit: int) -> list[LogEntry]:
    """Entries from a position on, oldest first."""
    return tx.all(_FROM, first=first, limit=limit)


def count_entries(tx: Tx) -> int:
    """How many entries are recorded, signed or not."""
    return tx.one(_COUNT)


def list_counts(tx: Tx, *, since_month: str) -> list[MonthCount]:
    """How many entries of each kind each month has."""
    return tx.all(_COUNTS, since=since_month)


def list_figures(tx: Tx, *, since_month: str) -> list[Figure]:
    """What the entries of each month say, counted: as many rows as there are rules, detectors and
    the like, not as there are entries.
    """
    return tx.all(_FIGURES, since=since_month)


def find_decision(tx: Tx, code: str) -> Decision | None:
    """The entry of the decision of a code."""
    for found in list_entries(tx, Page(limit=1), kind="decision", term=code):
        entry = found.content.entry
        return entry if isinstance(entry, Decision) else None
    return None


def find_opening(tx: Tx, position: int) -> Opening | None:
    """What opens an entry's commitment, unless there is nothing or it was forgotten."""
    return tx.first(_OPENING, position=position)


def find_signed(tx: Tx) -> Signed | None:
    """The newest signed state of the log."""
    return tx.first(_NEWEST_SIGNED)


def find_signed_at(tx: Tx, size: int) -> Signed | None:
    """The signed state of a size, if there was one."""
    return tx.first(_SIGNED_AT, size=size)


def find_checkpoint(tx: Tx) -> str | None:
    """The newest checkpoint as it is served: our signature, and what witnesses added to it."""
    signed = find_signed(tx)
    return None if signed is None else signed.note + "".join(_cosigned(tx, signed.size))


def _cosigned(tx: Tx, size: int) -> Iterator[str]:
    ours = {witness.key.text for witness in list_witnesses(tx.settings)}
    for each in list_cosignatures(tx):
        if each.size == size and each.witness in ours:
            yield each.line


def list_cosignatures(tx: Tx) -> list[Cosignature]:
    """What each witness last said."""
    return tx.all(_COSIGNATURES)


def list_witnesses(settings: Settings) -> list[Witness]:
    """The witnesses that the settings name."""
    split = (line.split() for line in settings.transparency.witnesses)
    return [Witness(parse_vkey(key), url.rstrip("/")) for key, url in split]


def find_witnessed(tx: Tx, origin_hash: str) -> Witnessed | None:
    """What we last cosigned of the log whose origin has a SHA-256 hash, in hexadecimal."""
    return tx.first(_WITNESSED, origin_hash=origin_hash)


def find_signer(tx: Tx, purpose: str) -> Signer | None:
    """Our key for LOG or WITNESS, once it was made. KeysUnreadable."""
    row = tx.first(_KEY, purpose=purpose)
    if row is None:
        return None
    try:
        seed = open_sealed(sealing_key(tx), row.sealed, bound_to=purpose)
    except (SealBroken, SecretKeyMissing) as error:
        raise KeysUnreadable from error
    return Signer(row.name, seed, _KINDS[purpose])


def sealing_key(tx: Tx) -> bytes:
    return derive(tx.settings.secrets.secret_key, "keys of the public log")


def find_pseudonym(tx: Tx, account_id: int) -> str:
    """The name under which a member of the team stands in the log: always the same one."""
    return pseudonym_of(derive(tx.settings.secrets.secret_key, "reviewers' pseudonyms"), account_id)


def read_edge(tx: Tx, size: int) -> Edge:
    """The right edge of the tree over the first `size` entries."""
    levels: list[list[bytes]] = []
    level = 0
    while size >> 8 * level:
        count = size >> 8 * level
        levels.append(_read(tx, level, count - count % WIDTH, count))
        if len(levels[-1]) != count % WIDTH:
            raise LookupError(f"level {level} of the tree lacks nodes below {count}")
        level += 1
    return Edge(size, levels)


def _read(tx: Tx, level: int, first: int, end: int) -> list[bytes]:
    """Consecutive hashes of a level, as many of them as there are."""
    if level:
        found = tx.all(_NODES, level=level, first=first, end=end)
    else:
        found = tx.all(_HASHES, first=first, end=end)
    return [bytes.fromhex(each) for each in found]


def _reader(tx: Tx) -> ReadNodes:
    """Reads nodes a tile at a time, each tile once: a proof's ranges lie in few tiles."""
    kept: dict[tuple[int, int], list[bytes]] = {}

    def read(level: int, first: int, count: int) -> list[bytes]:
        tile, offset = divmod(first, WIDTH)
        if (level, tile) not in kept:
            kept[level, tile] = _read(tx, level, tile * WIDTH, (tile + 1) * WIDTH)
        found = kept[level, tile][offset : offset + count]
        if len(found) != count:
            raise LookupError(f"level {level} of the tree ends before {first + count}")
        return found

    return read


def list_inclusion(tx: Tx, position: int, size: int) -> list[bytes]:
    """The hashes that prove an entry to be in the tree of a size, leaf's side first."""
    read = partial(root_between, read=_reader(tx))
    return [read(span) for span in plan_inclusion(position, size)]


def list_consistency(tx: Tx, old: int, new: int) -> list[bytes]:
    """The hashes that prove a tree of one size to be a prefix of one of another."""
    read = partial(root_between, read=_reader(tx))
    return [read(span) for span in plan_consistency(old, new)]


def get_proof(tx: Tx, position: int, *, opened: bool = False) -> Statement:
    """The proof that an entry is in the newest signed tree; `opened` with what its commitment
    stands for, if that was not forgotten. EntryNotFound, NotSignedYet.
    """
    entry = get_entry(tx, position)
    signed, signer = find_signed(tx), find_signer(tx, LOG)
    if signed is None or signer is None or position >= signed.size:
        raise NotSignedYet
    opening = find_opening(tx, position) if opened else None
    return Statement(
        log=prefix_of(tx.settings),
        key=signer.vkey.text,
        index=position,
        leaf=entry.leaf,
        hashes=[to_base64(each) for each in list_inclusion(tx, position, signed.size)],
        checkpoint=find_checkpoint(tx) or "",
        salt=opening.salt if opening else None,
        private=opening.private if opening else None,
    )


def prefix_of(settings: Settings) -> str:
    """The address below which the log's files are."""
    return f"{settings.server.base_url}/log"
