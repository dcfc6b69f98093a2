"""/log: the public log for people. Programs read its files, beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from folkmoot.domain.transparency import model, queries
from folkmoot.domain.transparency.model import KINDS, EntryNotFound, month_of
from folkmoot.kit import clock
from folkmoot.kit.db import Page as Stretch
from folkmoot.kit.ids import MAX_ID
from folkmoot.surfaces.web import log_words
from folkmoot.surfaces.web.charts import Columns, stack_columns
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.frame import Card, Form
from folkmoot.surfaces.web.pages.log import (
    FiguresPage,
    Line,
    LogEntryPage,
    LogPage,
    LogState,
    Share,
)
from folkmoot.surfaces.web.rendering import MONTHS
from folkmoot.surfaces.web.showing import PER_PAGE, pager, show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from folkmoot.domain.transparency.model import Figure, LogEntry, MonthCount

router = Router()

_MONTHS_SHOWN = 12
_MOST_TERM = 100


@router.get("/log")
def log(visit: Visit) -> Answer:
    """The entries, newest first; of a kind, of a month, with a code."""
    now = visit.tx.now
    asked = {name: visit.query(name).strip()[:_MOST_TERM] for name in ("kind", "month", "q")}
    kind = asked["kind"] if asked["kind"] in KINDS else ""
    since, until = _month(asked["month"])
    entries = queries.list_entries(
        visit.tx, _stretch(visit), kind=kind, term=asked["q"], since=since, until=until
    )
    state = _state(visit)
    page = LogPage(
        frame=frame(visit, forms=False),
        card=Card(
            title="Public log",
            description="Everything that was decided here, in a log that anybody can check.",
            url=f"{visit.app.base_url}/log",
        ),
        state=state,
        lines=tuple(_line(entry, state) for entry in entries),
        form=Form(values=asked | {"kind": kind}),
        kinds=tuple((name, made.title) for name, made in KINDS.items()),
        months=tuple((each, _named(each)) for each in reversed(_last_months(now))),
        chart=_chart(queries.list_counts(visit.tx, since_month=_last_months(now)[0]), now),
        filtered=any(asked.values()),
        pager=pager(visit, [entry.position for entry in entries]),
    )
    return show(visit, page, public=True)


def _stretch(visit: Visit) -> Stretch:
    """Which part of the list is asked for. The first entry's position is 0."""
    high, low = visit.number("max_id"), visit.number("min_id")
    return Stretch(
        PER_PAGE,
        MAX_ID if high is None else min(high, MAX_ID),
        -1,
        None if low is None else min(low, MAX_ID),
    )


def _month(text: str) -> tuple[int, int | None]:
    """The moments in which a month such as `2026-11` begins and ends; for no month, all time."""
    try:
        start = clock.from_iso(f"{text}-01")
        year, month = int(text[:4]), int(text[5:7])
        end = f"{year + month // 12}-{month % 12 + 1:02d}-01"
        return start, clock.from_iso(end)
    except ValueError:
        return 0, None


def _last_months(now: int) -> list[str]:
    """The months to be shown, oldest first."""
    year, month = map(int, month_of(now).split("-"))
    first = year * 12 + month - _MONTHS_SHOWN
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(first, first + _MONTHS_SHOWN)]


def _named(month: str) -> str:
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def _chart(counts: list[MonthCount], now: int) -> Columns | None:
    """How many entries of which kind each month had; nothing before there is something."""
    if not counts:
        return None
    group_of = {kind: group for group, kinds in log_words.GROUPS.items() for kind in kinds}
    months: dict[str, dict[str, int]] = {month: {} for month in _last_months(now)}
    for each in counts:
        column = months.setdefault(each.month, {})
        group = group_of[each.kind]
        column[group] = column.get(group, 0) + each.entries
    used = [group for group in log_words.GROUPS if any(group in each for each in months.values())]
    columns = [(_named(month), numbers) for month, numbers in months.items()]
    return stack_columns("Entries of each month", used, columns)


