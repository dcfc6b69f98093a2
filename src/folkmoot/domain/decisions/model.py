"""Decisions as values: what each step of the ladder may be taken for, how long, and how grave."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.model import Restraint as AccountRestraint
from folkmoot.domain.media.model import Kind as MediaKind
from folkmoot.domain.policy.model import Action, Rule
from folkmoot.domain.posts.model import Label, Post, Visibility
from folkmoot.domain.posts.model import Restraint as PostRestraint
from folkmoot.domain.transparency.model import Restriction
from folkmoot.kit.clock import DAY, HOUR
from folkmoot.kit.crypto import link_key
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound

DecisionId = NewType("DecisionId", int)

MAX_FACTS_CHARS = 5_000
MAX_LABEL_CHARS = 300
MAX_LAW_CHARS = 500
# How long a decision can be contested, and nothing about it is destroyed (DSA, Art. 20: at least
# six months).
APPEAL_WINDOW = 184 * DAY
# How long a decision counts when the next one is weighed.
STRIKE_LIFE = 365 * DAY
HOLD_AT_MOST = 7 * DAY
PAUSE_AT_MOST = 90 * DAY
REVIEW_AFTER = 180 * DAY
# How long before its date a decision stands among those to be looked at again.
LOOK_AGAIN = 14 * DAY
GREAT_REACH = 10_000


class SubjectKind(StrEnum):
    """What can be decided about."""

    ACCOUNT = "account"
    POST = "post"


class Step(StrEnum):
    """What a decision does: the steps of the ladder, and what detection may ask for beside: to
    hold a post, to slow an account down.
    """

    NO_ACTION = Action.NO_ACTION
    LABEL = Action.LABEL
    SCREEN = Action.SCREEN
    LIMIT = Action.LIMIT
    UNLIST = Action.UNLIST
    QUARANTINE = Action.QUARANTINE
    PAUSE = Action.PAUSE
    SUSPEND = Action.SUSPEND
    HOLD = "hold"
    SLOW = "slow"


LADDER = tuple(Step(action) for action in Action)
# What can be done to each kind of subject, and what no human being needs to be asked for first.
POSSIBLE: dict[SubjectKind, frozenset[Step]] = {
    SubjectKind.POST: frozenset(
        {Step.NO_ACTION, Step.LABEL, Step.SCREEN, Step.UNLIST, Step.QUARANTINE, Step.HOLD}
    ),
    SubjectKind.ACCOUNT: frozenset(
        {Step.NO_ACTION, Step.SCREEN, Step.LIMIT, Step.UNLIST, Step.PAUSE, Step.SUSPEND, Step.SLOW}
    ),
}
AUTOMATIC = frozenset({Step.LABEL, Step.SCREEN, Step.HOLD, Step.SLOW})
# What a rule must allow: to be held until somebody looks is no consequence of a rule.
_NEEDS = {Step.HOLD: Action.NO_ACTION, Step.SLOW: Action.LIMIT}


# What each step is in the words of the EU transparency database.
RESTRICTIONS: dict[Step, Restriction] = {
    Step.LABEL: "visibility-labelled",
    Step.SCREEN: "visibility-other",
    Step.LIMIT: "visibility-interaction-restricted",
    Step.UNLIST: "visibility-demoted",
    Step.QUARANTINE: "visibility-disabled",
    Step.HOLD: "visibility-disabled",
    Step.SLOW: "service-partial-suspension",
    Step.PAUSE: "service-partial-suspension",
    Step.SUSPEND: "account-suspended",
}


class Ground(StrEnum):
    """What a decision rests on."""

    TERMS = "terms"
    LAW = "law"


class Source(StrEnum):
    """What brought the subject to attention, as the EU transparency database tells them apart."""

    NOTICE = "notice"
    FLAGGER = "trusted-flagger"
    OTHER_NOTICE = "other-notice"
    OWN = "own-initiative"


class Ending(StrEnum):
    """How a decision came to an end."""

    EXPIRED = "expired"
    REVERSED = "reversed"
    APPEALED = "appeal-upheld"
    REPLACED = "replaced"
    OUT_OF_COURT = "out-of-court"


UNDOING = frozenset({Ending.REVERSED, Ending.APPEALED, Ending.OUT_OF_COURT})
"""How decisions end that should not have been made."""


class DecisionNotFound(NotFound):
    """There is no such decision"""


class NotDecidable(Invalid):
    """This cannot be done to {subject}: choose another step"""


class RuleForbids(Invalid):
    """Rule {code} does not lead to this step: choose another step, or another rule"""


class FactsMissing(Invalid):
    """Say what happened, in up to 5,000 characters: the member reads it as the reason"""


class LabelInvalid(Invalid):
    """A label needs a text of up to 300 characters for everybody to read"""


class LawMissing(Invalid):
    """Name the law that makes this illegal, in up to 500 characters"""


class EndInvalid(Invalid):
    """This step needs an end in the future, at most {days} days from now"""


class SecondNeeded(Forbidden):
    """This step takes effect when a second reviewer agrees to it"""


class SameReviewer(Forbidden):
    """Somebody else has to agree: you proposed it"""


class AlreadyEnded(Conflict):
    """This decision has ended already"""


class ReasonMissing(Invalid):
    """Say why, in up to 5,000 characters: the member reads it"""


class OwnRestriction(Forbidden):
    """This restricts you: somebody else has to look at it"""


class HasEnd(Conflict):
    """This ends by itself: there is nothing to keep"""


class Subject(msgspec.Struct, frozen=True):
    """What a decision is about: an account, or a post of an account."""

    kind: SubjectKind
    id: int
    account_id: AccountId


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer, or a detector, decides. `facts` says what happened, `label` what everybody
    may read beside the post; `ends_at` is None where the step holds until it is reviewed;
    `received_at` is when what it is about came to attention, now if that is not said.
    """

    step: Step
    rule_code: str
    facts: str
    version_id: int = 0
    ground: Ground = Ground.TERMS
    law: str = ""
    label: str = ""
    ends_at: int | None = None
    case_id: int | None = None
    source: Source = Source.OWN
    detector: str = ""
    received_at: int | None = None


