"""Pictures are known again by what is nearly the same hash, however many are looked for."""

import random
import time

import pytest

from folkmoot.kit.criteria import DISTANCE, EntryInvalid, check_hash
from folkmoot.kit.criteria.near import _FEW, Near


def some(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [f"{rng.getrandbits(256):064x}" for _ in range(count)]


def turned(pdq: str, bits: list[int]) -> str:
    number = int(pdq, 16)
    for bit in bits:
        number ^= 1 << bit
    return f"{number:064x}"


@pytest.mark.parametrize("count", [1, _FEW, 5_000])
def test_all_that_are_near_are_found_and_no_others(count: int) -> None:
    """Wherever the bits are that differ: spread, in one place, one in each band and more."""
    hashes = some(count)
    near = Near(hashes)
    rng = random.Random(2)
    patterns = [rng.sample(range(256), DISTANCE) for _ in range(100)]
    patterns += [list(range(at, at + DISTANCE)) for at in range(0, 225, 16)]
    patterns += [[*range(0, 256, 16), *range(1, 240, 16)]]
    for bits in patterns:
        assert len(bits) == DISTANCE
        place = rng.randrange(count)
        assert near.find(turned(hashes[place], bits)) == [place]
        beyond = next(bit for bit in range(256) if bit not in bits)
        assert near.find(turned(hashes[place], [*bits, beyond])) == []
    for wanted in some(50, seed=3):
        assert near.find(wanted) == []


def test_bands_find_what_comparing_each_finds() -> None:
    """Also among hashes that are alike, as those of real pictures are."""
    rng = random.Random(4)
    first = some(1)[0]
    hashes = [turned(first, rng.sample(range(256), rng.randrange(60))) for _ in range(1_000)]
    near = Near(hashes)
    for wanted in hashes[:50]:
        apart = [(int(wanted, 16) ^ int(each, 16)).bit_count() for each in hashes]
        assert sorted(near.find(wanted)) == [at for at, bits in enumerate(apart) if bits <= 31]


def test_a_hundred_thousand_cost_little_for_each_picture() -> None:
    """A quarter of a millisecond where it was measured; comparing each takes forty times that."""
    near = Near(some(100_000))
    asked = some(100, seed=5)
    started = time.process_time()
    for wanted in asked:
        near.find(wanted)
    assert (time.process_time() - started) / len(asked) < 2e-3


def test_hashes_have_sixty_four_digits() -> None:
    pdq = some(1)[0]
    assert check_hash(f" {pdq.upper()}\n") == pdq
    for wrong in ("", "abc", pdq[:-1], pdq + "0", "g" + pdq[1:], "０" + pdq[1:]):
        with pytest.raises(EntryInvalid, match="64 hexadecimal digits"):
            check_hash(wrong)
