"""Transparency reports for people; what the team writes down of requests, referrals, disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager
from folkmoot.surfaces.web.pages.quality import Agreed
from folkmoot.surfaces.web.pages.settings import Place, SettingsPage

if TYPE_CHECKING:
    from folkmoot.surfaces.web.charts import Columns
    from folkmoot.surfaces.web.pages.about import Fact


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A published report in the list."""

    code: str
    period: str
    published_at: int
    decisions: int
    reports: int


class ReportsPage(Page, frozen=True, kw_only=True):
    """The transparency reports that were published, the latest first; how far reviewers agree, as
    far as that speaks of nobody.
    """

    template: ClassVar[str] = "pages/transparency.html"

    reports: tuple[ReportLine, ...]
    agreement: tuple[Agreed, ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of figures; `heads` pairs of a heading and whether its cells are figures."""

    id: str
    title: str
    note: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


class ReportPage(Page, frozen=True, kw_only=True):
    """A published report: its figures in tables and charts, and its files."""

    template: ClassVar[str] = "pages/transparency_report.html"

    code: str
    period: str
    published_at: int
    position: int
    cards: tuple[tuple[str, str], ...]
    charts: tuple[tuple[str, Columns], ...]
    tables: tuple[Table, ...]
    files: tuple[str, ...]


class PublishPage(Page, frozen=True, kw_only=True):
    """Which periods can be published, and the figures of the one that is looked at."""

    template: ClassVar[str] = "pages/desk_reports.html"

    periods: tuple[tuple[str, str], ...]
    published: tuple[str, ...]
    form: Form
    code: str = ""
    period: str = ""
    ready: bool = False
    recipients: int = 0
    cards: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()


class RecordLine(msgspec.Struct, frozen=True, kw_only=True):
    """A request, referral or dispute in a list; `tone` is how its state is coloured."""

    code: str
    words: str
    at: int
    state: str
    tone: str = ""
    url: str = ""


class RecordsPage(Page, frozen=True, kw_only=True):
    """What waits for an answer or a second person, all there was, and a form for another. `alone`:
    nobody else could agree."""

    waiting: tuple[RecordLine, ...]
    lines: tuple[RecordLine, ...]
    form: Form
    opened: bool = False
    alone: bool = False
    pager: Pager = Pager()


class RequestsPage(RecordsPage, frozen=True, kw_only=True):
    """Legal requests."""

    template: ClassVar[str] = "pages/desk_requests.html"

    categories: tuple[tuple[str, str], ...] = ()


class ReferralsPage(RecordsPage, frozen=True, kw_only=True):
    """Referrals when a life is at risk."""

    template: ClassVar[str] = "pages/desk_referrals.html"


class DisputesPage(RecordsPage, frozen=True, kw_only=True):
    """Disputes that ended out of court."""

    template: ClassVar[str] = "pages/desk_disputes.html"


class RequestPage(Page, frozen=True, kw_only=True):
    """One legal request: what was asked, and what is proposed or was answered. `mine`: the reader
    proposed it, and cannot agree."""

    template: ClassVar[str] = "pages/desk_request.html"

    id: str
    code: str
    facts: tuple[Fact, ...]
    asked: str
    state: str
    answer: str
    given: tuple[Fact, ...]
    informs: bool
    about_member: bool
    mine: bool
    form: Form


class ReferralPage(Page, frozen=True, kw_only=True):
    """One referral: why, and what is passed on to whom."""

    template: ClassVar[str] = "pages/desk_referral.html"

    id: str
    code: str
    facts: tuple[Fact, ...]
    why: str
    state: str
    mine: bool


class OwnRequestsPage(SettingsPage, frozen=True, kw_only=True):
    """What authorities asked about the reader, and when help was called for them."""

    template: ClassVar[str] = "pages/settings_requests.html"
    place: ClassVar[Place] = "data"

    requests: tuple[tuple[str, tuple[Fact, ...]], ...]
    referrals: tuple[tuple[str, tuple[Fact, ...]], ...]