class Decision(msgspec.Struct, frozen=True):
    """A row of decisions, in the table's order.

    `subject_id` is None when the post is gone. `decider` and `seconder` are stable pseudonyms,
    empty where nobody but a detector decided; `decided_by` and `seconded_by` the accounts behind
    them while these are there. `review_at` is when somebody has to look again at what has no end.
    """

    id: DecisionId
    case_id: int | None
    subject_kind: SubjectKind
    subject_id: int | None
    account_id: AccountId
    step: Step
    rule_code: str
    version_id: int
    category: str
    facts: str
    ground: Ground
    law: str
    label: str
    source: Source
    detector: str
    decider: str
    decided_by: AccountId | None
    seconder: str
    seconded_by: AccountId | None
    content_types: str
    content_language: str
    content_at: int
    received_at: int
    created_at: int
    ends_at: int | None
    review_at: int | None
    ended_at: int | None
    ending: str
    ended_by: AccountId | None
    end_reason: str

    @property
    def automated(self) -> bool:
        """Whether no human being took it."""
        return not self.decider

    @property
    def detected_automatically(self) -> bool:
        return bool(self.detector)

    @property
    def restricts(self) -> bool:
        return self.step != Step.NO_ACTION

    def holds_at(self, at: int) -> bool:
        """Whether it is in force."""
        over = self.ended_at is not None or (self.ends_at is not None and self.ends_at <= at)
        return self.restricts and not over

    @property
    def contestable(self) -> bool:
        """Whether there is anything to contest: it restricts, and was not undone."""
        return self.restricts and self.ending in ("", Ending.EXPIRED)

    def contestable_until(self) -> int:
        return self.created_at + APPEAL_WINDOW

    def may_end_by(self, ending: Ending) -> bool:
        """Whether it can end so: while it lasts, and what has run out can still be undone."""
        return self.ended_at is None or (self.ending == Ending.EXPIRED and ending in UNDOING)

    def is_strike_at(self, at: int) -> bool:
        """Whether it weighs on the next decision: it stood, and is not too long ago."""
        weighs = self.restricts and self.step != Step.HOLD and not self.automated
        return weighs and self.ending not in UNDOING and at < self.created_at + STRIKE_LIFE


class Proposal(msgspec.Struct, frozen=True):
    """What the desk proposes: a step, for how long (None: until reviewed), and why in words."""

    step: Step
    lasts_ms: int | None
    why: str


def statement_key(secret_key: str, decision_id: int) -> str:
    """The secret half of the address under which a member reads a decision without signing in."""
    return link_key(secret_key, "statements", str(decision_id))


def statement_path(secret_key: str, decision_id: int) -> str:
    """Where a member reads a decision about them, signed in or not."""
    return f"/statements/{decision_id}?key={statement_key(secret_key, decision_id)}"


def code_of(decision_id: int) -> str:
    """The name of a decision in the public log, in statements and on receipts."""
    return f"D-{decision_id}"


def case_code_of(decision: Decision) -> str:
    """The name of the case that a decision closed or belongs to; what a detector did without one
    is its own case.
    """
    return code_of(decision.id) if decision.case_id is None else f"C-{decision.case_id}"


def content_types_of(post: Post | None, media: Iterable[str]) -> str:
    """What a subject consists of, as JSON: text, image, video, audio; other for an account."""
    if post is None:
        return '["other"]'
    kinds = {MediaKind.IMAGE: "image", MediaKind.AUDIO: "audio"}
    found = {"text"} if post.text or post.spoiler_text else set()
    found |= {kinds.get(MediaKind(kind), "video") for kind in media}
    return msgspec.json.encode(sorted(found) or ["other"]).decode()


def needs_second(step: Step, followers: int) -> bool:
    """Whether two must agree: to suspend, and to restrict whom very many follow."""
    return step == Step.SUSPEND or (step != Step.NO_ACTION and followers >= GREAT_REACH)


