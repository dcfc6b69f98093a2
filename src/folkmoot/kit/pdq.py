"""PDQ, by which a picture is known again after it was scaled or compressed anew: 256 bits, of which
few differ between two pictures that look alike.

The algorithm is Meta's: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
(hashing.pdf in github.com/facebook/ThreatExchange).
"""

import math
from collections.abc import Sequence
from itertools import count, islice, pairwise
from operator import mul, sub

from PIL import Image

_SIDE = 64
_WAVES = 16
_LEAST_SIDE = 5
# What is larger is reduced first. Meta's own ways to do without that, or to reduce to 512, move the
# filter by different parts of a pixel; from 384 it is moved by none, and both lie within 14 bits.
_MOST_SIDE, _REDUCED_SIDE = 512, 384
_COSINES = [
    [
        math.sqrt(2 / _SIDE) * math.cos(math.pi / 2 / _SIDE * (wave + 1) * (2 * at + 1))
        for at in range(_SIDE)
    ]
    for wave in range(_WAVES)
]


def hash_picture(image: Image.Image) -> tuple[str, int]:
    """The hash as 64 hexadecimal digits, and from 0 to 100 how much there is in the picture to know
    it by; the method's authors leave out what has less than 50.

    `image` is in mode L or RGB. Of one smaller than 5 pixels, zeros of quality 0.
    """
    if min(image.size) < _LEAST_SIDE:
        return "0" * 64, 0
    rows = _brightness(image)
    columns = list(zip(*rows, strict=True))
    across = [[sum(map(mul, wave, column)) for column in columns] for wave in _COSINES]
    waves = [sum(map(mul, row, wave)) for row in across for wave in _COSINES]
    # Torben's median, which the method takes, is the lower one of an even count.
    median = sorted(waves)[len(waves) // 2 - 1]
    bits = sum(1 << place for place, value in enumerate(waves) if value > median)
    return f"{bits:064x}", min(100, (_steps(rows) + _steps(columns)) // 90)


def _brightness(image: Image.Image) -> list[list[float]]:
    """The picture as 64 rows of 64, from 0 to 255: blurred by two passes of a box each way (a
    Jarosz filter), as far as that can be seen at the points that are taken of it.
    """
    grey = image.convert("L")
    if max(grey.size) > _MOST_SIDE:
        size = min(_REDUCED_SIDE, grey.width), min(_REDUCED_SIDE, grey.height)
        grey = grey.resize(size, Image.Resampling.BOX)
    width, pixels = grey.width, grey.tobytes()
    across = _taps(width)
    rows = []
    for start, weights in _taps(grey.height):
        lines = (pixels[at * width : (at + 1) * width] for at in count(start))
        near = islice(lines, len(weights))
        whole = [sum(map(mul, weights, column)) for column in zip(*near, strict=True)]
        rows.append([sum(map(mul, taps, whole[at : at + len(taps)])) for at, taps in across])
    return rows


def _taps(length: int) -> list[tuple[int, list[float]]]:
    """For each of 64 points along a side, the first pixel that counts and how much each does."""
    window = -(-length // (2 * _SIDE))
    before, after = window - (window + 2) // 2, (window + 2) // 2

    def around(at: int) -> range:
        return range(max(0, at - before), min(length, at + after))

    taps = []
    for point in range(_SIDE):
        nearby = around(int((point + 0.5) * length / _SIDE))
        first, last = around(nearby[0])[0], around(nearby[-1])[-1]
        weights = [0.0] * (last - first + 1)
        for each in nearby:
            for pixel in around(each):
                weights[pixel - first] += 1 / (len(nearby) * len(around(each)))
        taps.append((first, weights))
    return taps


def _steps(lines: Sequence[Sequence[float]]) -> int:
    """How much neighbouring lines differ, in whole hundredths of the whole range."""
    return sum(
        abs(int(difference * 100 / 255))
        for line, following in pairwise(lines)
        for difference in map(sub, line, following)
    )
