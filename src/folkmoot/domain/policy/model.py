"""Versions, rules and documents as values; what a rule must have; the texts that ship."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NewType

import msgspec

from folkmoot.domain.instance.model import AnnouncementId
from folkmoot.kit.clock import DAY, day_start, from_iso
from folkmoot.kit.errors import Conflict, Forbidden, Invalid, NotFound
from folkmoot.kit.settings import Settings
from folkmoot.kit.text import normalise_language, render_markdown

VersionId = NewType("VersionId", int)
"""1, 2, 3 …, in the order of publication and of taking effect."""
RuleId = NewType("RuleId", int)
"""The number that stands for a rule's code in the client API, whatever the version."""

MAX_RULES = 100
MAX_TITLE_CHARS = 120
MAX_TEXT_CHARS = 1_000
MAX_EXAMPLES = 10
MAX_EXAMPLE_CHARS = 300
MAX_BODY_CHARS = 100_000
MAX_NOTE_CHARS = 1_000
REMIND_BEFORE = 14 * DAY
# No version can precede the one before it: a slip of the year must not keep all others away.
MAX_AHEAD = 366 * DAY


class Category(StrEnum):
    """The harms a rule may name. None is for opinions, criticism, religion or protest."""

    VIOLENCE = "violence"
    HATE = "hate"
    HARASSMENT = "harassment"
    SEXUAL_EXPLOITATION = "sexual-exploitation"
    INTIMATE_CONTENT = "intimate-content"
    SELF_HARM = "self-harm"
    SCAMS = "scams"
    SPAM = "spam"
    IMPERSONATION = "impersonation"
    PRIVATE_INFORMATION = "private-information"
    INTELLECTUAL_PROPERTY = "intellectual-property"
    ILLEGAL_GOODS = "illegal-goods"
    ADULT_CONTENT = "adult-content"


class Action(StrEnum):
    """What a decision may do, from the mildest to the gravest. The first is always possible."""

    NO_ACTION = "no-action"
    LABEL = "label"  # a label or context on the post
    SCREEN = "screen"  # its media behind a warning
    LIMIT = "limit"  # fewer interactions
    UNLIST = "unlist"  # out of public timelines; the author is told
    QUARANTINE = "quarantine"  # the post is shown to nobody but its author
    PAUSE = "pause"  # no posting for a time
    SUSPEND = "suspend"


class Kind(StrEnum):
    """Which document."""

    TERMS = "terms"
    PRIVACY = "privacy"


class AfterGrace(StrEnum):
    """What follows when the time of grace ends without acceptance; it ends with acceptance."""

    PAUSE_POSTING = "pause-posting"
    NOTHING = "nothing"


class Stage(StrEnum):
    """When members are written to about a version that they have not accepted."""

    PUBLISHED = "published"
    REMINDER = "reminder"
    PAUSED = "paused"


class MembersToTell(msgspec.Struct, frozen=True):
    """A job: write to members of accounts from `after` on who have not accepted a version."""

    version_id: VersionId
    stage: Stage
    after: int = 0


class VersionNotFound(NotFound):
    """There is no such version of the rules"""


class RuleNotFound(NotFound):
    """There is no such rule"""


class DocumentNotFound(NotFound):
    """Record not found"""


