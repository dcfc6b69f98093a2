"""Cases as values; the order in which they are taken, and the clocks that run for them."""

import math
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.reports.model import By, Report
from folkmoot.domain.reports.model import Category as ReportCategory
from folkmoot.kit.clock import DAY, HOUR, MINUTE
from folkmoot.kit.errors import Conflict, Forbidden, NotFound

CaseId = NewType("CaseId", int)

LEASE = 5 * MINUTE
SKIP_LASTS = 12 * HOUR
BULK_AT_MOST = 50
# An hour of waiting moves a case as far up as twice the harm, the reach or the corroboration does.
_DOUBLING = HOUR


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    PROPOSED = "proposed"  # decided by one reviewer, waiting for a second to agree
    CLOSED = "closed"


class CaseNotFound(NotFound):
    """There is no such case"""


class NothingToDo(NotFound):
    """Nothing waits for you"""


class CaseTaken(Conflict):
    """Another reviewer has this case until {until}"""


class NotTaken(Conflict):
    """Take the case first: the five minutes for it are over"""


class CaseClosed(Conflict):
    """This case is closed"""


class OwnCase(Forbidden):
    """You are part of this case: somebody else has to judge it"""


class NothingProposed(Conflict):
    """Nothing waits for agreement in this case"""


class Case(msgspec.Struct, frozen=True):
    """A row of cases, in the table's order.

    `weight` adds up what the reports of different reporters count, `reach` is how many may have
    seen the subject. The lower `rank`, the sooner it is taken: a moment, moved back by how grave
    the case is. `proposal` is the Draft that waits for a second reviewer, as JSON.
    """

    id: CaseId
    subject_kind: str
    subject_id: int | None
    account_id: AccountId
    state: str
    harm: str
    reports: int
    reporters: int
    weight: float
    flagged: bool
    detectors: str
    reach: int
    opened_at: int
    due_at: int
    rank: int
    leased_by: AccountId | None
    lease_until: int | None
    taken_at: int | None
    proposal: str
    proposed_by: AccountId | None
    closed_at: int | None
    closed_by: AccountId | None
    handled_ms: int

    @property
    def severity(self) -> int:
        return SEVERITY.get(self.harm, 1)


class Look(msgspec.Struct, frozen=True):
    """A row of looks: a reviewer saw something that not everybody can see (I4, D6)."""

    id: int
    case_id: CaseId
    reviewer_id: AccountId
    account_id: AccountId
    what: str
    created_at: int


# How grave a harm is: 3 threatens life or safety, 1 is a nuisance.
SEVERITY: dict[str, int] = {
    Harm.VIOLENCE: 3,
    Harm.SEXUAL_EXPLOITATION: 3,
    Harm.SELF_HARM: 3,
    Harm.INTIMATE_CONTENT: 3,
    Harm.HATE: 2,
    Harm.HARASSMENT: 2,
    Harm.PRIVATE_INFORMATION: 2,
    Harm.SCAMS: 2,
    Harm.ILLEGAL_GOODS: 2,
    Harm.IMPERSONATION: 2,
    Harm.INTELLECTUAL_PROPERTY: 1,
    Harm.ADULT_CONTENT: 1,
    Harm.SPAM: 1,
}
SEVERITIES = (1, 2, 3)
_CLOCKS = {3: 4 * HOUR, 2: DAY, 1: 3 * DAY}
_GRAVITY = {3: 64.0, 2: 8.0, 1: 1.0}


def clock_of(harm: str) -> int:
    """How long a decision may take, in milliseconds: the service level of the harm."""
    return clock_for(SEVERITY.get(harm, 1))


def clock_for(severity: int) -> int:
    """The service level of a severity."""
    return _CLOCKS[severity]


def head_start(severity: int) -> int:
    """How much longer a case of severity 1 has to have waited, in milliseconds, to be taken before
    one of this severity, all else being alike.
    """
    return round(_DOUBLING * math.log2(_GRAVITY[severity]))


def harm_of(report: Report) -> str:
    """The harm a report names; spam where an app says only that."""
    if report.harm:
        return report.harm
    return Harm.SPAM if report.category == ReportCategory.SPAM else ""


def graver(one: str, other: str) -> str:
    """The graver of two harms; whichever is named where one is not."""
    if not one or not other:
        return one or other
    return other if SEVERITY[other] > SEVERITY[one] else one


def rank_of(case: Case) -> int:
    """Its place in the queue, as a moment: when it was opened, moved back by an hour for each
    doubling of harm × reach × corroboration. Since all cases wait equally fast, their order never
    changes by waiting alone, and an index holds it.
    """
    corroboration = max(case.weight, 0.5) * (4.0 if case.flagged else 1.0)
    corroboration += len(msgspec.json.decode(case.detectors, type=list[str]))
    factor = _GRAVITY[case.severity] * (10 + case.reach) / 10 * corroboration
    return round(case.opened_at - _DOUBLING * math.log2(factor))


def why_here(case: Case, now: int) -> str:
    """The reason for a case's place, in words."""
    grave = {3: "grave harm", 2: "serious harm", 1: "lesser harm"}[case.severity]
    parts = [grave, f"seen by about {case.reach}"]
    if case.reporters or not case.reports:
        parts.append(f"{case.reporters} reporter{'' if case.reporters == 1 else 's'}")
    if case.flagged:
        parts.append("a trusted flagger")
    detectors = msgspec.json.decode(case.detectors, type=list[str])
    if detectors:
        parts.append(f"found by {', '.join(detectors)}")
    parts.append(f"waiting for {_spoken(now - case.opened_at)}")
    return ", ".join(parts)


def _spoken(lasted: int) -> str:
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if lasted >= size:
            count = lasted // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"


def joined(case: Case, report: Report, *, weight: float, again: bool) -> Case:
    """The case with one more report. Who reports the same again corroborates nothing."""
    harm = graver(case.harm, harm_of(report))
    more = msgspec.structs.replace(
        case,
        harm=harm,
        reports=case.reports + 1,
        reporters=case.reporters + (not again),
        weight=case.weight + (0.0 if again else weight),
        flagged=case.flagged or report.by == By.FLAGGER,
        due_at=min(case.due_at, case.opened_at + clock_of(harm)),
    )
    return msgspec.structs.replace(more, rank=rank_of(more))


def found_by(case: Case, detector: str, harm: str) -> Case:
    """The case with a detector's finding."""
    names = msgspec.json.decode(case.detectors, type=list[str])
    if detector not in names:
        names.append(detector)
    graver_harm = graver(case.harm, harm)
    more = msgspec.structs.replace(
        case,
        harm=graver_harm,
        detectors=msgspec.json.encode(names).decode(),
        due_at=min(case.due_at, case.opened_at + clock_of(graver_harm)),
    )
    return msgspec.structs.replace(more, rank=rank_of(more))
