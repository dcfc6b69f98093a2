"""Reporting something in three steps, what became of it, and one's own reports."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form, Page, Pager, Person
from folkmoot.surfaces.web.pages.settings import Place, SettingsPage


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What is going to be reported: somebody, or a post of theirs by its words and number of
    files. `about` is its address, as the form carries it along."""

    about: str
    person: Person
    words: str = ""
    language: str | None = None
    files: int = 0
    is_post: bool = False


class Reason(msgspec.Struct, frozen=True):
    """A rule that may be broken, to choose from."""

    code: str
    title: str
    text: str
    language: str


class ReportPage(Page, frozen=True, kw_only=True):
    """One step of reporting: `which`, then `why`, then `words`.

    `parts` are what can be meant, as pairs of values and words. In the last step, `named` says
    that name and address are asked for by law, `letters` that an address can be left.
    """

    template: ClassVar[str] = "pages/report.html"

    step: str
    form: Form = Form()
    reported: Reported | None = None
    parts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Reason, ...] = ()
    chosen: tuple[Fact, ...] = ()
    illegal: bool = False
    named: bool = False
    letters: bool = False
    children: bool = False


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A report of the member's own, and where its receipt is."""

    code: str
    url: str
    about: str
    at: int
    state: str
    good: bool = False


class ReportsPage(SettingsPage, frozen=True, kw_only=True):
    """What the member has reported. `paused_until` when they may not report for now."""

    template: ClassVar[str] = "pages/settings_reports.html"
    place: ClassVar[Place] = "reports"

    reports: tuple[ReportLine, ...]
    paused_until: int | None = None
    pager: Pager = Pager()