class RulesInvalid(Invalid):
    """The rules cannot be published as they are. `faults` says what to change."""

    def __init__(self, faults: Sequence["Fault"]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DocumentInvalid(Invalid):
    """The text is empty or longer than 100,000 characters"""


class NoteInvalid(Invalid):
    """The note on what has changed can be up to 1,000 characters long"""


class NothingChanged(Invalid):
    """These are the rules and texts of version {version} already"""


class NoticeTooShort(Invalid):
    """Members must be told {days} days ahead: the earliest day is {day}"""


class VersionTooEarly(Invalid):
    """Version {version} takes effect on {day}; the next one cannot do so before it"""


class VersionTooLate(Invalid):
    """A version takes effect within a year of the first day it could; {day} is later"""


class VersionExists(Conflict):
    """Another version was published at the same time; look at it and try again"""


class PostingPaused(Forbidden):
    """New rules hold here. To post again, read and accept them at {url} - all else goes on"""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule in one language: title, plain words, and examples."""

    title: str
    text: str
    covered: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How decisions by a rule are stated to the EU transparency database: category, further
    categories and keywords of its schema, without their prefixes.
    """

    category: str
    keywords: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()


class RuleDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it is written; `words` by language, `actions` what it can lead to."""

    code: str
    category: Category
    statement: Statement
    actions: tuple[Action, ...]
    words: dict[str, Words]


class Rule(RuleDraft, frozen=True):
    """A rule of a version. Its code stands for it in every version, and is never reused."""

    version_id: VersionId
    id: RuleId
    position: int

    def allows(self, action: Action) -> bool:
        """Whether a decision by this rule can take the action."""
        return action is Action.NO_ACTION or action in self.actions

    def words_in(self, *languages: str) -> tuple[str, Words]:
        """The words in the first of the languages that the rule has, in whichever region's form;
        else in its own first.
        """
        for language in languages:
            alike = [
                has for has in self.words if has.partition("-")[0] == language.partition("-")[0]
            ]
            if alike:
                found = language if language in alike else alike[0]
                return found, self.words[found]
        return next(iter(self.words.items()))


class StoredRule(msgspec.Struct, frozen=True):
    """A row of policy_rules, in the table's order; `body` is the RuleDraft as JSON."""

    version_id: VersionId
    code: str
    id: RuleId
    position: int
    body: str


class Version(msgspec.Struct, frozen=True):
    """A row of policy_versions, in the table's order. `grace_until` and `announcement_id` are None
    when nobody was there before it; `note` is what the operator said of the changes.
    """

    id: VersionId
    published_at: int
    effective_from: int
    grace_until: int | None
    after_grace: str
    note: str
    announcement_id: AnnouncementId | None = None

    @property
    def pauses_posting(self) -> bool:
        return self.after_grace == AfterGrace.PAUSE_POSTING


class Document(msgspec.Struct, frozen=True):
    """A text of a version. `body` is the Markdown with names of facts in braces."""

    version_id: VersionId
    kind: Kind
    body: str
    effective_from: int


class Pending(msgspec.Struct, frozen=True):
    """The newest version a member has yet to accept; until when, and what has followed."""

    version: Version
    due_at: int
    paused: bool


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with rules: the number and code of the rule, if it is about one; its line
    where the rules came as text.
    """

    sentence: str
    number: int | None = None
    code: str = ""
    line: int | None = None

    def __str__(self) -> str:
        rule = f"rule {self.number}" + (f" ({self.code})" if self.code else "")
        where = [f"line {self.line}"] if self.line else []
        where += [rule] if self.number else []
        return ", ".join(where) + (": " if where else "") + self.sentence


class RuleChange(msgspec.Struct, frozen=True):
    """A rule in two versions; None where a version does not have it."""

    code: str
    old: RuleDraft | None
    new: RuleDraft | None

    @property
    def changed(self) -> bool:
        return self.old is None or self.new is None or draft_of(self.old) != draft_of(self.new)

    @property
    def what(self) -> str:
        if self.old is None:
            return "new"
        if self.new is None:
            return "ends"
        return "changed" if self.changed else "as before"


def draft_of(rule: RuleDraft) -> RuleDraft:
    """What of a rule is written by people, apart from its version and place."""
    return RuleDraft(rule.code, rule.category, rule.statement, rule.actions, rule.words)


def bind_rule(draft: RuleDraft, version_id: VersionId, rule_id: RuleId, position: int) -> Rule:
    """The rule of a version that a draft becomes."""
    fields = {name: getattr(draft, name) for name in RuleDraft.__struct_fields__}
    return Rule(**fields, version_id=version_id, id=rule_id, position=position)


def compare_rules(old: Iterable[RuleDraft], new: Iterable[RuleDraft]) -> list[RuleChange]:
    """The rules of two versions side by side: in the order of the new one, then those gone."""
    before = {rule.code: rule for rule in old}
    after = {rule.code: rule for rule in new}
    changes = [RuleChange(code, before.get(code), rule) for code, rule in after.items()]
    return changes + [RuleChange(c, rule, None) for c, rule in before.items() if c not in after]


def check_rules(drafts: Sequence[RuleDraft], *, retired: Collection[str] = ()) -> None:
    """RulesInvalid when they cannot be published; `retired` are codes that may not come back."""
    faults = [fault for number, draft in enumerate(drafts, 1) for fault in _faults(number, draft)]
    seen: set[str] = set()
    for number, draft in enumerate(drafts, 1):
        if draft.code in seen:
            faults.append(Fault("an earlier rule has this code", number, draft.code))
        if draft.code in retired:
            what = "this code was a rule's that has ended; take the next number"
            faults.append(Fault(what, number, draft.code))
        seen.add(draft.code)
        if drafts and draft.words.keys() != drafts[0].words.keys():
            what = f"it should be in the languages of the first: {', '.join(drafts[0].words)}"
            faults.append(Fault(what, number, draft.code))
    if not 1 <= len(drafts) <= MAX_RULES:
        faults.append(Fault(f"there should be between one and {MAX_RULES} rules"))
    if faults:
        raise RulesInvalid(faults)


def _faults(number: int, draft: RuleDraft) -> list[Fault]:
    sentences = [*_code_faults(draft), *_action_faults(draft), *_statement_faults(draft)]
    if not draft.words:
        sentences.append("it needs words in at least one language")
    for language, words in draft.words.items():
        if normalise_language(language) != language:
            sentences.append(f"there is no language {language!r}")
        sentences += [f"{language}: {sentence}" for sentence in _word_faults(words)]
    return [Fault(sentence, number, draft.code) for sentence in sentences]


def _code_faults(draft: RuleDraft) -> list[str]:
    if re.fullmatch(rf"{draft.category}-[1-9][0-9]{{0,2}}", draft.code):
        return []
    return [f"its code should be {draft.category}- and a number, such as {draft.category}-2"]


def _action_faults(draft: RuleDraft) -> list[str]:
    ladder = [action for action in Action if action in draft.actions]
    if not ladder or Action.NO_ACTION in ladder:
        return ["its actions should be one or more steps of the ladder above no-action"]
    if ladder != list(draft.actions):
        return [f"its actions should be in order, each once: {', '.join(ladder)}"]
    return []


def _statement_faults(draft: RuleDraft) -> list[str]:
    known, allowed = statement_categories(), statement_mapping()[draft.category]
    named = (draft.statement.category, *draft.statement.additions)
    sentences = [
        f"{category} is no statement category for {draft.category}: {', '.join(allowed)}"
        for category in named
        if category not in allowed
    ]
    if len(set(named)) < len(named):
        sentences.append("it names a statement category twice")
    keywords = {keyword for category in named for keyword in known.get(category, ())}
    sentences += [
        f"{keyword} is no keyword of {', '.join(named)}"
        for keyword in draft.statement.keywords
        if keyword not in keywords
    ]
    return sentences


def _word_faults(words: Words) -> list[str]:
    sentences = []
    for name, text, most in (
        ("its title", words.title, MAX_TITLE_CHARS),
        ("its text", words.text, MAX_TEXT_CHARS),
        *(("each example", text, MAX_EXAMPLE_CHARS) for text in words.covered + words.not_covered),
    ):
        if not text.strip() or len(text) > most or not text.isprintable():
            sentences.append(f"{name} should be one line of at most {most} characters")
    if not words.covered or not words.not_covered:
        sentences.append("it needs examples of what is covered and of what is not_covered")
    if max(len(words.covered), len(words.not_covered)) > MAX_EXAMPLES:
        sentences.append(f"it has room for {MAX_EXAMPLES} examples of each kind")
    return sentences


class _RulesFile(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[dict[str, object]]


def parse_rules(text: str) -> list[RuleDraft]:
    """Rules from TOML, as `format_rules` writes them; RulesInvalid names lines and rules."""
    try:
        entries = msgspec.convert(tomllib.loads(text), _RulesFile).rules
    except tomllib.TOMLDecodeError as wrong:
        raise RulesInvalid([Fault(f"this is not TOML: {wrong}")]) from wrong
    except msgspec.ValidationError as wrong:
        raise RulesInvalid([Fault(f"a file of rules is made of [[rules]]: {wrong}")]) from wrong
    drafts, faults = [], []
    for number, entry in enumerate(entries, 1):
        try:
            drafts.append(msgspec.convert(entry, RuleDraft))
        except msgspec.ValidationError as wrong:
            faults.append(Fault(str(wrong), number, str(entry.get("code", ""))))
    if faults:
        raise RulesInvalid(locate(faults, text))
    return drafts


def locate(faults: Iterable[Fault], text: str) -> list[Fault]:
    """The faults with the lines on which their rules begin in the text."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rules]]"]
    return [
        msgspec.structs.replace(fault, line=lines[fault.number - 1])
        if fault.number and fault.number <= len(lines)
        else fault
        for fault in faults
    ]