def _state(visit: Visit) -> LogState:
    signed = queries.find_signed(visit.tx)
    signer = queries.find_signer(visit.tx, queries.LOG)
    entries = queries.count_entries(visit.tx)
    if signed is None or signer is None:
        return LogState(entries=entries)
    names = {each.key.text: each.key.name for each in queries.list_witnesses(visit.tx.settings)}
    cosigned = queries.list_cosignatures(visit.tx)
    return LogState(
        entries=entries,
        size=signed.size,
        root=signed.root,
        signed_at=signed.signed_at,
        key=signer.vkey.text,
        witnesses=tuple(
            names[each.witness]
            for each in cosigned
            if each.witness in names and each.size == signed.size
        ),
    )


def _line(entry: LogEntry, state: LogState) -> Line:
    return Line(
        position=entry.position,
        title=KINDS[entry.kind].title,
        sentence=log_words.say(entry.content.entry),
        at=entry.recorded_at,
        signed=entry.position < state.size,
    )


@router.get("/log/figures")
def figures(visit: Visit) -> Answer:
    """What was decided, by step, rule and detector, how fast, and how much of it was undone."""
    months = _last_months(visit.tx.now)
    counted = queries.list_figures(visit.tx, since_month=months[0])
    groups = {step: group for group, steps in log_words.STEPS.items() for step in steps}
    totals = Counter[tuple[str, str]]()
    for each in counted:
        totals[each.what, each.name] += each.entries
    appeals = {name: n for (what, name), n in totals.items() if what == model.APPEAL}
    rules = _shares(totals, model.RULE, model.UNDONE_RULE)
    page = FiguresPage(
        frame=frame(visit, forms=False),
        card=Card(
            title="What was decided",
            description="Decisions by step, rule and detector, how fast, and how many were undone.",
            url=f"{visit.app.base_url}/log/figures",
        ),
        decided=sum(rule.decided for rule in rules),
        undone=sum(rule.undone for rule in rules),
        appeals=sum(appeals.values()),
        upheld=sum(n for name, n in appeals.items() if name != "upheld"),
        steps=_monthly("Decisions of each month", model.STEP, counted, months, groups),
        times=_monthly(
            "From report to decision by a person", model.TOOK, counted, months, log_words.TIMES
        ),
        rules=rules,
        detectors=_shares(totals, model.DETECTOR, model.UNDONE_DETECTOR),
    )
    return show(visit, page, public=True)


def _shares(totals: Counter[tuple[str, str]], what: str, undone: str) -> tuple[Share, ...]:
    """Rules or detectors, those with the most restrictions first."""
    names = {name for kind, name in totals if kind in (what, undone)}
    shares = [
        Share(
            name=name,
            url=f"/log?{urlencode({'kind': 'decision', 'q': name})}",
            decided=totals[what, name],
            undone=totals[undone, name],
        )
        for name in names
    ]
    return tuple(sorted(shares, key=lambda each: (-each.decided, each.name)))


def _monthly(
    title: str,
    what: str,
    counted: Sequence[Figure],
    months: Sequence[str],
    groups: Mapping[str, str],
) -> Columns | None:
    """A chart of one kind of figure by month, gathered in groups; None when there is nothing."""
    columns: dict[str, Counter[str]] = {month: Counter() for month in months}
    for each in counted:
        if each.what == what and each.month in columns:
            columns[each.month][groups.get(each.name, each.name)] += each.entries
    used = [
        name for name in dict.fromkeys(groups.values()) if any(c[name] for c in columns.values())
    ]
    if not used:
        return None
    return stack_columns(
        title, used, [(_named(month), numbers) for month, numbers in columns.items()]
    )


@router.get("/log/{position}")
def log_entry(visit: Visit) -> Answer:
    """One entry, with its exact bytes."""
    text = visit.incoming.params["position"]
    if not (text.isascii() and text.isdigit() and len(text) < 19) or str(int(text)) != text:
        raise EntryNotFound
    entry = queries.get_entry(visit.tx, int(text))
    state, content = _state(visit), entry.content
    line = _line(entry, state)
    page = LogEntryPage(
        frame=frame(visit, forms=False),
        card=Card(
            title=f"{line.title}, entry {line.position} of the public log",
            description=line.sentence,
            url=f"{visit.app.base_url}/log/{line.position}",
        ),
        line=line,
        facts=log_words.tell_facts(content.entry),
        leaf=entry.leaf,
        hash=entry.hash,
        state=state,
        commitment=content.commitment,
        earlier=line.position - 1 if line.position else None,
        later=line.position + 1 if line.position + 1 < state.entries else None,
    )
    return show(visit, page, public=True)
