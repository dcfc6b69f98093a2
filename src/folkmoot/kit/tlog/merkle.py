"""The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashes, proofs, and checking proofs.

A proof is planned as ranges of leaves first, so that whoever keeps the hashes (a database, files)
reads only what it needs. A node "at level L" is the root over 256**L leaves, as tiles keep them.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
"""Leaves from the first up to, not including, the second."""

ReadNodes = Callable[[int, int, int], Sequence[bytes]]
"""`read(level, first, count)` gives consecutive nodes of a level."""


def hash_leaf(entry: bytes) -> bytes:
    """The hash of an entry as a leaf; its first byte keeps it apart from inner nodes."""
    return sha256(b"\0" + entry).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over nodes of one size, of which the last may be smaller."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        paired = [hash_children(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            paired.append(row[-1])
        row = paired
    return row[0]


def _split(count: int) -> int:
    """The largest power of two smaller than a count above 1."""
    return 1 << ((count - 1).bit_length() - 1)


def plan_inclusion(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a leaf is in a tree (RFC 6962, 2.1.1), leaf's side first.

    Raises ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    planned: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            planned.append((middle, end))
            end = middle
        else:
            planned.append((start, middle))
            start = middle
    planned.reverse()
    return planned


def plan_consistency(old: int, new: int) -> list[Range]:
    """The ranges whose roots prove that a tree is a prefix of another (RFC 6962, 2.1.2).

    Empty for an old tree of no leaves or of all. Raises ValueError when the old one is larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves is no prefix of one of {new}")
    if old in (0, new):
        return []
    planned: list[Range] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            planned.append((middle, end))
            end = middle
        else:
            planned.append((start, middle))
            start, whole = middle, False
    if not whole:
        planned.append((start, end))
    planned.reverse()
    return planned


def root_between(span: Range, read: ReadNodes) -> bytes:
    """The root over a range that begins where a proof's ranges may begin."""
    start, end = span
    parts: list[bytes] = []
    while start < end:
        bits = (end - start).bit_length() - 1
        level, rest = divmod(bits, 8)
        parts.append(root_of(read(level, start >> 8 * level, 1 << rest)))
        start += 1 << bits
    root = parts.pop()
    while parts:
        root = hash_children(parts.pop(), root)
    return root


def root_by_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); empty when it leads nowhere.

    The leaf is in the tree when this equals the tree's root.
    """
    if not 0 <= index < size:
        return b""
    at, last, found = index, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return b""
        if at & 1 or at == last:
            found = hash_children(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hash_children(found, step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else b""


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that a tree is a prefix of another (RFC 9162, 2.1.4.2)."""
    if old in (0, new):
        return not proof and old_root == (EMPTY_ROOT if old == 0 else new_root)
    if not 0 < old < new or not proof:
        return False
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = hash_children(step, first), hash_children(step, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = hash_children(second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