def format_rules(drafts: Iterable[RuleDraft]) -> str:
    """Rules as TOML, to be edited, compared and read by `parse_rules`."""
    return "\n".join(_format_rule(draft) for draft in drafts)


def _format_rule(draft: RuleDraft) -> str:
    statement = draft.statement
    parts = [f"category = {_toml(statement.category)}", f"keywords = {_toml(statement.keywords)}"]
    if statement.additions:
        parts.append(f"additions = {_toml(statement.additions)}")
    lines = [
        "[[rules]]",
        f"code = {_toml(draft.code)}",
        f"category = {_toml(draft.category)}",
        f"statement = {{ {', '.join(parts)} }}",
        f"actions = {_toml(draft.actions)}",
    ]
    for language, words in draft.words.items():
        lines += [
            f"[rules.words.{language}]",
            f"title = {_toml(words.title)}",
            f"text = {_toml(words.text)}",
            *_format_examples("covered", words.covered),
            *_format_examples("not_covered", words.not_covered),
        ]
    return "\n".join(lines) + "\n"


def _format_examples(name: str, examples: tuple[str, ...]) -> list[str]:
    return [f"{name} = [", *(f"    {_toml(example)}," for example in examples), "]"]


def _toml(value: object) -> str:
    """JSON's strings and arrays are TOML's; what TOML wants escaped besides, rules do not hold."""
    return json.dumps(value, ensure_ascii=False)


