"""What was measured, as a table in Markdown."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

GROWTH = 1.3


@dataclass
class Figure:
    """One value at one size; times in milliseconds."""

    value: float
    constant_ms: float | None = None
    per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    failures: int = 0
    body: bytes = field(default=b"", repr=False)


@dataclass
class Row:
    """An operation and what it took at each size. `target` 0: none; `least`: more is better."""

    name: str
    target: float
    unit: str
    figures: Sequence[Figure]
    least: bool = False

    def summary(self) -> str:
        return f"{self.name}: " + ", ".join(f"{f.value:.3g} {self.unit}" for f in self.figures)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        sizes = [
            {name: value for name, value in vars(figure).items() if name != "body"}
            for figure in self.figures
        ]
        return {"name": self.name, "target": self.target, "unit": self.unit, "sizes": sizes}

    def cells(self) -> list[str]:
        """The row of the table; in bold what misses its target."""
        first, last = self.figures[0], self.figures[-1]
        sign = "≥" if self.least else "≤"
        cells = [self.name, f"{sign} {self.target:g} {self.unit}" if self.target else ""]
        cells += [self._value(figure) for figure in self.figures]
        if len(self.figures) > 1:
            growth = first.value / last.value if self.least else last.value / first.value
            cells.append(_bold(f"{growth:.2f}", bool(self.target) and growth > GROWTH))
        ratio = first.value / first.constant_ms if first.constant_ms else 0
        cells.append(f"{first.constant_ms:.3f} ms" if first.constant_ms else "")
        cells.append(f"{ratio:.1f}" if ratio else "")
        cells.append(f"{first.per_s:,.0f}" if first.per_s else "")
        cells.append("" if first.p50_ms is None else f"{first.p50_ms:.1f} / {first.p99_ms:.1f} ms")
        return cells

    def _value(self, figure: Figure) -> str:
        missed = figure.value < self.target if self.least else figure.value > self.target
        shown = f"{figure.value:.3g}" if figure.value < 1_000 else f"{figure.value:,.0f}"
        failed = f" ({figure.failures} failed)" if figure.failures else ""
        return _bold(f"{shown} {self.unit}", missed and bool(self.target)) + failed


def _bold(text: str, wanted: bool) -> str:
    return f"**{text}**" if wanted else text


def markdown(rows: Sequence[Row], sizes: Sequence[object]) -> str:
    """Constant, ratio, rate and latencies are those of the first size."""
    heads = ["operation", "target", *(str(size) for size in sizes)]
    heads += ["growth"] if len(sizes) > 1 else []
    heads += ["constant", "ratio", "/s", "p50 / p99"]
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def tell(text: str) -> None:
    """Word of how far it is."""
    print(text, file=sys.stderr, flush=True)
