"""Two years of a place's public log, made up: every kind of entry that reports count."""

import random
from typing import Any

from folkmoot.domain.transparency import model as log
from folkmoot.domain.transparency.actions import record
from folkmoot.kit import clock
from folkmoot.kit.clock import DAY, HOUR
from folkmoot.kit.db import Database, Tx

PEOPLE = tuple(f"r-{letter * 16}" for letter in "abcde")
CATEGORIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("CYBER_VIOLENCE", ("CYBER_HARASSMENT", "CYBER_STALKING")),
    ("SCAMS_AND_FRAUD", ("PHISHING",)),
    ("ILLEGAL_OR_HARMFUL_SPEECH", ("HATE_SPEECH", "OTHER")),
    ("OTHER_VIOLATION_TC", ()),
    ("spam", ()),
)
RESTRICTIONS: tuple[tuple[Any, str], ...] = (
    ("visibility-disabled", "quarantine"),
    ("visibility-labelled", "label"),
    ("visibility-demoted", "unlist"),
    ("service-partial-suspension", "pause"),
    ("account-suspended", "suspend"),
)


class History:
    """Writes entries at moments of its own choosing."""

    def __init__(self, db: Database, monkeypatch: Any, start: int, seed: int) -> None:
        self._db = db
        self._now = start
        self._chance = random.Random(seed)
        self._numbers = iter(range(1, 1 << 30))
        self._waiting: list[log.Notice] = []
        self._decided: list[log.Decision] = []
        self._complaints: list[log.Complaint] = []
        monkeypatch.setattr(clock, "now", lambda: self._now)

    def live(self, until: int, *, events: int) -> None:
        """Lets things happen, evenly over the time left."""
        step = (until - self._now) // events
        for _ in range(events):
            self._now += self._chance.randrange(step)
            self._db.write_now(self._happen)
        self._now = until

    def _happen(self, tx: Tx) -> None:
        often = (self._report, self._decide)
        seldom = (self._contest, self._answer, self._order, self._dispute)
        what = self._chance.choice((*often, *often, *seldom, self._misuse, self._refer))
        what(tx)

    def _code(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _moment(self, ago: int = 0) -> str:
        return log.moment(self._now - ago)

    def _report(self, tx: Tx) -> None:
        category, words = self._chance.choice(CATEGORIES)
        notice = log.Notice(
            code=self._code("R"),
            received_at=self._moment(),
            source=self._chance.choice(["article-16", "trusted-flagger", "other"]),
            category=self._chance.choice([category, "other"]),
            keyword=self._chance.choice([None, *words]),
            items=self._chance.randrange(1, 5),
        )
        record(tx, notice)
        self._waiting.append(notice)

    def _decide(self, tx: Tx) -> None:
        notices = [n for n in self._waiting if self._chance.random() < 0.7]
        category, words = self._chance.choice(CATEGORIES)
        fully = not notices and self._chance.random() < 0.3
        found = fully or self._chance.random() < 0.4
        restrictions = self._chance.choice([[], *([each] for each in RESTRICTIONS)])
        reopened = [d for d in self._decided if not d.measures]
        case = self._chance.choice(reopened).case if reopened else self._code("C")
        source: Any = (
            {
                "article-16": "article-16",
                "trusted-flagger": "trusted-flagger",
                "other": "other-notification",
            }[notices[0].source]
            if notices
            else "voluntary"
        )
        decision = log.Decision(
            code=self._code("D"),
            case=case,
            decided_at=self._moment(),
            received_at=self._moment(DAY),
            category=category,
            keywords=tuple(w for w in words if self._chance.random() < 0.5),
            source=source,
            automated_detection=found,
            automated_decision="fully" if fully else "not",
            by=None if fully else self._chance.choice(PEOPLE),
            ground=self._chance.choice(["illegal", "incompatible"]),
            measures=tuple(log.Measure(restriction=r, step=s) for r, s in restrictions),
        )
        record(tx, decision)
        self._decided.append(decision)
        if notices:
            answered = tuple(notice.code for notice in notices)
            record(
                tx,
                log.Answer(decision=decision.code, notices=answered, answered_at=self._moment()),
            )
            # Some are opened again, and answered twice.
            self._waiting = [
                n for n in self._waiting if n not in notices or self._chance.random() < 0.1
            ]

    def _contest(self, tx: Tx) -> None:
        if not self._decided:
            return
        decision = self._chance.choice(self._decided)
        about: Any = "no-action"
        if decision.measures:
            about = decision.measures[0].restriction.partition("-")[0]
        complaint = log.Complaint(
            code=self._code("A"),
            decision=decision.code,
            by="author" if decision.measures else "reporter",
            filed_at=self._moment(),
            about=about,
            case=decision.case,
        )
        record(tx, complaint)
        self._complaints.append(complaint)

    def _answer(self, tx: Tx) -> None:
        if not self._complaints:
            return
        complaint = self._complaints.pop(self._chance.randrange(len(self._complaints)))
        outcome: Any = self._chance.choice(["upheld", "reversed", "partly-reversed", "withdrawn"])
        record(
            tx,
            log.Appeal(
                code=complaint.code,
                decision=complaint.decision,
                by=complaint.by,
                filed_at=complaint.filed_at,
                decided_at=self._moment(),
                outcome=outcome,
                decided_by=self._chance.choice(PEOPLE),
            ),
        )
        if outcome == "reversed" and complaint.by == "author":
            record(
                tx,
                log.Reversal(
                    decision=complaint.decision, reversed_at=self._moment(), because="appeal"
                ),
            )

    def _order(self, tx: Tx) -> None:
        record(
            tx,
            log.LegalRequest(
                code=self._code("L"),
                order=self._chance.choice(["to-act", "to-inform", "other"]),
                country=self._chance.choice(["DE", "FR", "US"]),
                authority="District court",
                basis="An act",
                category=self._chance.choice([CATEGORIES[0][0], "NOT_SPECIFIED_ORDER"]),
                outcome=self._chance.choice(["given", "narrowed", "refused"]),
                received_at=self._moment(9 * DAY),
                confirmed_at=self._chance.choice([None, self._moment(8 * DAY)]),
                effective_at=self._chance.choice([None, self._moment(HOUR)]),
                answered_at=self._moment(),
                agreed_by=(PEOPLE[0], PEOPLE[1]),
                member_told=True,
                items=self._chance.randrange(3),
            ),
        )

    def _dispute(self, tx: Tx) -> None:
        record(
            tx,
            log.Dispute(
                code=self._code("O"),
                decision="D-1",
                body="Harbour Arbiters",
                filed_at=self._moment(90 * DAY),
                ended_at=self._moment(),
                outcome=self._chance.choice(
                    ["upheld", "reversed", "partly-reversed", "no-outcome"]
                ),
                implemented=self._chance.random() < 0.8,
            ),
        )

    def _misuse(self, tx: Tx) -> None:
        record(
            tx,
            log.Misuse(
                code=self._code("M"),
                of=self._chance.choice(["unfounded-notices", "illegal-content"]),
                warned_at=self._moment(DAY),
                from_at=self._moment(),
                until=self._moment(-DAY),
                by=PEOPLE[0],
            ),
        )

    def _refer(self, tx: Tx) -> None:
        record(
            tx,
            log.Referral(
                code=self._code("E"),
                referred_at=self._moment(),
                country="FR",
                category="self-harm",
                data=("handle",),
                agreed_by=(PEOPLE[2], PEOPLE[3]),
            ),
        )
