"""Publishing a report, once and for ever; noting in the log what reports are counted from."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.appeals.model import Appeal, By, code_of
from folkmoot.domain.auth.model import Permission, require
from folkmoot.domain.auth.queries import get_user
from folkmoot.domain.decisions.model import RESTRICTIONS, Source, Step, case_code_of
from folkmoot.domain.decisions.model import code_of as name_of_decision
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.tallies import queries
from folkmoot.domain.tallies.model import (
    SETTLED,
    Identity,
    Period,
    PeriodNotOver,
    PublishedAlready,
    PublishedReport,
    ReportFile,
    Tally,
    about_of,
)
from folkmoot.domain.tallies.tables import published_reports, report_files
from folkmoot.domain.transparency import actions as transparency
from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.queries import find_pseudonym
from folkmoot.kit.clock import iso_day
from folkmoot.kit.db import Tx, insert_all

BuildFiles = Callable[[Identity, Tally], Sequence[tuple[str, str]]]
"""Makes the parts of a report, each a name and its text, of whose it is and its figures."""

_INSERT = insert_all(published_reports)
_INSERT_FILE = insert_all(report_files)


def check_publishable(tx: Tx, period: Period) -> None:
    """PeriodNotOver, PublishedAlready."""
    if tx.now < period.end + SETTLED:
        raise PeriodNotOver(period=period.code, day=iso_day(period.end))
    if queries.find_report(tx, period.code) is not None:
        raise PublishedAlready(period=period.code)


def publish_report(
    tx: Tx, tally: Tally, build: BuildFiles, *, by: AccountId | None = None
) -> PublishedReport:
    """Publishes the report of a period that is over, with the figures that `count_period` gives:
    the log then holds its files' hashes. Without `by` the operator does, at the command line.

    PermissionMissing, PeriodNotOver, PublishedAlready.
    """
    if by is not None:
        require(get_user(tx, by), Permission.MANAGE_SETTINGS)
    period = tally.period
    check_publishable(tx, period)
    identity = identify(tx)
    files = [
        ReportFile(period.code, at, name, sha256(text.encode()).hexdigest(), text)
        for at, (name, text) in enumerate(build(identity, tally))
    ]
    entry = log.PublishedReport(
        code=period.code,
        name=f"Transparency report {period.code}",
        from_on=period.from_on,
        to_on=period.to_on,
        files=tuple(log.Hashed(name=each.name, sha256=each.sha256) for each in files),
        monthly_recipients=identity.recipients,
        service=identity.service,
        provider=identity.provider,
    )
    report = PublishedReport(
        code=period.code,
        from_on=period.from_on,
        to_on=period.to_on,
        published_at=tx.now,
        position=transparency.record(tx, entry).position,
        published_by="" if by is None else find_pseudonym(tx, by),
        tally=msgspec.json.encode(tally).decode(),
    )
    tx.insert(_INSERT, report)
    tx.many(_INSERT_FILE, [msgspec.structs.asdict(each) for each in files])
    return report


def identify(tx: Tx) -> Identity:
    """Whose report it would be, published now."""
    settings = tx.settings
    before = queries.list_reports(tx, limit=1)
    return Identity(
        service=_public(settings.instance.title),
        provider=_public(settings.instance.operator_name or settings.instance.title),
        published_on=iso_day(tx.now),
        previous_on=iso_day(before[0].published_at) if before else "",
        recipients=settings.disclosure.eu_recipients or None,
    )


def _public(name: str) -> str:
    """A name as the log can hold it."""
    return name.replace("@", " ").strip()[:200] or "-"


def record_complaint(tx: Tx, appeal: Appeal) -> None:
    """Notes in the log that a decision is contested, so that open appeals are counted as well."""
    decision = get_decision(tx, appeal.decision_id)
    entry = log.Complaint(
        code=code_of(appeal.id),
        decision=name_of_decision(decision.id),
        by="author" if appeal.by == By.AUTHOR else "reporter",
        filed_at=log.moment(appeal.filed_at),
        about=about_of(
            RESTRICTIONS.get(Step(decision.step)), flagged=decision.source == Source.FLAGGER
        ),
        case=case_code_of(decision),
    )
    tx.at_last(transparency.record, entry)
