"""What is counted of a period, and how: entries of the public log in, figures out.

An entry counts in the period in which the log recorded it, once. Durations are medians in hours.
The figures are those of the harmonised template (Implementing Regulation (EU) 2024/2835, Annex I).
"""

import datetime as dt
import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from statistics import median
from typing import get_args

import msgspec

from folkmoot.domain.policy.model import Category, statement_categories, statement_mapping
from folkmoot.domain.transparency import model as log
from folkmoot.kit.clock import HOUR, SECOND, from_iso, iso_day
from folkmoot.kit.errors import Conflict, Invalid, NotFound

TOTAL = "TOTAL"
OTHER = "OTHER"
TERMS_ONLY = "OTHER_VIOLATION_TC"
NO_NOTICE = "NOT_SPECIFIED_NOTICE"
NO_ORDER = "NOT_SPECIFIED_ORDER"
EU = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
# What a complaint can be about, as the template tells them apart.
ABOUT = get_args(log.About)
# Whatever was recorded in a period is in the log by then.
SETTLED = HOUR


class PeriodInvalid(Invalid):
    """Name a period like 2026, 2026-H1, 2026-Q3 or 2026-11"""


class PeriodNotOver(Conflict):
    """The report of {period} can be published from {day} on, when the period is over"""


class PublishedAlready(Conflict):
    """The report of {period} is published already, and a published report does not change"""


class ReportNotFound(NotFound):
    """There is no published report of this period"""


class Period(msgspec.Struct, frozen=True):
    """Whole days, UTC: from the first to the last."""

    code: str
    from_on: str
    to_on: str

    @property
    def start(self) -> int:
        return from_iso(self.from_on)

    @property
    def end(self) -> int:
        """The moment after the last day."""
        return from_iso((dt.date.fromisoformat(self.to_on) + dt.timedelta(days=1)).isoformat())

    def holds(self, at: int) -> bool:
        return self.start <= at < self.end


def parse_period(text: str) -> Period:
    """The period of a code: a year, half, quarter or month. PeriodInvalid."""
    found = re.fullmatch(r"(20[0-9]{2})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?", text)
    if found is None:
        raise PeriodInvalid
    year, half, quarter, month = found.groups()
    if half:
        first, count = int(half) * 6 - 5, 6
    elif quarter:
        first, count = int(quarter) * 3 - 2, 3
    else:
        first, count = int(month or 1), 1 if month else 12
    after = dt.date(int(year) + (first + count > 12), (first + count - 1) % 12 + 1, 1)
    last = after - dt.timedelta(days=1)
    return Period(text, dt.date(int(year), first, 1).isoformat(), last.isoformat())


def recent_periods(now: int) -> list[Period]:
    """Halves and years that are over, the latest first: what reports are mostly about."""
    year = int(iso_day(now)[:4])
    codes = [f"{y}{part}" for y in (year, year - 1) for part in ("-H2", "-H1", "")]
    return [p for p in map(parse_period, codes) if p.end + SETTLED <= now]


class Orders(msgspec.Struct):
    """Orders of authorities of one country, about one category."""

    to_act: int = 0
    items: int = 0
    act_confirmed_h: float | None = None
    act_effective_h: float | None = None
    to_inform: int = 0
    inform_confirmed_h: float | None = None
    inform_effective_h: float | None = None


class Notices(msgspec.Struct):
    """Notices of illegal content; `flagged` are those of trusted flaggers among them."""

    received: int = 0
    flagged: int = 0
    items: int = 0
    flagged_items: int = 0
    action_h: float | None = None
    flagged_action_h: float | None = None
    by_law: int = 0
    flagged_by_law: int = 0
    by_terms: int = 0
    flagged_by_terms: int = 0


class Measures(msgspec.Struct):
    """Measures of the provider's own initiative; `by` the log's name of each restriction."""

    total: int = 0
    detected: int = 0
    by: dict[str, int] = {}


class Complaints(msgspec.Struct):
    """Complaints: how many came in, and what became of those decided."""

    filed: int = 0
    upheld: int = 0
    partly: int = 0
    reversed: int = 0
    omitted: int = 0
    decided_h: float | None = None


class Disputes(msgspec.Struct):
    """Out-of-court disputes that ended."""

    ended: int = 0
    upheld: int = 0
    partly: int = 0
    reversed: int = 0
    omitted: int = 0
    implemented: int = 0
    ended_h: float | None = None