def check_draft(draft: Draft, subject: Subject, rule: Rule, now: int, *, automated: bool) -> None:
    """Refuses a decision that its member could not understand, or that the rule does not allow."""
    if draft.step not in POSSIBLE[subject.kind] or (automated and draft.step not in AUTOMATIC):
        what = "a post" if subject.kind == SubjectKind.POST else "an account"
        raise NotDecidable(subject=what, field="step")
    if not rule.allows(_NEEDS[draft.step] if draft.step in _NEEDS else Action(draft.step)):
        raise RuleForbids(code=rule.code, field="step")
    if not draft.facts.strip() or len(draft.facts) > MAX_FACTS_CHARS:
        raise FactsMissing(field="facts")
    if draft.step == Step.LABEL and not 0 < len(draft.label.strip()) <= MAX_LABEL_CHARS:
        raise LabelInvalid(field="label")
    if draft.ground == Ground.LAW and not 0 < len(draft.law.strip()) <= MAX_LAW_CHARS:
        raise LawMissing(field="law")
    _check_end(draft, now)


def check_reason(text: str) -> str:
    """Why a decision is undone or kept, without blanks around it; ReasonMissing."""
    if not 0 < len(text.strip()) <= MAX_FACTS_CHARS:
        raise ReasonMissing(field="reason")
    return text.strip()


_AT_MOST = {Step.HOLD: HOLD_AT_MOST, Step.SLOW: HOLD_AT_MOST, Step.PAUSE: PAUSE_AT_MOST}


def _check_end(draft: Draft, now: int) -> None:
    most = _AT_MOST.get(draft.step)
    if draft.ends_at is None and most is None:
        return
    if draft.ends_at is None or not now < draft.ends_at <= now + (most or 3_650 * DAY):
        raise EndInvalid(days=(most or 3_650 * DAY) // DAY, field="ends_at")


def restraint_on_account(decisions: list[Decision]) -> AccountRestraint:
    """What decisions in force do to an account together."""
    since: dict[Step, int] = {}
    for decision in decisions:
        since[decision.step] = min(decision.created_at, since.get(decision.step, 1 << 62))
    ends: dict[Step, int] = {}
    for decision in decisions:
        if decision.ends_at is not None:
            ends[decision.step] = max(decision.ends_at, ends.get(decision.step, 0))
    return AccountRestraint(
        limited_at=since.get(Step.UNLIST),
        suspended_at=since.get(Step.SUSPEND),
        screened_at=since.get(Step.SCREEN),
        contact_limited_at=since.get(Step.LIMIT),
        paused_until=ends.get(Step.PAUSE),
        slowed_until=ends.get(Step.SLOW),
    )


_REACH = {
    Step.UNLIST: Visibility.UNLISTED,
    Step.QUARANTINE: Visibility.WITHHELD,
    Step.HOLD: Visibility.WITHHELD,
}


def restraint_on_post(decisions: list[Decision]) -> PostRestraint:
    """What decisions in force do to a post together."""
    reach = [_REACH.get(decision.step, Visibility.PUBLIC) for decision in decisions]
    return PostRestraint(
        visibility=max(reach, default=Visibility.PUBLIC),
        screened=any(decision.step == Step.SCREEN for decision in decisions),
        labels=tuple(
            Label(d.id, d.label, d.rule_code, d.version_id)
            for d in decisions
            if d.step == Step.LABEL
        ),
    )


Severity = Literal[1, 2, 3]


def propose(
    rule: Rule, kind: SubjectKind, *, severity: Severity, strikes: int, reach: int
) -> Proposal:
    """A proportional step: graver the more severe the harm, the more often before, never beyond
    what the rule allows. `reach` is how many may have seen it.
    """
    steps = [s for s in LADDER if s in POSSIBLE[kind] and rule.allows(Action(s))]
    steps = [s for s in steps if s != Step.NO_ACTION]
    if not steps:
        return Proposal(Step.NO_ACTION, None, "The rule allows no step for this kind of subject.")
    wanted = (severity - 1) * (len(steps) - 1) / 2 + min(strikes, 3) * 0.5
    if reach < 50 and severity < 3:
        wanted -= 0.5
    step = steps[max(0, min(len(steps) - 1, round(wanted)))]
    said = {1: "a lesser harm", 2: "a serious harm", 3: "a grave harm"}[severity]
    before = {0: "no decision stands against the member", 1: "one stands already"}.get(
        strikes, f"{strikes} stand already"
    )
    return Proposal(step, usual_length(step, strikes), f"{said}; {before}; seen by about {reach}")


def usual_length(step: Step, strikes: int) -> int | None:
    """A pause begins with a day and grows; lesser steps last a month; the rest until reviewed."""
    if step == Step.PAUSE:
        return min(int(24 * HOUR * 3**strikes), 30 * DAY)
    if step in (Step.LIMIT, Step.UNLIST, Step.SCREEN):
        return 30 * DAY
    return None
