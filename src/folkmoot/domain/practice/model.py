"""Practice cases as values, what makes a case anonymous, and what makes an answer right."""

import tomllib
from collections.abc import Collection
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NewType

import msgspec
import regex

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.decisions.model import (
    LADDER,
    POSSIBLE,
    NotDecidable,
    RuleForbids,
    Step,
    SubjectKind,
)
from folkmoot.domain.policy.model import Action, Rule
from folkmoot.domain.review.model import Case
from folkmoot.kit.errors import Conflict, Invalid, NotFound
from folkmoot.kit.text import Link, Mention, parse_post

PracticeId = NewType("PracticeId", int)
AnswerId = NewType("AnswerId", int)

MAX_TEXT_CHARS = 5_000
# So few answers are not shown as counts: who knows the team would know who gave them.
SHOW_FROM = 3

MAX_PLAIN_CHARS = 3

_BARE_LINK = regex.compile(r"(?i)\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*")
_ADDRESS = regex.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = regex.compile(r"\+?\d(?:[\s()./-]{0,3}\d){6,}")


class PracticeNotFound(NotFound):
    """There is no such practice case"""


class NothingToPractise(NotFound):
    """You have practised everything there is"""


class CaseStillOpen(Conflict):
    """Only closed cases are practised with"""


class CaseEmpty(Conflict):
    """There is nothing left of this case that could be practised with"""


class AlreadyAnswered(Conflict):
    """You have answered this already"""


class TextMissing(Invalid):
    """Say what there is to judge, in up to 5,000 characters"""


class TextTooLong(Invalid):
    """This can be up to 5,000 characters long"""


class ReasonsMissing(Invalid):
    """Give the reasons for the answer, in up to 5,000 characters: they are what is learnt"""


class NamesSomebody(Invalid):
    """This still names {who}: a practice case must lead to nobody"""


class StepsReversed(Invalid):
    """The mildest step comes before the gravest"""


class StepMissing(Invalid):
    """Choose a step"""


class RuleMissing(Invalid):
    """Choose the rule that this step is taken for"""


class MediaGone(Invalid):
    """This picture is not there any more, or was not meant for everybody"""


class Answer(msgspec.Struct, frozen=True):
    """What somebody decides of a case: a step, and the rule it is taken for; none for no action."""

    rule_code: str
    step: Step


class Verdict(StrEnum):
    """How an answer compares with the one the team agreed on."""

    RIGHT = "right"
    STEP_OFF = "step-off"
    RULE_OFF = "rule-off"


class PracticeCase(msgspec.Struct, frozen=True):
    """A row of practice_cases, in the table's order. `about` is what else one has to know; the
    right steps are those from `low` to `high`. `shipped` is the name of a case that came with the
    program. `case_id`, `account_id`, `post_id` and `attachment_id` lead to where its picture came
    from, as long as that is there; a case without a picture leads nowhere.
    """

    id: PracticeId
    shipped: str
    subject_kind: str
    text: str
    about: str
    language: str
    rule_code: str
    version_id: int
    low: str
    high: str
    reasons: str
    case_id: int | None
    account_id: AccountId | None
    post_id: int | None
    attachment_id: int | None
    made_by: AccountId | None
    made_at: int
    retired_at: int | None

    def judge(self, answer: Answer) -> Verdict:
        """Whether an answer names the rule, and a step that the team holds right."""
        rank = LADDER.index(answer.step)
        fits = LADDER.index(Step(self.low)) <= rank <= LADDER.index(Step(self.high))
        if answer.step == Step.NO_ACTION:
            return Verdict.RIGHT if fits else Verdict.STEP_OFF
        if answer.rule_code != self.rule_code:
            return Verdict.RULE_OFF
        return Verdict.RIGHT if fits else Verdict.STEP_OFF


class PracticeDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead makes of a case."""

    subject_kind: SubjectKind
    text: str
    about: str = ""
    language: str = ""
    rule_code: str = ""
    low: Step
    high: Step
    reasons: str
    case_id: int | None = None
    attachment_id: int | None = None


class PracticeAnswer(msgspec.Struct, frozen=True):
    """A row of practice_answers, in the table's order. `reviewer_id` is None once they have left;
    `answered_at` until they have answered.
    """

    id: AnswerId
    practice_id: PracticeId
    reviewer_id: AccountId | None
    started_at: int
    answered_at: int | None
    rule_code: str
    step: str
    verdict: str


class Tally(msgspec.Struct, frozen=True):
    """How often an answer was given."""

    rule_code: str
    step: str
    times: int


class Progress(msgspec.Struct, frozen=True):
    """What a reviewer has practised, for nobody but themselves."""

    answered: int
    right: int
    step_off: int
    rule_off: int
    waiting: int


class Result(msgspec.Struct, frozen=True):
    """How a practice case was answered, by however many."""

    practice_id: PracticeId
    answered: int
    right: int


class Prepared(msgspec.Struct, frozen=True):
    """A closed case ready to be edited into a practice case: names, links, addresses and numbers
    are out of the texts; `media` are pictures of it that may be chosen.
    """

    case: Case
    draft: PracticeDraft
    media: tuple[tuple[int, str], ...]


def anonymised(text: str, names: Collection[str] = ()) -> str:
    """The text without what could lead to somebody: mentions, links, e-mail addresses, long
    numbers, and the names given. People edit it further; it only makes forgetting harder.
    """
    pieces, last = [], 0
    for span in parse_post(text).spans:
        if isinstance(span, (Mention, Link)):
            pieces += [text[last : span.start], "@…" if isinstance(span, Mention) else "[link]"]
            last = span.end
    text = "".join([*pieces, text[last:]])
    for pattern, word in ((_BARE_LINK, "[link]"), (_ADDRESS, "[address]"), (_NUMBER, "[number]")):
        text = pattern.sub(word, text)
    for name in sorted(names, key=len, reverse=True):
        text = _as_word(name).sub("[name]", text)
    return text


def telling(*names: str) -> tuple[str, ...]:
    """Those of an account's names that tell who somebody is; shorter ones stand in every text."""
    return tuple(dict.fromkeys(name for name in names if len(name) > MAX_PLAIN_CHARS))


def _as_word(name: str) -> "regex.Pattern[str]":
    return regex.compile(rf"(?i)(?<!\w){regex.escape(name)}(?!\w)")


def check_anonymous(text: str, field: str, names: Collection[str]) -> None:
    """NamesSomebody, where a text mentions somebody or holds one of the names."""
    mentions = parse_post(text).mentions
    if mentions:
        raise NamesSomebody(who=text[mentions[0].start : mentions[0].end], field=field)
    for name in names:
        if _as_word(name).search(text):
            raise NamesSomebody(who=name, field=field)


def steps_for(kind: SubjectKind) -> tuple[Step, ...]:
    """The steps that a case of a kind may lead to, the mildest first; one about a post may lead to
    its author as well.
    """
    possible = POSSIBLE[SubjectKind.ACCOUNT]
    if kind == SubjectKind.POST:
        possible |= POSSIBLE[kind]
    return tuple(step for step in LADDER if step in possible)


def check_answer(rule_code: str, step: str, kind: SubjectKind, rules: Collection[Rule]) -> Answer:
    """What somebody decides, if it can be decided: NotDecidable, RuleMissing, RuleForbids. No rule
    is kept beside no action: there is none that it would be taken for.
    """
    if step not in steps_for(kind):
        what = "a post" if kind == SubjectKind.POST else "an account"
        raise NotDecidable(subject=what, field="step")
    chosen = Step(step)
    if chosen == Step.NO_ACTION:
        return Answer("", chosen)
    rule = next((rule for rule in rules if rule.code == rule_code), None)
    if rule is None:
        raise RuleMissing(field="rule")
    if not rule.allows(Action(chosen)):
        raise RuleForbids(code=rule.code, field="step")
    return Answer(rule.code, chosen)


def check_draft(draft: PracticeDraft, names: Collection[str], rules: Collection[Rule]) -> None:
    """Refuses what nobody could practise with, and what leads to somebody."""
    if not 0 < len(draft.text.strip()) <= MAX_TEXT_CHARS:
        raise TextMissing(field="text")
    if len(draft.about) > MAX_TEXT_CHARS:
        raise TextTooLong(field="about")
    if not 0 < len(draft.reasons.strip()) <= MAX_TEXT_CHARS:
        raise ReasonsMissing(field="reasons")
    for field in ("text", "about", "reasons"):
        check_anonymous(getattr(draft, field), field, names)
    for field in ("low", "high"):
        try:
            check_answer(draft.rule_code, getattr(draft, field), draft.subject_kind, rules)
        except (NotDecidable, RuleForbids) as error:
            raise type(error)(**{**error.facts, "field": field}) from error
    if LADDER.index(draft.low) > LADDER.index(draft.high):
        raise StepsReversed(field="high")


class _Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: SubjectKind
    language: str
    rule: str
    low: Step
    high: Step
    text: str
    reasons: str
    about: str = ""


@cache
def shipped_cases() -> dict[str, PracticeDraft]:
    """The practice cases that ship with the program, by name. All in them is made up."""
    folder = files("folkmoot") / "texts" / "practice"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            read = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Shipped)
            found[file.name.removesuffix(".toml")] = PracticeDraft(
                subject_kind=read.kind,
                text=read.text.strip(),
                about=read.about.strip(),
                language=read.language,
                rule_code=read.rule,
                low=read.low,
                high=read.high,
                reasons=read.reasons.strip(),
            )
    return found
