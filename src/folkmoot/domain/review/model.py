"""Cases as values; the order in which they are taken, and the clocks that run for them."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import Draft
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.posts.model import Post, Visibility
from folkmoot.domain.reports.model import By, Report
from folkmoot.domain.reports.model import Category as ReportCategory
from folkmoot.kit.clock import DAY, HOUR, MINUTE, spoken_span
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

CaseId = NewType("CaseId", int)
NO_CASE = CaseId(0)

LEASE = 5 * MINUTE
SKIP_LASTS = 12 * HOUR
BULK_AT_MOST = 50
# How long what a reviewer asked to see stays before their eyes; then they ask again.
LOOK_LASTS = 30 * MINUTE
# When the desk suggests a break, and what counts as one.
BREAK_LASTS = 15 * MINUTE
BREAK_AFTER_CASES = 20
BREAK_AFTER_GRAVE = 30 * MINUTE
# An hour of waiting moves a case as far up as twice the reach or the corroboration does.
_DOUBLING = HOUR


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    PROPOSED = "proposed"  # decided by one reviewer, waiting for a second to agree
    CLOSED = "closed"


class Sight(StrEnum):
    """How a reviewer comes to see a post."""

    OPEN = "open"  # as everybody can
    ASKED = "asked"  # on request, and the look is recorded
    NEVER = "never"  # not public, and nobody has reported it


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


class RuleNeeded(Invalid):
    """Say which rule this is about: name its code, such as {code}, in the text, or its rule id"""


class RestrictionStands(Conflict):
    """What was decided restricts somebody: lift that instead, or leave it to an appeal"""


class NothingProposed(Conflict):
    """Nothing waits for agreement in this case"""


class NotToBeSeen(Forbidden):
    """This is not public and nobody has reported it: the team does not see it either"""


class TooManyAlike(Invalid):
    """At most {most} cases can be decided at once"""


class NoneChosen(Invalid):
    """Choose the cases that this is about"""


class Case(msgspec.Struct, frozen=True):
    """A row of cases, in the table's order.

    `weight` adds up what the reports of different reporters count, `reach` is how many may have
    seen the subject. The lower `rank`, the sooner it is taken: a moment, moved back by how grave
    the case is. `proposal` is the Proposed that waits for a second reviewer, as JSON.
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
    """A row of looks: somebody of the team saw something that not everybody can see (I4, D6);
    `case_id` is NO_CASE where no case was the reason.
    """

    id: int
    case_id: CaseId
    reviewer_id: AccountId
    account_id: AccountId
    what: str
    created_at: int


def sight_of_post(post: Post, *, named: bool) -> Sight:
    """How a reviewer comes to see a post: `named` is whether a report of the case names it. What
    a decision withholds was for everybody before.
    """
    if post.visibility <= Visibility.UNLISTED:
        return Sight.OPEN
    return Sight.ASKED if named or post.meant_for <= Visibility.UNLISTED else Sight.NEVER


class Proposed(msgspec.Struct, frozen=True):
    """What one reviewer would decide; `on_account` where a post's case leads to its author."""

    draft: Draft
    on_account: bool = False


def proposed_in(case: Case) -> Proposed:
    """What waits for a second reviewer in a case."""
    return msgspec.json.decode(case.proposal, type=Proposed)


def detectors_of(case: Case) -> list[str]:
    """The names of the detectors that found it."""
    return msgspec.json.decode(case.detectors, type=list[str])


def post_mark(post_id: int) -> str:
    """How a look at a post is noted."""
    return f"post {post_id}"


class Choice(msgspec.Struct, frozen=True):
    """Which cases of the queue are wanted. `detector` is a name, `*` for whichever, empty where it
    does not matter.
    """

    harm: str = ""
    kind: str = ""
    detector: str = ""
    late: bool = False


class Handled(msgspec.Struct, frozen=True):
    """A case that a reviewer has closed: which harm, and when they had it before their eyes."""

    harm: str
    taken_at: int
    closed_at: int

    @property
    def grave(self) -> bool:
        return SEVERITY.get(self.harm, 1) == 3

    @property
    def lasted(self) -> int:
        return self.closed_at - self.taken_at


class Exposure(msgspec.Struct, frozen=True):
    """What a reviewer has had before their eyes: cases and minutes, those of grave harm among
    them, and looks at what is not public. `at_once` and `grave_at_once_ms` are since the last
    break.
    """

    cases: int
    grave: int
    looks: int
    lasted_ms: int
    grave_ms: int
    at_once: int
    grave_at_once_ms: int

    @property
    def suggests_break(self) -> bool:
        return self.at_once >= BREAK_AFTER_CASES or self.grave_at_once_ms >= BREAK_AFTER_GRAVE


def expose(handled: Sequence[Handled], *, looks: int, now: int) -> Exposure:
    """Adds up what was handled, oldest first. A break is a quarter of an hour without a case."""
    stretch: list[Handled] = []
    before = now
    for one in reversed(handled):
        if before - one.closed_at >= BREAK_LASTS:
            break
        stretch.append(one)
        before = one.taken_at
    grave = [one for one in handled if one.grave]
    return Exposure(
        cases=len(handled),
        grave=len(grave),
        looks=looks,
        lasted_ms=sum(one.lasted for one in handled),
        grave_ms=sum(one.lasted for one in grave),
        at_once=len(stretch),
        grave_at_once_ms=sum(one.lasted for one in stretch if one.grave),
    )


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


def clock_of(harm: str) -> int:
    """How long a decision may take, in milliseconds: the service level of the harm."""
    return clock_for(SEVERITY.get(harm, 1))


def clock_for(severity: int) -> int:
    """The service level of a severity."""
    return _CLOCKS[severity]


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
    """Its place in the queue, as a moment: when it is due, which the harm decides, moved back by an
    hour for each doubling of reach × corroboration. Since all cases wait equally fast, their order
    never changes by waiting alone, and an index holds it.
    """
    corroboration = max(case.weight, 0.5) * (4.0 if case.flagged else 1.0)
    corroboration += len(detectors_of(case))
    factor = (10 + case.reach) / 10 * corroboration
    return round(case.opened_at + clock_for(case.severity) - _DOUBLING * math.log2(factor))


def why_here(case: Case, now: int) -> str:
    """The reason for a case's place, in words."""
    grave = {3: "grave harm", 2: "serious harm", 1: "lesser harm"}[case.severity]
    parts = [grave, f"seen by about {case.reach}"]
    if case.reporters or not case.reports:
        parts.append(f"{case.reporters} reporter{'' if case.reporters == 1 else 's'}")
    if case.flagged:
        parts.append("a trusted flagger")
    detectors = detectors_of(case)
    if detectors:
        parts.append(f"found by {', '.join(detectors)}")
    parts.append(f"waiting for {spoken_span(now - case.opened_at)}")
    return ", ".join(parts)


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
    names = detectors_of(case)
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
