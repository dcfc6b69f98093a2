"""Tiles and entry bundles (c2sp.org/tlog-tiles): their paths, their bytes, and the right edge of
a tree that grows, from which both come.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from folkmoot.kit.tlog.merkle import EMPTY_ROOT, HASH_BYTES, root_of

WIDTH = 256
MAX_ENTRY_BYTES = 0xFFFF
MAX_BUNDLE_BYTES = WIDTH * (MAX_ENTRY_BYTES + 2)
ENTRIES = -1
"""Stands for "entries" where a tile's level stands."""

_PATH = re.compile(
    r"(?P<level>entries|0|[1-9]\d?)/(?P<upper>(?:x\d{3}/)*)(?P<last>\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)
_MAX_LEVEL = 63


class BundleBroken(ValueError):
    """An entry bundle's lengths do not add up."""


class Tile(msgspec.Struct, frozen=True, order=True):
    """Which tile: its level (or ENTRIES), its place in the level, how many hashes or entries."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Below a log's prefix: `tile/0/x001/067.p/12`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        groups = [f"{self.index % 1_000:03d}"]
        rest = self.index // 1_000
        while rest:
            groups.append(f"x{rest % 1_000:03d}")
            rest //= 1_000
        part = "" if self.is_full else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{part}"


def parse_path(path: str) -> Tile | None:
    """The tile at a path such as `0/x001/067.p/12`; None for anything that is written otherwise."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    upper, width = match["upper"], match["width"]
    if upper.startswith("x000/") or (width and int(width) >= WIDTH):
        return None
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    if level > _MAX_LEVEL or len(upper) > 24:
        return None
    index = int(upper.replace("x", "").replace("/", "") + match["last"])
    return Tile(level, index, int(width) if width else WIDTH)


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles and bundles of a tree that its earlier state of `since` leaves did not have."""
    level = 0
    while size >> 8 * level:
        before, now = since >> 8 * level, size >> 8 * level
        for index in range(before // WIDTH, -(-now // WIDTH) if now > before else 0):
            width = min(WIDTH, now - index * WIDTH)
            if level == 0:
                yield Tile(ENTRIES, index, width)
            yield Tile(level, index, width)
        level += 1


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry behind its length, 16 bits, big-endian."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises BundleBroken."""
    found: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start])
        if start > len(bundle) or at > len(bundle):
            raise BundleBroken
        found.append(bundle[start:at])
    return found


def split_hashes(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


class FullTile(msgspec.Struct, frozen=True):
    """A tile that has become full: its hashes, and the root over them."""

    tile: Tile
    content: bytes
    root: bytes


class Edge:
    """The right edge of a tree: for each level, the hashes of its last tile, which is not full."""

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self.levels: list[list[bytes]] = [list(level) for level in levels] or [[]]

    def add(self, leaf_hash: bytes) -> list[FullTile]:
        """Grows the tree by a leaf; gives the tiles that are full now, lowest first."""
        self.levels[0].append(leaf_hash)
        self.size += 1
        full: list[FullTile] = []
        level = 0
        while len(self.levels[level]) == WIDTH:
            hashes = self.levels[level]
            index = (self.size >> 8 * (level + 1)) - 1
            full.append(FullTile(Tile(level, index), b"".join(hashes), root_of(hashes)))
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(full[-1].root)
        return full

    def open_tiles(self) -> list[tuple[Tile, bytes]]:
        """The partial tiles of the tree as it is now."""
        return [
            (
                Tile(level, (self.size >> 8 * level) // WIDTH, len(hashes)),
                b"".join(hashes),
            )
            for level, hashes in enumerate(self.levels)
            if hashes
        ]

    def root(self) -> bytes:
        """The root over all leaves, of which only the edge is known."""
        below: bytes | None = None
        for hashes in self.levels:
            if hashes or below is not None:
                row = hashes if below is None else [*hashes, below]
                below = root_of(row) if len(row) > 1 else row[0]
        return EMPTY_ROOT if below is None else below
