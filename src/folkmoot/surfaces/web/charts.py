"""Charts as plain figures: where each part of a stacked column stands, for a template to draw.

No styles, no scripts: parts have classes, and the numbers stand in a table beside the drawing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WIDTH, HEIGHT = 640, 220
_LEFT, _BOTTOM, _TOP = 40, 28, 10
_MOST_WIDE = 48
_LEVELS = 5


class Bar(msgspec.Struct, frozen=True):
    """A part of a column: of which series, and where."""

    series: int
    x: float
    y: float
    width: float
    height: float


class Tick(msgspec.Struct, frozen=True):
    """A label on one of the axes; `at` is where, in the drawing's units."""

    at: float
    label: str


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """A chart of stacked columns, and its numbers as rows for a table."""

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    labels: tuple[Tick, ...]
    lines: tuple[Tick, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    floor: int = HEIGHT - _BOTTOM


def stack_columns(
    title: str,
    series: Sequence[str],
    columns: Sequence[tuple[str, Mapping[str, int]]],
) -> Columns:
    """A chart of columns (a label and its numbers by series), left to right; series from below."""
    room = HEIGHT - _BOTTOM - _TOP
    top = _round_up(max((sum(each.values()) for _, each in columns), default=0))
    step = (WIDTH - _LEFT) / max(1, len(columns))
    wide = min(_MOST_WIDE, step * 0.72)
    bars: list[Bar] = []
    for at, (_, numbers) in enumerate(columns):
        x, y = _LEFT + step * at + (step - wide) / 2, float(HEIGHT - _BOTTOM)
        for which, name in enumerate(series):
            if number := numbers.get(name, 0):
                tall = number / top * room
                y -= tall
                bars.append(Bar(which, *(round(at, 1) for at in (x, y, wide, tall))))
    marks = {0, top // 2, top} if top > 1 else {0, top}
    return Columns(
        title=title,
        series=tuple(series),
        bars=tuple(bars),
        labels=tuple(
            Tick(round(_LEFT + step * (at + 0.5), 1), label)
            for at, (label, _) in enumerate(columns)
        ),
        lines=tuple(
            Tick(round(HEIGHT - _BOTTOM - number / top * room, 1), str(number))
            for number in sorted(marks)
        ),
        rows=tuple(
            (label, *(str(numbers.get(name, 0)) for name in series)) for label, numbers in columns
        ),
    )


class Cell(msgspec.Struct, frozen=True):
    """An hour of the week: its number as it is written, and how deeply it is coloured, 0 to 5."""

    words: str
    level: int


Week = tuple[tuple[str, tuple[Cell, ...]], ...]


def heat_week(numbers: Sequence[float], *, digits: int = 0) -> Week:
    """Seven days of 24 hours, from Monday on: a table whose cells are coloured by their numbers.
    Nothing is coloured where there is nothing, everything else at least a little.
    """
    most = max(numbers)
    return tuple(
        (
            name,
            tuple(
                Cell(f"{number:.{digits}f}", math.ceil(number / most * _LEVELS) if number else 0)
                for number in numbers[24 * day : 24 * day + 24]
            ),
        )
        for day, name in enumerate(DAYS)
    )


def _round_up(number: int) -> int:
    """The next even number of one leading digit, for the axis: 7 becomes 8, 130 becomes 200."""
    if number <= 2:
        return max(1, number)
    step = max(2, int("1" + "0" * (len(str(number)) - 1)))
    return -(-number // step) * step
