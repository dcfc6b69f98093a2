"""The public log for people: its entries, and one of them with what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager

if TYPE_CHECKING:
    from folkmoot.surfaces.web.charts import Columns
    from folkmoot.surfaces.web.pages.about import Fact


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in the list."""

    position: int
    title: str
    sentence: str
    at: int
    signed: bool


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """How far the log is signed; nothing of it before it was signed first."""

    entries: int
    size: int = 0
    root: str = ""
    signed_at: int = 0
    key: str = ""
    witnesses: tuple[str, ...] = ()


class LogPage(Page, frozen=True, kw_only=True):
    """The log's entries, newest first, with what was asked of them."""

    template: ClassVar[str] = "pages/log.html"

    state: LogState
    lines: tuple[Line, ...]
    form: Form
    kinds: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, str], ...]
    chart: Columns | None = None
    filtered: bool = False
    pager: Pager = Pager()


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A rule or detector: how many decisions, and how many of them were undone."""

    name: str
    url: str
    decided: int
    undone: int

    @property
    def percent(self) -> int:
        return round(100 * self.undone / self.decided) if self.decided else 0


class FiguresPage(Page, frozen=True, kw_only=True):
    """What the log's entries of the last months say together."""

    template: ClassVar[str] = "pages/log_figures.html"

    decided: int
    undone: int
    appeals: int
    upheld: int
    steps: Columns | None = None
    times: Columns | None = None
    rules: tuple[Share, ...] = ()
    detectors: tuple[Share, ...] = ()


class LogEntryPage(Page, frozen=True, kw_only=True):
    """One entry: what it says, its exact bytes, where its proof is."""

    template: ClassVar[str] = "pages/log_entry.html"

    line: Line
    facts: tuple[Fact, ...]
    leaf: str
    hash: str
    state: LogState
    commitment: str | None = None
    earlier: int | None = None
    later: int | None = None
