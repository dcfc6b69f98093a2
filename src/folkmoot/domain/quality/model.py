"""Second looks as values, which cases are drawn for them, and what agreement is called in words."""

import hmac
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import LADDER, Step
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.practice.model import Answer
from folkmoot.kit.agreement import Reliability, measure, nominal, ordinal
from folkmoot.kit.clock import DAY, MINUTE
from folkmoot.kit.crypto import derive
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

SecondLookId = NewType("SecondLookId", int)

LEASE = 30 * MINUTE
# What nobody has looked at for so long is let go: agreement is about how the team works now.
WAITS_AT_MOST = 30 * DAY
MAX_WHY_CHARS = 2_000
# So many cases and people at least, for agreement on a rule to be more than talk about persons.
SAY_FROM = 10
PEOPLE_FROM = 3


class Wish(StrEnum):
    """What became of a second reviewer's wish that a case be judged again."""

    NONE = ""
    PROPOSED = "proposed"
    REOPENED = "reopened"
    KEPT = "kept"


class SecondLookNotFound(NotFound):
    """There is no such second look"""


class NothingToLookAt(NotFound):
    """No case waits for a second look of yours"""


class NotTaken(Conflict):
    """Take it first: the half hour for it is over"""


class AlreadyLooked(Conflict):
    """This has been looked at already"""


class NothingDiffers(Conflict):
    """You decided as the first reviewer did: there is nothing to reconsider"""


class NothingWished(Conflict):
    """Nobody asks for this case to be judged again, or it is settled already"""


class OwnDecision(Forbidden):
    """Somebody else has to settle this: you took part in what it is about"""


class WhyMissing(Invalid):
    """Say why, in up to 2,000 characters"""


class WhyTooLong(Invalid):
    """This can be up to 2,000 characters long"""


class SecondLook(msgspec.Struct, frozen=True):
    """A row of second_looks, in the table's order.

    `rule_code` and `step` are what was decided, `second_rule` and `second_step` what the second
    reviewer would have; no rule stands beside no action. What leads to the member is None once
    they have gone, and so is each reviewer; the answers stay, as numbers.
    """

    id: SecondLookId
    case_id: int | None
    decision_id: int | None
    post_id: int | None
    account_id: AccountId | None
    subject_kind: str
    version_id: int
    rule_code: str
    step: str
    first_by: AccountId | None
    first_second: AccountId | None
    queued_at: int
    taken_by: AccountId | None
    taken_until: int | None
    passed_by: AccountId | None
    second_rule: str
    second_step: str
    second_why: str
    looked_by: AccountId | None
    looked_at: int | None
    wish: str
    wish_why: str
    settled_by: AccountId | None
    settled_at: int | None
    settled_why: str

    @property
    def agrees(self) -> bool:
        """Whether both came to the same."""
        return (self.rule_code, self.step) == (self.second_rule, self.second_step)

    def concerns(self, account_id: int) -> bool:
        """Whether somebody took part in the first decision, or is whom it is about."""
        return account_id in (self.first_by, self.first_second, self.account_id)


class Complaint(msgspec.Struct, frozen=True):
    """What a report says, without who sent it."""

    category: str
    harm: str
    comment: str


class GivenAccount(msgspec.Struct, frozen=True):
    """An account as it presents itself."""

    id: AccountId
    address: str
    name: str
    note: str


class GivenPost(msgspec.Struct, frozen=True):
    """A post as its author wrote it, whatever was made of it since."""

    id: PostId
    warning: str
    text: str
    language: str
    written_at: int


class Material(msgspec.Struct, frozen=True):
    """What a second reviewer is given to judge: the account, the posts, what was reported. Neither
    what was decided nor by whom, nor what came of it.
    """

    account: GivenAccount
    posts: tuple[GivenPost, ...]
    complaints: tuple[Complaint, ...]


class Judged(msgspec.Struct, frozen=True):
    """A case and what each who judged it came to; `judges` are those known of them."""

    answers: tuple[Answer, ...]
    judges: frozenset[int]


class Agreement(msgspec.Struct, frozen=True):
    """How far reviewers agree on a rule: whether it is the one (nominal), and how far to go where
    at least one of them took it (ordinal, over the ladder). `cases` is how many those are, `judges`
    how many people judged them. Without a code it is about all rules together.
    """

    rule_code: str
    cases: int
    judges: int
    on_rule: Reliability | None
    on_step: Reliability | None

    def may_be_told(self, least: int) -> bool:
        """Whether everybody may know of it: it rests on enough cases, and on so many people that
        nobody is singled out.
        """
        return self.cases >= least and self.judges >= PEOPLE_FROM


def is_drawn(secret_key: str, case_id: int, share: float) -> bool:
    """Whether a case is drawn for a second look: always the same for the same case, and nobody who
    decides it can tell beforehand.
    """
    key = derive(secret_key, "second looks")
    drawn = int.from_bytes(hmac.digest(key, str(case_id).encode(), "sha256")[:8])
    return drawn < share * 2**64


def decided(rule_code: str, step: str) -> Answer:
    """A decision as an answer: no rule is kept beside no action."""
    return Answer("" if step == Step.NO_ACTION else rule_code, Step(step))


def check_why(text: str, *, needed: bool) -> str:
    """Reasons without blanks around them; WhyTooLong, WhyMissing."""
    said = text.strip()
    if len(said) > MAX_WHY_CHARS:
        raise WhyTooLong(field="why")
    if needed and not said:
        raise WhyMissing(field="why")
    return said


def agree_on(rule_code: str, judged: Sequence[Judged]) -> Agreement:
    """How far reviewers agree on a rule.

    On whether it is the rule: of all cases, since those it was not taken for tell as much. On the
    step: of the cases for which at least one took the rule.
    """
    taken = [one for one in judged if any(a.rule_code == rule_code for a in one.answers)]
    return Agreement(
        rule_code=rule_code,
        cases=len(taken),
        judges=len(frozenset().union(*(one.judges for one in taken))),
        on_rule=measure(
            ([int(a.rule_code == rule_code) for a in one.answers] for one in judged), nominal
        ),
        on_step=_on_step(taken),
    )


def agree_at_all(judged: Sequence[Judged]) -> Agreement:
    """How far reviewers agree on which rule it is, no rule being one of the answers, and on the
    step.
    """
    codes = sorted({a.rule_code for one in judged for a in one.answers})
    return Agreement(
        rule_code="",
        cases=len(judged),
        judges=len(frozenset().union(*(one.judges for one in judged))),
        on_rule=measure(
            ([codes.index(a.rule_code) for a in one.answers] for one in judged), nominal
        ),
        on_step=_on_step(judged),
    )


def _on_step(judged: Iterable[Judged]) -> Reliability | None:
    return measure(([LADDER.index(a.step) for a in one.answers] for one in judged), ordinal)


class Grade(StrEnum):
    """What alpha means, by the bounds that K. Krippendorff gives ("Content Analysis", 4th edition,
    2019, 12.4): from 0.8 on to be relied on, from 0.667 for tentative conclusions.
    """

    UNKNOWN = "unknown"
    POOR = "poor"
    FAIR = "fair"
    GOOD = "good"


def grade(found: Reliability | None) -> Grade:
    """What an agreement is called; unknown from too few cases."""
    if found is None or found.units < SAY_FROM:
        return Grade.UNKNOWN
    if found.alpha >= 0.8:
        return Grade.GOOD
    return Grade.FAIR if found.alpha >= 0.667 else Grade.POOR