class Automation(msgspec.Struct):
    """Measures taken by programs alone and others; what people judged of what detectors found."""

    automatic: int = 0
    by_people: int = 0
    own_automatic: int = 0
    own_by_people: int = 0
    judged: int = 0
    right: int = 0
    notices_automatic: int = 0
    notices_by_people: int = 0
    flagged_automatic: int = 0
    flagged_by_people: int = 0


class Tally(msgspec.Struct):
    """The figures of a period. Rows are TOTAL, a category, or `category/keyword`, both without the
    prefixes of the EU's schema; orders are by country first, and rows without figures left out.
    """

    period: Period
    entries: int = 0
    orders: dict[str, dict[str, Orders]] = {}
    outcomes: dict[str, int] = {}
    notices: dict[str, Notices] = {}
    illegal: dict[str, Measures] = {}
    incompatible: dict[str, Measures] = {}
    complaints: dict[str, Complaints] = {}
    newly_imposed: int = 0
    disputes: Disputes = msgspec.field(default_factory=Disputes)
    misuse: dict[str, int] = {}
    automation: Automation = msgspec.field(default_factory=Automation)
    reviewers: int = 0
    referrals: int = 0
    reports: int = 0
    decisions: int = 0
    reversals: int = 0
    by_step: dict[str, int] = {}
    by_month: dict[str, dict[str, int]] = {}


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose report it is, and when it was published; what its own leaf says."""

    service: str
    provider: str
    published_on: str
    previous_on: str = ""
    recipients: int | None = None


class PublishedReport(msgspec.Struct, frozen=True):
    """A row of published_reports, in the table's order; `tally` is JSON."""

    code: str
    from_on: str
    to_on: str
    published_at: int
    position: int
    published_by: str
    tally: str

    @property
    def figures(self) -> Tally:
        return msgspec.json.decode(self.tally, type=Tally)


class ReportFile(msgspec.Struct, frozen=True):
    """A row of report_files, in the table's order."""

    report: str
    position: int
    name: str
    sha256: str
    body: str


@cache
def _names() -> frozenset[str]:
    return frozenset({*statement_categories(), NO_NOTICE, NO_ORDER})


def eu_category(code: str, unknown: str) -> str:
    """The EU's category for one in the log, which may be one of ours: then the first under which
    our rules may be stated. `unknown` for what is neither.
    """
    name = code.removeprefix("STATEMENT_CATEGORY_")
    if name in _names():
        return name
    return statement_mapping()[Category(code)][0] if code in set(Category) else unknown


def rows_of(code: str, keywords: tuple[str, ...], unknown: str) -> Iterator[str]:
    """The rows in which something counts: all, its category, and each keyword of that category, or
    that it is none of them.
    """
    category = eu_category(code, unknown)
    if category == TERMS_ONLY and unknown != TERMS_ONLY:
        category = unknown  # no kind of illegal content
    yield TOTAL
    yield category
    known = statement_categories().get(category, ())
    if not known:
        return
    named = [word.removeprefix("KEYWORD_") for word in keywords]
    found = [word for word in known if word in named]
    yield from (f"{category}/{word}" for word in found or [OTHER])


