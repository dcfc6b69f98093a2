"""Trees and proofs against the definitions of RFC 6962 as they stand there."""

import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.tlog import merkle
from folkmoot.kit.tlog.tiles import WIDTH, Edge, Tile, split_hashes, tiles_of
from kit.tlog import oracle

MOST = 600
ENTRIES = [f"entry {i}".encode() for i in range(70_000)]
HASHES = [merkle.hash_leaf(entry) for entry in ENTRIES]


@cache
def root(size: int) -> bytes:
    return oracle.mth(ENTRIES[:size])


def read(level: int, first: int, count: int) -> list[bytes]:
    """Nodes as a keeper of hashes would give them."""
    width = 256**level
    return [
        merkle.root_of(HASHES[at * width : (at + 1) * width]) for at in range(first, first + count)
    ]


def test_roots_of_every_size() -> None:
    edge = Edge()
    for size in range(MOST + 1):
        assert edge.root() == root(size) == merkle.root_of(HASHES[:size])
        edge.add(HASHES[size])


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 69_999])
def test_roots_of_large_trees(size: int) -> None:
    edge = Edge()
    for leaf in HASHES[:size]:
        edge.add(leaf)
    assert edge.root() == root(size)


def test_an_edge_goes_on_from_its_hashes() -> None:
    whole = Edge()
    for leaf in HASHES[:600]:
        whole = Edge(whole.size, whole.levels)
        whole.add(leaf)
    assert whole.root() == root(600)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 255, 256, 257, 511, 512, 513, 600])
def test_inclusion_of_every_leaf(size: int) -> None:
    for index in range(size):
        proof = [merkle.root_between(span, read) for span in merkle.plan_inclusion(index, size)]
        if size < 300:
            assert proof == oracle.path(index, ENTRIES[:size])
        assert merkle.root_by_inclusion(HASHES[index], index, size, proof) == root(size)


def test_inclusion_in_every_size() -> None:
    chance = random.Random(6962)
    for size in range(1, MOST + 1):
        index = chance.randrange(size)
        proof = [merkle.root_between(span, read) for span in merkle.plan_inclusion(index, size)]
        assert merkle.root_by_inclusion(HASHES[index], index, size, proof) == root(size)
        assert proof == oracle.path(index, ENTRIES[:size])


def test_consistency_between_every_two_sizes() -> None:
    for new in range(71):
        for old in range(new + 1):
            spans = merkle.plan_consistency(old, new)
            proof = [merkle.root_between(span, read) for span in spans]
            if old:
                assert proof == oracle.proof(old, ENTRIES[:new])
            assert merkle.is_consistent(old, new, root(old), root(new), proof)


@given(st.data())
def test_consistency_across_tiles(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, new))
    proof = [merkle.root_between(span, read) for span in merkle.plan_consistency(old, new)]
    assert proof == oracle.proof(old, ENTRIES[:new])
    assert merkle.is_consistent(old, new, root(old), root(new), proof)
    wrong = sha256(b"wrong").digest()
    if old < new:
        assert not merkle.is_consistent(old, new, wrong, root(new), proof)
        assert not merkle.is_consistent(old, new, root(old), wrong, proof)
        assert not merkle.is_consistent(old, new, root(old), root(new), [*proof, wrong])
        assert not merkle.is_consistent(old, new, root(old), root(new), proof[:-1])
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:at], wrong, *proof[at + 1 :]]
        assert not merkle.is_consistent(old, new, root(old), root(new), changed)


@given(st.data())
def test_a_changed_proof_of_inclusion_proves_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = oracle.path(index, ENTRIES[:size])
    at = data.draw(st.integers(0, len(proof) - 1))
    wrong = sha256(b"wrong").digest()
    for changed in ([*proof[:at], wrong, *proof[at + 1 :]], proof[:-1], [*proof, wrong]):
        found = merkle.root_by_inclusion(HASHES[index], index, size, changed)
        assert found != root(size)
    assert merkle.root_by_inclusion(HASHES[index], (index + 1) % size, size, proof) != root(size)
    assert merkle.root_by_inclusion(HASHES[index], size, size, proof) == b""


def test_a_tree_has_no_leaf_beyond_its_end() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.plan_inclusion(3, 3)
    with pytest.raises(ValueError, match="no prefix"):
        merkle.plan_consistency(4, 3)


def test_tiles_are_those_of_the_specification() -> None:
    found = list(tiles_of(70_000))
    at = {level: [t for t in found if t.level == level] for level in (-1, 0, 1, 2, 3)}
    assert [t.width for t in at[0]] == [256] * 273 + [112]
    assert [t.width for t in at[-1]] == [256] * 273 + [112]
    assert [t.width for t in at[1]] == [256, 17]
    assert [t.width for t in at[2]] == [1]
    assert not at[3]
    assert set(tiles_of(256)) == {Tile(-1, 0), Tile(0, 0), Tile(1, 0, 1)}
    assert not list(tiles_of(0))


@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_a_grown_tree_lacks_no_tile(one: int, other: int) -> None:
    old, new = sorted((one, other))
    step = set(tiles_of(new, old))
    assert step == set(tiles_of(new)) - set(tiles_of(old))


def test_growing_gives_each_tile_its_hashes() -> None:
    edge, tiles = Edge(), dict[Tile, bytes]()
    for leaf in HASHES:
        tiles |= {full.tile: full.content for full in edge.add(leaf)}
    tiles |= edge.open_tiles()
    assert set(tiles) == {tile for tile in tiles_of(len(HASHES)) if tile.level >= 0}
    for tile, content in tiles.items():
        first = tile.index * WIDTH
        assert split_hashes(content) == read(tile.level, first, tile.width)