@cache
def statement_categories() -> Mapping[str, tuple[str, ...]]:
    """Categories and keywords of the EU transparency database's schema, version 2."""
    found = tomllib.loads(shipped_text("statements.toml"))["categories"]
    return {category: tuple(keywords) for category, keywords in found.items()}


@cache
def statement_mapping() -> Mapping[Category, tuple[str, ...]]:
    """For each category of rules the statement categories under which it may be stated."""
    found = tomllib.loads(shipped_text("statements.toml"))["mapping"]
    return {Category(category): tuple(names) for category, names in found.items()}


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of version 1, unless an operator published others before anybody came."""
    drafts = parse_rules(shipped_text("rules.toml"))
    return tuple(
        bind_rule(draft, VersionId(1), RuleId(at), at) for at, draft in enumerate(drafts, 1)
    )


def shipped_version(now: int) -> Version:
    """Version 1; nobody was there before it."""
    return Version(
        id=VersionId(1),
        published_at=now,
        effective_from=day_start(now),
        grace_until=None,
        after_grace=AfterGrace.NOTHING,
        note="",
    )


def shipped_documents() -> dict[Kind, str]:
    """The texts of version 1."""
    return {kind: shipped_text(f"{kind}.md") for kind in Kind}


@cache
def shipped_text(name: str) -> str:
    """A file that ships with the program."""
    return (files("folkmoot") / "texts" / name).read_text(encoding="utf-8")


def fill_facts(body: str, settings: Settings) -> str:
    """A document with this instance's facts where their names stand in braces, such as {title};
    other braces stay as they are.
    """
    instance = settings.instance
    facts = {
        "title": instance.title,
        "domain": settings.domain,
        "base_url": settings.server.base_url,
        "operator": instance.operator_name or "its operator",
        "contact": instance.contact_email or f"the contact at {settings.server.base_url}/about",
        "min_age": settings.registration.min_age,
        "notice_days": settings.policy.notice_days,
        "grace_days": settings.policy.grace_days,
        "deletion_days": settings.portability.deletion_days,
        "archive_days": settings.portability.archive_days,
        **msgspec.structs.asdict(settings.retention),
    }
    return re.sub(r"\{(\w+)\}", lambda m: str(facts.get(m[1], m[0])), body)


@lru_cache(maxsize=32)
def render_document(body: str, settings: Settings) -> str:
    """A document as HTML, with this instance's facts in it."""
    return render_markdown(fill_facts(body, settings))


def start_of_day(day: dt.date) -> int:
    """The moment, in UTC, from which something that is dated on a day holds."""
    return from_iso(day.isoformat())


def earliest_day(now: int, notice_days: int) -> int:
    """The first day before which whole days of notice lie."""
    return -(-now // DAY) * DAY + notice_days * DAY if notice_days else day_start(now)