class _Times:
    """Durations, in seconds: four bytes each."""

    def __init__(self) -> None:
        self._seconds = array("I")

    def add(self, since: str, until: str | None) -> None:
        if until is not None:
            self._seconds.append(max(0, (from_iso(until) - from_iso(since)) // SECOND))

    def hours(self) -> float | None:
        return round(median(self._seconds) / 3_600, 2) if self._seconds else None


class _Open(msgspec.Struct, frozen=True):
    """A notice that nobody has answered yet."""

    received_at: str
    rows: tuple[str, ...]
    flagged: bool


class Count:
    """Counts entries of the log, in their order from the first on, whatever came before a period.

    Holds what waits for an answer, and the numbers; never all entries.
    """

    def __init__(self, period: Period) -> None:
        self.period = period
        self._tally = Tally(period)
        self._times: dict[tuple[str, ...], _Times] = {}
        self._notices: dict[str, _Open] = {}
        self._complaints: dict[str, log.Complaint] = {}
        self._reopened: set[str] = set()
        self._automatic: set[str] = set()
        self._people: set[str] = set()
        self._takes: dict[type, Callable[..., None]] = {
            log.LegalRequest: self._take_order,
            log.Notice: self._take_notice,
            log.Answer: self._take_answer,
            log.Decision: self._take_decision,
            log.Complaint: self._take_complaint,
            log.Appeal: self._take_appeal,
            log.Reversal: self._take_reversal,
            log.Dispute: self._take_dispute,
            log.Misuse: self._take_misuse,
            log.Referral: self._take_referral,
        }

    def take(self, leaf: log.Leaf) -> None:
        """Takes the next entry."""
        entry, counts = leaf.entry, self.period.holds(from_iso(leaf.at))
        if counts:
            self._tally.entries += 1
        take = self._takes.get(type(entry))
        if take is not None:
            take(entry, counts=counts, month=leaf.at[:7])

    def tally(self) -> Tally:
        """The figures."""
        found = self._tally
        for (part, *where, field), times in self._times.items():
            _cell(found, part, where, field, times.hours())
        found.reviewers = len(self._people)
        return found

    def _time(self, *where: str) -> _Times:
        return self._times.setdefault(where, _Times())

    def _by_month(self, month: str, what: str) -> None:
        column = self._tally.by_month.setdefault(month, {})
        column[what] = column.get(what, 0) + 1

    def _take_order(self, entry: log.LegalRequest, *, counts: bool, month: str) -> None:
        if not counts:
            return
        tally = self._tally
        tally.outcomes[entry.outcome] = tally.outcomes.get(entry.outcome, 0) + 1
        self._by_month(month, "Legal requests")
        for country in (TOTAL, entry.country) if entry.country in EU else (entry.country,):
            of_country = tally.orders.setdefault(country, {})
            for row in rows_of(entry.category, (), NO_ORDER):
                cell = of_country.setdefault(row, Orders())
                kind = "act" if entry.order == "to-act" else "inform"
                if entry.order == "to-act":
                    cell.to_act += 1
                    cell.items += entry.items
                elif entry.order == "to-inform":
                    cell.to_inform += 1
                else:
                    continue
                at = ("orders", country, row)
                self._time(*at, f"{kind}_confirmed_h").add(entry.received_at, entry.confirmed_at)
                self._time(*at, f"{kind}_effective_h").add(entry.received_at, entry.effective_at)

    def _take_notice(self, entry: log.Notice, *, counts: bool, month: str) -> None:
        if counts:
            self._tally.reports += 1
            self._by_month(month, "Reports")
        if entry.source == "other":
            return
        flagged = entry.source == "trusted-flagger"
        named = (entry.keyword,) if entry.keyword else ()
        rows = tuple(rows_of(entry.category, named, NO_NOTICE))
        self._notices[entry.code] = _Open(entry.received_at, rows, flagged)
        if not counts:
            return
        for row in rows:
            cell = self._tally.notices.setdefault(row, Notices())
            cell.received += 1
            cell.items += entry.items
            cell.flagged += flagged
            cell.flagged_items += entry.items if flagged else 0

    def _take_answer(self, entry: log.Answer, *, counts: bool, month: str) -> None:
        del month
        automatic = entry.decision in self._automatic
        for code in entry.notices:
            # An answered notice that is opened and answered again counts once.
            notice = self._notices.pop(code, None)
            if notice is None or not counts:
                continue
            used = self._tally.automation
            used.notices_automatic += automatic
            used.notices_by_people += not automatic
            used.flagged_automatic += automatic and notice.flagged
            used.flagged_by_people += not automatic and notice.flagged
            for row in notice.rows:
                self._tally.notices.setdefault(row, Notices())
                for field in ("action_h", "flagged_action_h") if notice.flagged else ("action_h",):
                    self._time("notices", row, field).add(notice.received_at, entry.answered_at)

    def _take_decision(self, entry: log.Decision, *, counts: bool, month: str) -> None:
        fully = entry.automated_decision == "fully"
        if fully and entry.source != "voluntary":
            self._automatic.add(entry.code)
        if entry.case in self._reopened and entry.measures:
            self._reopened.discard(entry.case)
            self._tally.newly_imposed += counts
        if not counts:
            return
        self._tally.decisions += 1
        self._by_month(month, "Decisions")
        self._people |= {each for each in (entry.by, entry.seconded_by) if each}
        self._count_automation(entry, fully=fully)
        for measure in entry.measures:
            self._tally.by_step[measure.step] = self._tally.by_step.get(measure.step, 0) + 1
        if not entry.measures:
            return
        if entry.source in ("article-16", "trusted-flagger"):
            self._count_action(entry)
        else:
            self._count_measures(entry)

    def _count_automation(self, entry: log.Decision, *, fully: bool) -> None:
        used, measures = self._tally.automation, len(entry.measures)
        own = entry.source in ("other-notification", "voluntary")
        used.automatic += measures if fully else 0
        used.by_people += 0 if fully else measures
        used.own_automatic += measures if fully and own else 0
        used.own_by_people += measures if not fully and own else 0
        if entry.automated_detection and not fully:
            used.judged += 1
            used.right += bool(measures)

    def _count_action(self, entry: log.Decision) -> None:
        flagged = entry.source == "trusted-flagger"
        for row in rows_of(entry.category, entry.keywords, NO_NOTICE):
            cell = self._tally.notices.setdefault(row, Notices())
            if entry.ground == "illegal":
                cell.by_law += 1
                cell.flagged_by_law += flagged
            else:
                cell.by_terms += 1
                cell.flagged_by_terms += flagged

    def _count_measures(self, entry: log.Decision) -> None:
        part = self._tally.illegal if entry.ground == "illegal" else self._tally.incompatible
        for row in rows_of(entry.category, entry.keywords, TERMS_ONLY):
            cell = part.setdefault(row, Measures())
            for measure in entry.measures:
                cell.total += 1
                cell.detected += entry.automated_detection
                cell.by[measure.restriction] = cell.by.get(measure.restriction, 0) + 1

    def _take_complaint(self, entry: log.Complaint, *, counts: bool, month: str) -> None:
        self._complaints[entry.code] = entry
        if counts:
            self._by_month(month, "Appeals")
            for about in ("", entry.about):
                self._tally.complaints.setdefault(about, Complaints()).filed += 1

    def _take_appeal(self, entry: log.Appeal, *, counts: bool, month: str) -> None:
        del month
        complaint = self._complaints.pop(entry.code, None)
        undone = entry.outcome in ("reversed", "partly-reversed")
        if undone and entry.by == "reporter" and complaint is not None and complaint.case:
            self._reopened.add(complaint.case)
        if not counts:
            return
        self._people.add(entry.decided_by)
        field = _OUTCOMES[entry.outcome]
        for about in ("", complaint.about) if complaint else ("",):
            cell = self._tally.complaints.setdefault(about, Complaints())
            setattr(cell, field, getattr(cell, field) + 1)
            if field != "omitted":
                self._time("complaints", about, "decided_h").add(entry.filed_at, entry.decided_at)

    def _take_reversal(self, entry: log.Reversal, *, counts: bool, month: str) -> None:
        del entry
        if counts:
            self._tally.reversals += 1
            self._by_month(month, "Reversals")

    def _take_dispute(self, entry: log.Dispute, *, counts: bool, month: str) -> None:
        del month
        if not counts:
            return
        cell, field = self._tally.disputes, _OUTCOMES[entry.outcome]
        cell.ended += 1
        setattr(cell, field, getattr(cell, field) + 1)
        cell.implemented += entry.implemented and field != "omitted"
        self._time("disputes", "ended_h").add(entry.filed_at, entry.ended_at)

    def _take_misuse(self, entry: log.Misuse, *, counts: bool, month: str) -> None:
        del month
        if counts:
            self._tally.misuse[entry.of] = self._tally.misuse.get(entry.of, 0) + 1

    def _take_referral(self, entry: log.Referral, *, counts: bool, month: str) -> None:
        del entry, month
        self._tally.referrals += counts


_OUTCOMES: Mapping[str, str] = {
    "upheld": "upheld",
    "reversed": "reversed",
    "partly-reversed": "partly",
    "omitted": "omitted",
    "withdrawn": "omitted",
    "no-outcome": "omitted",
}


def _cell(tally: Tally, part: str, where: list[str], field: str, hours: float | None) -> None:
    """Puts a median where it belongs."""
    if hours is None:
        return
    found = getattr(tally, part)
    for key in where:
        found = found[key]
    setattr(found, field, hours)


def about_of(restriction: str | None, *, flagged: bool) -> log.About:
    """What a complaint against a decision is about, by what the decision restricts."""
    if restriction is None:
        return "no-action-flagger" if flagged else "no-action"
    kind = restriction.partition("-")[0]
    known: dict[str, log.About] = {
        "visibility": "visibility",
        "monetary": "monetary",
        "service": "service",
        "account": "account",
    }
    return known[kind]
