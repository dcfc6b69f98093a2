"""A history lived through the program's own actions: the figures counted from the tables that the
rooms keep, and those counted from the log's verified tiles, make the same files to the byte.
"""

import contextlib
import random
from statistics import median
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.acts import post

from folkmoot.cli.verifying import EntryCheck
from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.appeals import actions as appeals
from folkmoot.domain.appeals.model import AlreadyAppealed, Appeal, By, State
from folkmoot.domain.appeals.tables import appeals as appeal_table
from folkmoot.domain.decisions.model import (
    RESTRICTIONS,
    Decision,
    Draft,
    Ending,
    Ground,
    Source,
    Step,
)
from folkmoot.domain.decisions.queries import get_decision
from folkmoot.domain.decisions.tables import decisions as decision_table
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.policy.model import statement_mapping
from folkmoot.domain.policy.queries import get_rule_of_version
from folkmoot.domain.reports import actions as reports
from folkmoot.domain.reports.model import By as Reporter
from folkmoot.domain.reports.model import Category, Complaint, Contact, Report
from folkmoot.domain.reports.queries import get_report
from folkmoot.domain.reports.tables import reports as report_table
from folkmoot.domain.requests import actions as requests
from folkmoot.domain.requests.model import (
    AnswerDraft,
    Body,
    Danger,
    Data,
    Dispute,
    DisputeDraft,
    LegalRequest,
    Order,
    Outcome,
    Referral,
    ReferralDraft,
    RequestDraft,
    Result,
)
from folkmoot.domain.requests.tables import disputes, legal_requests, referrals
from folkmoot.domain.review import actions as review
from folkmoot.domain.review.model import NothingToDo
from folkmoot.domain.tallies.model import (
    EU,
    Complaints,
    Count,
    Identity,
    Measures,
    Notices,
    Orders,
    Tally,
    parse_period,
    rows_of,
)
from folkmoot.domain.tallies.queries import count_period
from folkmoot.domain.transparency import queries as transparency
from folkmoot.domain.transparency.jobs import grow
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY, HOUR, MINUTE, SECOND, from_iso
from folkmoot.kit.db import Database, Tx, rows
from folkmoot.kit.storage import NoSuchFile
from folkmoot.kit.tlog.audit import audit, open_checkpoint
from folkmoot.surfaces.app import App
from folkmoot.surfaces.official.report_files import build_files

PERIOD = parse_period("2026-Q1")
IDENTITY = Identity(service="Moot", provider="Moot", published_on="2026-04-02")
RULES = ("spam-1", "harassment-1", "scams-1")
STEPS = (Step.NO_ACTION, Step.NO_ACTION, Step.UNLIST, Step.LABEL, Step.QUARANTINE)
SOURCES = {
    Source.NOTICE: "article-16",
    Source.FLAGGER: "trusted-flagger",
    Source.OTHER_NOTICE: "other-notification",
    Source.OWN: "voluntary",
}


