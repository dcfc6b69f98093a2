"""The pages about detectors: what everybody is told, and the desk where they are written."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page


class ShownDetector(msgspec.Struct, frozen=True, kw_only=True):
    """A detector as everybody may read of it."""

    name: str
    title: str
    description: str
    rule: str
    asks_for: str
    state: str
    since: int


class DetectorsPage(Page, frozen=True, kw_only=True):
    """What is looked for on this server, by which rule, and what is asked for then."""

    template: ClassVar[str] = "pages/detectors.html"

    active: tuple[ShownDetector, ...]
    shadow: tuple[ShownDetector, ...]


class Offer(msgspec.Struct, frozen=True):
    """A detector that ships with the program and was not taken up here."""

    name: str
    title: str


class DeskDetectorsPage(Page, frozen=True, kw_only=True):
    """Every detector, for those who write them."""

    template: ClassVar[str] = "pages/desk_detectors.html"

    detectors: tuple[ShownDetector, ...]
    offers: tuple[Offer, ...]


class Spot(msgspec.Struct, frozen=True):
    """Something wrong in a file: the line with what stands before its place, and what after."""

    line: int
    column: int
    sentence: str
    before: str
    after: str


class Happened(msgspec.Struct, frozen=True):
    """A step in a detector's life, by whom, and why; `by` is empty when nobody took it, when it was
    taken at the console, or who took it has left.
    """

    step: str
    version: int
    by: str
    note: str
    at: int


class Tried(msgspec.Struct, frozen=True):
    """What a backtest found, and how sure the labels make us."""

    done: bool
    seen: int
    matched: int
    labelled: int
    share: int
    low: int
    high: int
    overlaps: tuple[tuple[str, int], ...]


class Sampled(msgspec.Struct, frozen=True):
    """A past public post that was found, to be labelled; `verdict` is "", "breaks" or "fine"."""

    id: str
    warning: str
    text: str
    verdict: str


class EditorPage(Page, frozen=True, kw_only=True):
    """A detector's file, what is wrong with it where, a try-out, and its life so far."""

    template: ClassVar[str] = "pages/desk_detector.html"

    name: str
    state: str
    since: int
    form: Form
    spots: tuple[Spot, ...] = ()
    checked: bool = False
    tests: int = 0
    finds: bool | None = None
    steps: tuple[str, ...] = ()
    step_form: Form = Form()
    history: tuple[Happened, ...] = ()
    tried: Tried | None = None
    sample: tuple[Sampled, ...] = ()
    failures: int = 0
    may_put_in_force: bool = False


class DetectorVersionPage(Page, frozen=True, kw_only=True):
    """What a version changed: lines with `+`, `-` or nothing before them."""

    template: ClassVar[str] = "pages/desk_detector_version.html"

    name: str
    number: int
    note: str
    by: str
    at: int
    lines: tuple[tuple[str, str], ...]
