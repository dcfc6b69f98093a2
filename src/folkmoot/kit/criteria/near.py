"""Hashes of pictures, looked up by what is nearly the same: of 256 bits at most 31 may differ.

Two that are so near agree, save for one bit at most, in one of 16 bands of 16 bits (multi-index
hashing, Norouzi, Punjani and Fleet, 2012). Only what does is compared whole.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from folkmoot.kit.criteria.words import EntryInvalid

DISTANCE = 31
"""Up to here Meta, whose PDQ it is, counts two pictures as the same (README of pdq in
github.com/facebook/ThreatExchange)."""

_BYTES = 32
_BANDS = 16
_SPREAD = 1 << 16
_FEW = 1_000
"""So many are compared one by one in the time that looking at the bands takes."""

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_TURNS = (0, *(1 << bit for bit in range(16)))


def check_hash(entry: str) -> str:
    """The hash itself, in small letters, or EntryInvalid."""
    bare = entry.strip()
    if not _HASH.fullmatch(bare):
        problem = "a picture's hash has 64 hexadecimal digits"
        raise EntryInvalid(entry=bare[:40] or "Nothing", problem=problem)
    return bare.lower()


class Near:
    """Hashes by their places, as 64 hexadecimal digits each."""

    def __init__(self, hashes: Sequence[str]) -> None:
        self._numbers = [int(each, 16) for each in hashes]
        self._bands = [] if len(hashes) <= _FEW else list(map(_Band, _cut(self._numbers)))

    def find(self, wanted: str) -> list[int]:
        """The places of those that differ from a hash in at most 31 bits."""
        number, numbers = int(wanted, 16), self._numbers
        places = self._likely(number) if self._bands else range(len(numbers))
        return [at for at in places if (numbers[at] ^ number).bit_count() <= DISTANCE]

    def _likely(self, number: int) -> Iterable[int]:
        places: set[int] = set()
        for band, (value,) in zip(self._bands, _cut([number]), strict=True):
            for turn in _TURNS:
                places.update(band.places_of(value ^ turn))
        return places


def _cut(numbers: Sequence[int]) -> list["array[int]"]:
    """The bands of numbers: for each band its values, in the order of the numbers."""
    pieces = array("H", b"".join(each.to_bytes(_BYTES, "big") for each in numbers))
    return [pieces[band::_BANDS] for band in range(_BANDS)]


class _Band:
    """Places in the order of their values, and where each value begins."""

    def __init__(self, values: "array[int]") -> None:
        counts = [0] * (_SPREAD + 1)
        for value in values:
            counts[value + 1] += 1
        self._starts = array("I", accumulate(counts))
        self._places = array("I", sorted(range(len(values)), key=values.__getitem__))

    def places_of(self, value: int) -> "array[int]":
        return self._places[self._starts[value] : self._starts[value + 1]]