class Life:
    """Members who post, report, are decided about and contest it; a team; authorities."""

    def __init__(self, db: Database, join: Any, monkeypatch: Any, seed: int) -> None:
        self.now = from_iso("2025-12-20")
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.db, self.chance = db, random.Random(seed)
        self.members = [join(name) for name in ("ada", "bo", "cy")]
        self.flagger = join("flo")
        self.team = [join(name, role="reviewer").account.id for name in ("rev", "sec", "ted")]
        self.heads = [join(name, role="administrator").account.id for name in ("root", "twin")]
        db.write_now(reports.award_flagger, self.flagger.account.id, area="scams", why="They know.")
        self.decided: list[tuple[Decision, Report | None]] = []
        self.filed: list[Appeal] = []

    def go_on(self, until: int, events: int) -> None:
        step = (until - self.now) // events
        often = (self.report, self.decide, self.contest, self.answer)
        for _ in range(events):
            self.now += step - self.chance.randrange(step // 2)
            what = self.chance.choice((*often, *often, self.ask, self.dispute, self.refer))
            what()
        self.now = until

    def report(self) -> None:
        author = self.chance.choice(self.members)
        post_id = int(post(author, f"words {self.now}"))
        category = self.chance.choice([Category.LEGAL, Category.OTHER, Category.SPAM])
        harm = self.chance.choice([None, Harm.SCAMS, Harm.HATE])
        said = Complaint(
            category=category, harm=harm, comment="Look.", post_ids=(post_id,), good_faith=True
        )
        about = author.account.id
        if self.chance.random() < 0.3:
            who = Contact(name="Vi", email="vi@example.test")
            self.db.write_now(reports.file_report_as_visitor, about, said, contact=who)
            return
        others = [m for m in (*self.members, self.flagger) if m is not author]
        self.db.write_now(reports.file_report, self.chance.choice(others).account.id, about, said)

    def decide(self) -> None:
        reviewer = self.chance.choice(self.team)
        try:
            case = self.db.write_now(review.take_next, reviewer)
        except NothingToDo:
            return
        self.now += self.chance.randrange(4) * MINUTE
        by_law = self.chance.random() < 0.4
        step = self.chance.choice(STEPS)
        draft = Draft(
            step=step,
            rule_code=self.chance.choice(RULES),
            facts="What happened.",
            label="Context" if step is Step.LABEL else "",
            ground=Ground.LAW if by_law else Ground.TERMS,
            law="Section 1" if by_law else "",
        )
        made = self.db.write_now(review.decide_case, reviewer, case.id, draft)
        assert made is not None
        of_case = rows(sa.select(report_table), Report)
        found = [r for r in self.db.read_now(lambda tx: tx.all(of_case)) if r.case_id == case.id]
        self.decided.append((made, found[0] if found else None))

    def contest(self) -> None:
        for decision, report in self.decided[-3:]:
            fresh = self.db.read_now(get_decision, decision.id)
            if decision.restricts and fresh.ended_at is None:
                contested = (appeals.appeal_as_author, decision.id, "No!")
            elif report is not None and report.category != Category.LEGAL:
                if report.by == Reporter.FLAGGER or decision.restricts:
                    continue
                found = self.db.read_now(get_report, report.id)
                if found.decision_id != decision.id:
                    continue
                contested = (appeals.appeal_as_reporter, found, "Look again.")
            else:
                continue
            with contextlib.suppress(AlreadyAppealed):
                self.filed.append(self.db.write_now(*contested))
                return

    def answer(self) -> None:
        if not self.filed:
            return
        appeal = self.filed.pop(0)
        decision = self.db.read_now(get_decision, appeal.decision_id)
        other = next(w for w in self.team if w != decision.decided_by)
        upheld = self.chance.random() < 0.5 and decision.ended_at is None
        self.db.write_now(
            appeals.decide_appeal, other, appeal.id, upheld=upheld, answer="We looked again."
        )

    def ask(self) -> None:
        draft = RequestDraft(
            order=self.chance.choice(list(Order)),
            body=Body.COURT,
            country=self.chance.choice(["DE", "FR", "US"]),
            authority="Court",
            basis="Act",
            asked="All of it.",
            received_at=self.now - 3 * DAY,
            confirmed_at=self.now - 2 * DAY,
            category=self.chance.choice(["SCAMS_AND_FRAUD", "NOT_SPECIFIED_ORDER"]),
            items=self.chance.randrange(4),
        )
        made = self.db.write_now(requests.note_request, self.heads[0], draft)
        answer = AnswerDraft(
            outcome=self.chance.choice(list(Outcome)),
            text="So.",
            data=(Data.HANDLE,),
            effective_at=self.now - HOUR,
        )
        self.db.write_now(requests.propose_answer, self.heads[0], made.id, answer)
        self.db.write_now(requests.agree_to_answer, self.heads[1], made.id)

    def dispute(self) -> None:
        standing = [
            d for d, _ in self.decided if self.db.read_now(get_decision, d.id).ended_at is None
        ]
        if not standing:
            return
        draft = DisputeDraft(
            body="Arbiters",
            filed_at=self.now - 60 * DAY,
            ended_at=self.now,
            result=self.chance.choice([Result.UPHELD, Result.UPHELD, Result.REVERSED]),
        )
        self.db.write_now(requests.record_dispute, self.team[0], standing[0].id, draft)

    def refer(self) -> None:
        draft = ReferralDraft(
            member="ada",
            danger=Danger.SELF_HARM,
            country="FR",
            told="112",
            why="She wrote goodbye.",
            data=(Data.HANDLE,),
            tell_at=self.now + DAY,
        )
        made = self.db.write_now(requests.propose_referral, self.team[0], draft)
        self.db.write_now(requests.agree_to_referral, self.team[1], made.id)


def in_period(at: int | None) -> bool:
    return at is not None and PERIOD.start <= at < PERIOD.end


def hours(pairs: list[tuple[int, int]]) -> float | None:
    seconds = [until // SECOND - since // SECOND for since, until in pairs]
    return round(median(seconds) / 3_600, 2) if seconds else None


def count_tables(tx: Tx) -> Tally:
    """The same figures from the rooms' own tables, each by its own definition."""

    def every(table: sa.Table, struct: Any) -> list[Any]:
        return tx.all(rows(sa.select(table).order_by(table.c.id), struct))

    decided = [d for d in every(decision_table, Decision) if in_period(d.created_at)]
    tally = Tally(PERIOD)
    _count_decisions(tx, tally, decided)
    _count_reports(tx, tally, every(report_table, Report), decided)
    _count_appeals(tx, tally, every(appeal_table, Appeal), every(decision_table, Decision))
    _count_orders(tally, every(legal_requests, LegalRequest))
    ended = [d for d in every(disputes, Dispute) if in_period(d.recorded_at)]
    tally.disputes.ended = len(ended)
    tally.disputes.upheld = sum(d.result == Result.UPHELD for d in ended)
    tally.disputes.reversed = sum(d.result == Result.REVERSED for d in ended)
    tally.disputes.implemented = sum(d.implemented for d in ended)
    tally.disputes.ended_h = hours([(d.filed_at, d.ended_at) for d in ended])
    tally.referrals = sum(in_period(r.decided_at) for r in every(referrals, Referral))
    return tally


def _count_decisions(tx: Tx, tally: Tally, decided: list[Decision]) -> None:
    tally.decisions = len(decided)
    used = tally.automation
    for decision in decided:
        rule = get_rule_of_version(tx, decision.version_id, decision.rule_code)
        source = SOURCES[Source(decision.source)]
        own = source in ("other-notification", "voluntary")
        if not decision.restricts:
            continue
        used.by_people += 1
        used.own_by_people += own
        restriction = RESTRICTIONS[Step(decision.step)]
        statement = rule.statement
        law = decision.ground == Ground.LAW
        unknown = "OTHER_VIOLATION_TC" if own else "NOT_SPECIFIED_NOTICE"
        for row in rows_of(statement.category, statement.keywords, unknown):
            if own:
                part = tally.illegal if law else tally.incompatible
                cell = part.setdefault(row, Measures())
                cell.total += 1
                cell.by[restriction] = cell.by.get(restriction, 0) + 1
                continue
            noted = tally.notices.setdefault(row, Notices())
            flagged = source == "trusted-flagger"
            noted.by_law += law
            noted.flagged_by_law += law and flagged
            noted.by_terms += not law
            noted.flagged_by_terms += flagged and not law


def _category(report: Report) -> str:
    harm = report.harm or (Harm.SPAM if report.category == Category.SPAM else "")
    return statement_mapping()[Harm(harm)][0] if harm else "OTHER_VIOLATION_TC"


def _count_reports(tx: Tx, tally: Tally, every: list[Report], decided: list[Decision]) -> None:
    tally.reports = sum(in_period(report.created_at) for report in every)
    times: dict[tuple[str, bool], list[tuple[int, int]]] = {}
    for report in every:
        flagged = report.by == Reporter.FLAGGER
        if not flagged and report.category != Category.LEGAL:
            continue
        for row in rows_of(_category(report), (), "NOT_SPECIFIED_NOTICE"):
            if in_period(report.created_at):
                cell = tally.notices.setdefault(row, Notices())
                cell.received += 1
                cell.items += 1
                cell.flagged += flagged
                cell.flagged_items += flagged
            if in_period(report.resolved_at):
                took = (report.created_at, report.resolved_at or 0)
                times.setdefault((row, False), []).append(took)
                if flagged:
                    times.setdefault((row, True), []).append(took)
                if row == "TOTAL":
                    tally.automation.notices_by_people += 1
                    tally.automation.flagged_by_people += flagged
    for (row, flagged), took in times.items():
        cell = tally.notices.setdefault(row, Notices())
        setattr(cell, "flagged_action_h" if flagged else "action_h", hours(took))


def _count_appeals(
    tx: Tx, tally: Tally, every: list[Appeal], all_decisions: list[Decision]
) -> None:
    by_id = {decision.id: decision for decision in all_decisions}
    kinds: dict[str, list[Appeal]] = {"": every}
    for appeal in every:
        decision = by_id[appeal.decision_id]
        kind = "no-action"
        if decision.restricts:
            kind = RESTRICTIONS[Step(decision.step)].partition("-")[0]
        elif decision.source == Source.FLAGGER:
            kind = "no-action-flagger"
        kinds.setdefault(kind, []).append(appeal)
    for kind, found in kinds.items():
        answered = [a for a in found if in_period(a.decided_at)]
        cell = Complaints(
            filed=sum(in_period(a.filed_at) for a in found),
            upheld=sum(a.state == State.REJECTED for a in answered),
            reversed=sum(a.state == State.UPHELD for a in answered),
            decided_h=hours([(a.filed_at, a.decided_at or 0) for a in answered]),
        )
        if cell != Complaints():
            tally.complaints[kind] = cell
    undone = (Ending.APPEALED, Ending.REVERSED, Ending.OUT_OF_COURT)
    tally.reversals = sum(d.ending in undone and in_period(d.ended_at) for d in all_decisions)
    tally.newly_imposed = _newly_imposed(every, all_decisions)
    deciders = {d.decider for d in all_decisions if in_period(d.created_at)}
    tally.reviewers = len(deciders | {a.decider for a in every if in_period(a.decided_at)})


def _newly_imposed(every: list[Appeal], all_decisions: list[Decision]) -> int:
    """Restrictions to which cases led that a reporter's upheld appeal, or several, opened again."""
    by_id = {decision.id: decision for decision in all_decisions}
    imposed = {}
    for appeal in every:
        if appeal.by != By.REPORTER or appeal.state != State.UPHELD:
            continue
        case = by_id[appeal.decision_id].case_id
        later = [
            d
            for d in all_decisions
            if d.case_id == case and d.restricts and d.created_at > (appeal.decided_at or 0)
        ]
        if later:
            imposed[later[0].id] = later[0]
    return sum(in_period(decision.created_at) for decision in imposed.values())


def _count_orders(tally: Tally, every: list[LegalRequest]) -> None:
    found = [r for r in every if in_period(r.answered_at)]
    for outcome in sorted({r.outcome for r in found}):
        tally.outcomes[outcome] = sum(r.outcome == outcome for r in found)
    for country in ("TOTAL", *sorted({r.country for r in found})):
        here = [r for r in found if country in (r.country, *(["TOTAL"] * (r.country in EU)))]
        by_row: dict[str, list[LegalRequest]] = {}
        for request in here:
            for row in rows_of(request.category, (), "NOT_SPECIFIED_ORDER"):
                by_row.setdefault(row, []).append(request)
        for row, listed in by_row.items():
            acting = [r for r in listed if r.order_kind == Order.ACT]
            asking = [r for r in listed if r.order_kind == Order.INFORM]
            tally.orders.setdefault(country, {})[row] = Orders(
                to_act=len(acting),
                items=sum(r.items for r in acting),
                act_confirmed_h=hours([(r.received_at, r.confirmed_at or 0) for r in acting]),
                act_effective_h=hours([(r.received_at, r.effective_at or 0) for r in acting]),
                to_inform=len(asking),
                inform_confirmed_h=hours([(r.received_at, r.confirmed_at or 0) for r in asking]),
                inform_effective_h=hours([(r.received_at, r.effective_at or 0) for r in asking]),
            )


@pytest.fixture(params=[1, 3, 4])
def life(
    db: Database, join: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Life:
    made = Life(db, join, monkeypatch, request.param)
    made.go_on(PERIOD.start, 25)
    made.go_on(PERIOD.end, 160)
    made.go_on(PERIOD.end + 9 * DAY, 10)
    return made


class Files:
    """The log's files, as they lie in the store."""

    def __init__(self, app: App) -> None:
        self._storage = app.context.storage

    async def get(self, path: str) -> bytes | None:
        try:
            return self._storage.get(f"log/{path}")
        except NoSuchFile:
            return None


def test_tables_and_tiles_give_the_same_files(
    life: Life, app: App, db: Database, loop: Any
) -> None:
    while loop.run_until_complete(grow(app.context)):
        pass
    signer = db.read_now(transparency.find_signer, transparency.LOG)
    assert signer is not None
    raw = (db.read_now(transparency.find_checkpoint) or "").encode()
    signed = open_checkpoint(raw, signer.vkey)
    count = Count(PERIOD)
    check = EntryCheck(count.take)
    found = loop.run_until_complete(audit(Files(app), signed.checkpoint, check_entry=check))
    assert found.problems == []
    tiles = count.tally()
    tables = db.read_now(count_tables)
    assert min(tables.decisions, tables.reversals, tables.referrals, tables.newly_imposed) > 0
    ours = dict(build_files(IDENTITY, tables))
    theirs = dict(build_files(IDENTITY, tiles))
    for name, text in ours.items():
        assert text.encode() == theirs[name].encode(), name
    assert build_files(IDENTITY, db.read_now(count_period, PERIOD)) == list(theirs.items())
    for figure in ("decisions", "reports", "reversals", "referrals", "outcomes"):
        assert getattr(tables, figure) == getattr(tiles, figure), figure


def test_figures_outlive_the_accounts(life: Life, db: Database) -> None:
    before = db.read_now(count_period, PERIOD)
    for member in life.members:
        db.write_now(lambda tx, m=member: tx.announce(AccountDeleted(m.account.id)))
    assert db.read_now(count_tables).decisions == 0
    assert db.read_now(count_period, PERIOD) == before
    assert msgspec.json.encode(before)
