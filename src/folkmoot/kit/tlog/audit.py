"""Audits a tiled log from outside: signatures, every tile and entry hashed again, the signed root,
and that nothing ever seen of it was taken back. Says in words what is wrong.

Bundles are fetched some at a time and checked in order, so that memory stays bounded.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from folkmoot.kit import clock
from folkmoot.kit.tlog.merkle import HASH_BYTES, hash_leaf
from folkmoot.kit.tlog.notes import (
    Checkpoint,
    Note,
    NoteBroken,
    VerifierKey,
    cosigned_at,
    is_signed,
    parse_checkpoint,
    parse_note,
)
from folkmoot.kit.tlog.seen import SeenCheckpoint
from folkmoot.kit.tlog.tiles import (
    ENTRIES,
    WIDTH,
    BundleBroken,
    Edge,
    Tile,
    split_hashes,
    unpack_entries,
)

MOST_PROBLEMS = 100

CheckEntry = Callable[[int, bytes], str | None]
"""Gives what is wrong with an entry, by its index and content, as the end of a sentence."""


class Source(Protocol):
    """Where a log's files come from."""

    async def get(self, path: str) -> bytes | None:
        """A file below the log's prefix; None when there is none."""


class Signed(msgspec.Struct, frozen=True):
    """A checkpoint whose signature was checked, and who cosigned it when (seconds)."""

    checkpoint: Checkpoint
    note: str
    witnesses: Mapping[str, int]


class Unsigned(ValueError):
    """What the log shows as its checkpoint is none; the text says why."""


