"""Appeals as values."""

from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import Decision, DecisionId
from folkmoot.domain.reports.model import ReportId
from folkmoot.kit.clock import DAY
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

AppealId = NewType("AppealId", int)

MAX_TEXT_CHARS = 5_000
# How long an appeal may take; those that take longer are counted in public.
ANSWER_WITHIN = 14 * DAY


class By(StrEnum):
    """Who contests."""

    AUTHOR = "author"
    REPORTER = "reporter"


class State(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class AppealNotFound(NotFound):
    """There is no such appeal"""


class TextMissing(Invalid):
    """Say why the decision is wrong, in up to 5,000 characters"""


class AnswerMissing(Invalid):
    """Give the reasons for your answer, in up to 5,000 characters"""


class TooLate(Forbidden):
    """This decision could be contested until {until}"""


class NotContestable(Conflict):
    """There is nothing to contest: {why}"""


class AlreadyAppealed(Conflict):
    """An appeal against this decision has been filed already"""


class OwnDecision(Forbidden):
    """Somebody else has to decide this: you took part in what it contests"""


class AlreadyDecided(Conflict):
    """This appeal is decided already"""


class Appeal(msgspec.Struct, frozen=True):
    """A row of appeals, in the table's order. `report_id` is 0 for the author's; `first_decider`
    and `first_seconder` are the names of those who may not decide it.
    """

    id: AppealId
    decision_id: DecisionId
    by: str
    report_id: ReportId
    account_id: AccountId
    text: str
    filed_at: int
    due_at: int
    first_decider: str
    first_seconder: str
    state: str
    answer: str
    decider: str
    decided_by: AccountId | None
    decided_at: int | None


def may_answer(decision: Decision, reviewer_id: int) -> bool:
    """Whether a reviewer had no part in a decision, and it is not about them."""
    return reviewer_id not in (decision.decided_by, decision.seconded_by, decision.account_id)


def code_of(appeal_id: int) -> str:
    """The name of an appeal in the public log."""
    return f"A-{appeal_id}"


def check_text(text: str) -> str:
    """What an appeal says, without blanks around it; TextMissing."""
    if not 0 < len(text.strip()) <= MAX_TEXT_CHARS:
        raise TextMissing(field="text")
    return text.strip()


def check_answer(text: str) -> str:
    """What it is answered; AnswerMissing."""
    if not 0 < len(text.strip()) <= MAX_TEXT_CHARS:
        raise AnswerMissing(field="answer")
    return text.strip()