class Found(msgspec.Struct):
    """What an audit found so far: sentences about what is wrong, at most MOST_PROBLEMS."""

    problems: list[str] = []
    entries: int = 0
    tiles: int = 0

    def tell(self, sentence: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(sentence)


def open_checkpoint(raw: bytes, key: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Signed:
    """A checkpoint as the log shows it, with the cosignatures of known witnesses. Raises
    Unsigned."""
    try:
        note = parse_note(raw)
        checkpoint = parse_checkpoint(note.text)
        if not is_signed(note, key):
            raise Unsigned(f"the checkpoint carries no signature of {key.name}")
        if checkpoint.origin != key.name:
            raise Unsigned(f"the checkpoint is one of {checkpoint.origin}, not of {key.name}")
        moments = {each.name: _cosigned(note, each) for each in witnesses}
    except NoteBroken as error:
        raise Unsigned(f"the checkpoint cannot be trusted: {error}") from error
    return Signed(checkpoint, raw.decode(), {n: at for n, at in moments.items() if at is not None})


def _cosigned(note: Note, witness: VerifierKey) -> int | None:
    return cosigned_at(note, witness)


def compare(now: Checkpoint, seen: Iterable[SeenCheckpoint]) -> Iterator[str]:
    """What a checkpoint says against those seen before, as far as sizes and roots alone tell."""
    for each in seen:
        day = clock.iso_day(each.seen_at)
        if each.size > now.size:
            yield (
                f"The log was rolled back: on {day} it had signed {each.size} entries, "
                f"now it shows {now.size}."
            )
        elif each.size == now.size and each.root != now.root.hex():
            yield (
                f"The log was forked: it has signed two different trees of {now.size} entries "
                f"(roots {each.root[:16]}…, seen on {day}, and {now.root.hex()[:16]}…)."
            )


async def audit(
    source: Source,
    checkpoint: Checkpoint,
    *,
    seen: Iterable[SeenCheckpoint] = (),
    edge: Edge | None = None,
    check_entry: CheckEntry | None = None,
    parallel: int = 8,
    progress: Callable[[Edge], None] = lambda edge: None,
) -> Found:
    """Checks every tile and entry of a signed tree; with an `edge` from an earlier audit only what
    came after it. `progress` is told the edge after each full bundle, and may keep it.
    """
    found = Found()
    for sentence in compare(checkpoint, seen):
        found.tell(sentence)
    walk = _Walk(source, checkpoint, found, edge or Edge(), seen, check_entry)
    async for index, entries, hashes in walk.bundles(parallel):
        await walk.take(index, entries, hashes)
        if len(found.problems) >= MOST_PROBLEMS:
            return found
        if walk.edge.size % WIDTH == 0 and not found.problems:
            progress(walk.edge)
    await walk.end()
    return found


class _Walk:
    """One audit on its way through the log."""

    def __init__(
        self,
        source: Source,
        checkpoint: Checkpoint,
        found: Found,
        edge: Edge,
        seen: Iterable[SeenCheckpoint],
        check_entry: CheckEntry | None,
    ) -> None:
        self.edge = edge
        self._source = source
        self._checkpoint = checkpoint
        self._found = found
        self._check_entry = check_entry
        self._marks: dict[int, list[SeenCheckpoint]] = {}
        self._other: Edge | None = None
        for each in seen:
            if each.size < checkpoint.size:
                self._marks.setdefault(each.size, []).append(each)

    async def bundles(self, parallel: int) -> AsyncIterator[tuple[int, bytes | None, bytes | None]]:
        """Bundles with their tiles of leaf hashes, in order, `parallel` of them on the way."""
        size = self._checkpoint.size
        waiting: deque[asyncio.Task[tuple[int, bytes | None, bytes | None]]] = deque()
        try:
            for index in range(self.edge.size // WIDTH, -(-size // WIDTH)):
                waiting.append(asyncio.create_task(self._fetch(index)))
                if len(waiting) >= parallel:
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()

    async def _fetch(self, index: int) -> tuple[int, bytes | None, bytes | None]:
        width = min(WIDTH, self._checkpoint.size - index * WIDTH)
        entries, hashes = await asyncio.gather(
            self._get(Tile(ENTRIES, index, width)), self._get(Tile(0, index, width))
        )
        return index, entries, hashes

    async def _get(self, tile: Tile) -> bytes | None:
        """A tile; of a partial one that is gone, as is allowed, the beginning of the full one."""
        found = await self._source.get(tile.path)
        if found is not None or tile.is_full:
            return found
        full = await self._source.get(Tile(tile.level, tile.index).path)
        if full is None:
            return None
        if tile.level != ENTRIES:
            return full[: tile.width * HASH_BYTES]
        try:
            kept = unpack_entries(full)[: tile.width]
        except BundleBroken:
            return full
        return b"".join(len(entry).to_bytes(2) + entry for entry in kept)

    async def take(self, index: int, bundle: bytes | None, tile: bytes | None) -> None:
        """Checks a bundle against its tile, and grows the tree by it."""
        start, width = index * WIDTH, min(WIDTH, self._checkpoint.size - index * WIDTH)
        entries = self._unpack(Tile(ENTRIES, index, width), bundle)
        hashes = self._split(Tile(0, index, width), tile)
        own = [hash_leaf(entry) for entry in entries] if entries is not None else None
        if own is not None and hashes is not None and own != hashes:
            first = next(at for at in range(width) if own[at] != hashes[at])
            self._wrong(
                f"Entry {start + first} does not fit the tree: {Tile(0, index, width).path} "
                f"holds another hash than {Tile(ENTRIES, index, width).path} gives."
            )
            self._other = self._other or Edge(self.edge.size, self.edge.levels)
        self._judge(start, entries or ())
        skip = self.edge.size - start
        if skip >= 0:
            self._grow_other((own or hashes or ())[skip:])
            await self._grow((hashes or own or ())[skip:])

    async def _grow(self, leaves: Sequence[bytes]) -> None:
        for leaf in leaves:
            self._compare_with_seen()
            for full in self.edge.add(leaf):
                if full.tile.level:
                    await self._check_tile(full.tile, full.content)

    def _grow_other(self, leaves: Sequence[bytes]) -> None:
        """The tree as the entries give it, once tiles and entries have come apart."""
        if self._other is not None:
            for leaf in leaves:
                self._other.add(leaf)

    def _unpack(self, which: Tile, bundle: bytes | None) -> list[bytes] | None:
        if bundle is None:
            self._lacks(which)
            return None
        try:
            entries = unpack_entries(bundle)
        except BundleBroken:
            entries = []
        if len(entries) != which.width:
            self._wrong(f"{which.path} is damaged: it should hold {which.width} entries.")
            return None
        self._found.entries += len(entries)
        return entries

    def _split(self, which: Tile, tile: bytes | None) -> list[bytes] | None:
        if tile is None:
            self._lacks(which)
            return None
        if len(tile) != which.width * HASH_BYTES:
            self._wrong(f"{which.path} is damaged: it should hold {which.width} hashes.")
            return None
        self._found.tiles += 1
        return split_hashes(tile)

    def _lacks(self, which: Tile) -> None:
        self._wrong(f"{which.path} is missing.")

    def _wrong(self, sentence: str) -> None:
        self._found.tell(sentence)

    def _judge(self, start: int, entries: Iterable[bytes]) -> None:
        if self._check_entry is None:
            return
        for at, entry in enumerate(entries, start):
            if sentence := self._check_entry(at, entry):
                self._found.tell(f"Entry {at} {sentence}.")

    def _compare_with_seen(self) -> None:
        for each in self._marks.pop(self.edge.size, ()):
            if each.root != self.edge.root().hex():
                self._found.tell(
                    f"The log was rewritten: its first {each.size} entries are not those it had "
                    f"signed, as seen on {clock.iso_day(each.seen_at)}."
                )

    async def _check_tile(self, which: Tile, content: bytes) -> None:
        """A tile above the leaves against what the leaves give."""
        shown = await self._get(which)
        if shown is None:
            self._lacks(which)
        elif shown != content:
            self._wrong(f"{which.path} does not fit the tiles below it.")
        else:
            self._found.tiles += 1

    async def end(self) -> None:
        """Checks the partial tiles above the leaves, and the root."""
        for which, content in self.edge.open_tiles():
            if which.level:
                await self._check_tile(which, content)
        if self.edge.size != self._checkpoint.size:
            self._found.tell(
                f"Of the {self._checkpoint.size} entries that were signed, "
                f"{self.edge.size} can be read."
            )
        elif self.edge.root() != self._checkpoint.root:
            self._found.tell(self._whose_fault())
        elif self._other is not None:
            self._found.tell(
                "The tiles add up to the signed root: the entries named above were changed "
                "after they were signed."
            )

    def _whose_fault(self) -> str:
        if self._other is not None and self._other.root() == self._checkpoint.root:
            return "The entries add up to the signed root: the tiles named above are damaged."
        return f"The {self._checkpoint.size} entries do not add up to the root that was signed."
