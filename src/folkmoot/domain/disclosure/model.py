"""Statements of reasons in the EU transparency database's schema, version 2 (in force since 1 July
2025): what they may say, and what a decision says in them. Field names are the schema's.

Source: StatementStoreRequest.php of github.com/digital-services-act/transparency-database.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from folkmoot.domain.decisions.model import (
    RESTRICTIONS,
    Decision,
    DecisionId,
    Ground,
    Source,
    Step,
    SubjectKind,
    code_of,
)
from folkmoot.domain.policy.model import Rule, statement_categories
from folkmoot.kit.clock import iso_day

MOST_IN_A_BATCH = 100
# What a refusal keeps of the database's own words.
MAX_PROBLEM_CHARS = 2_000

_EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
_VISIBILITIES = (
    *("CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED"),
    *("CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER"),
)
_PROVISIONS = (
    *("PARTIAL_SUSPENSION", "TOTAL_SUSPENSION", "PARTIAL_TERMINATION", "TOTAL_TERMINATION"),
)
_CONTENT_TYPES = ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
_NOT_SPECIFIED = "NOT_SPECIFIED_NOTICE"
# Handles, addresses on the web and of mail, and numbers long enough to be somebody's.
_PERSONAL = re.compile(r"@\w|\w@|https?://|www\.|\+?\d[\d ()/.-]{7,}\d", re.IGNORECASE)


class State(StrEnum):
    """What became of a statement."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"  # not taken as it is; somebody has to look


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a field of a statement, as a sentence."""

    field: str
    sentence: str


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement of reasons as the database takes it. Fields that say nothing are left out."""

    puid: str
    decision_visibility: tuple[str, ...] = ()
    decision_visibility_other: str = ""
    decision_monetary: str = ""
    decision_monetary_other: str = ""
    decision_provision: str = ""
    decision_account: str = ""
    account_type: str = ""
    decision_ground: str = ""
    decision_ground_reference_url: str = ""
    illegal_content_legal_ground: str = ""
    illegal_content_explanation: str = ""
    incompatible_content_ground: str = ""
    incompatible_content_explanation: str = ""
    incompatible_content_illegal: str = ""
    content_type: tuple[str, ...] = ()
    content_type_other: str = ""
    category: str = ""
    category_addition: tuple[str, ...] = ()
    category_specification: tuple[str, ...] = ()
    category_specification_other: str = ""
    territorial_scope: tuple[str, ...] = ()
    content_language: str = ""
    content_date: str = ""
    application_date: str = ""
    end_date_visibility_restriction: str = ""
    end_date_monetary_restriction: str = ""
    end_date_service_restriction: str = ""
    end_date_account_restriction: str = ""
    decision_facts: str = ""
    source_type: str = ""
    source_identity: str = ""
    automated_detection: str = ""
    automated_decision: str = ""
    content_id_ean: str = ""


class Disclosed(msgspec.Struct, frozen=True):
    """A row of disclosures, in the table's order. `body` is the Statement as JSON, `reference` the
    name the database gave it, `problem` what stood in its way last.
    """

    id: DecisionId
    puid: str
    decided_at: int
    body: str
    state: str
    tries: int
    next_at: int
    sent_at: int | None
    reference: str
    problem: str

    @property
    def statement(self) -> Statement:
        return msgspec.json.decode(self.body, type=Statement)


def _codes(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix + name for name in names)


VISIBILITIES = _codes("DECISION_VISIBILITY_", _VISIBILITIES)
MONETARIES = _codes("DECISION_MONETARY_", ("SUSPENSION", "TERMINATION", "OTHER"))
PROVISIONS = _codes("DECISION_PROVISION_", _PROVISIONS)
ACCOUNTS = _codes("DECISION_ACCOUNT_", ("SUSPENDED", "TERMINATED"))
ACCOUNT_TYPES = _codes("ACCOUNT_TYPE_", ("BUSINESS", "PRIVATE"))
GROUNDS = _codes("DECISION_GROUND_", ("ILLEGAL_CONTENT", "INCOMPATIBLE_CONTENT"))
CONTENT_TYPES = _codes("CONTENT_TYPE_", _CONTENT_TYPES)
AUTOMATED_DECISIONS = _codes("AUTOMATED_DECISION_", ("FULLY", "PARTIALLY", "NOT_AUTOMATED"))
SOURCES = (
    *("SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION"),
    "SOURCE_VOLUNTARY",
)
_YES_NO = ("Yes", "No")


def categories() -> tuple[str, ...]:
    """The categories of the schema, with their prefix."""
    return _codes("STATEMENT_CATEGORY_", (*statement_categories(), _NOT_SPECIFIED))


def keywords() -> frozenset[str]:
    """The keywords of the schema, with their prefix."""
    named = {word for words in statement_categories().values() for word in words}
    return frozenset(_codes("KEYWORD_", (*named, "OTHER")))


# Field: what it may say. A field of several says each once.
_CHOICES: Mapping[str, Any] = {
    "decision_visibility": lambda: VISIBILITIES,
    "decision_monetary": lambda: MONETARIES,
    "decision_provision": lambda: PROVISIONS,
    "decision_account": lambda: ACCOUNTS,
    "account_type": lambda: ACCOUNT_TYPES,
    "decision_ground": lambda: GROUNDS,
    "incompatible_content_illegal": lambda: _YES_NO,
    "content_type": lambda: CONTENT_TYPES,
    "category": categories,
    "category_addition": categories,
    "category_specification": keywords,
    "territorial_scope": lambda: _EEA,
    "source_type": lambda: SOURCES,
    "automated_detection": lambda: _YES_NO,
    "automated_decision": lambda: AUTOMATED_DECISIONS,
}
_REQUIRED = (
    *("puid", "decision_ground", "content_type", "category", "content_date", "application_date"),
    *("decision_facts", "source_type", "automated_detection", "automated_decision"),
)
# Field: how many characters, and whether it is made of words that somebody may have written.
_LENGTHS: Mapping[str, tuple[int, bool]] = {
    "puid": (500, False),
    "decision_visibility_other": (500, True),
    "decision_monetary_other": (500, True),
    "decision_ground_reference_url": (500, False),
    "illegal_content_legal_ground": (500, True),
    "illegal_content_explanation": (2_000, True),
    "incompatible_content_ground": (500, True),
    "incompatible_content_explanation": (2_000, True),
    "content_type_other": (500, True),
    "category_specification_other": (500, True),
    "decision_facts": (5_000, True),
    "source_identity": (500, True),
}
_ILLEGAL = ("illegal_content_legal_ground", "illegal_content_explanation")
_INCOMPATIBLE = ("incompatible_content_ground", "incompatible_content_explanation")
# Field, the field that asks for it, and by saying what. Without that it must be empty.
_ONLY_WITH: tuple[tuple[str, str, str, bool], ...] = (
    ("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER", True),
    ("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER", True),
    ("content_type_other", "content_type", "CONTENT_TYPE_OTHER", True),
    *((name, "decision_ground", GROUNDS[0], True) for name in _ILLEGAL),
    *((name, "decision_ground", GROUNDS[1], True) for name in _INCOMPATIBLE),
    ("incompatible_content_illegal", "decision_ground", GROUNDS[1], False),
    ("category_specification_other", "category_specification", "KEYWORD_OTHER", False),
)
_RESTRICTIONS = (
    *("decision_visibility", "decision_monetary", "decision_provision", "decision_account"),
)
_ENDS = {
    "end_date_visibility_restriction": "decision_visibility",
    "end_date_monetary_restriction": "decision_monetary",
    "end_date_service_restriction": "decision_provision",
    "end_date_account_restriction": "decision_account",
}
_EARLIEST = {"content_date": "2000-01-01", "application_date": "2020-01-01"}
_LATEST = "2038-01-01"


def check_statement(statement: Statement) -> list[Fault]:
    """Everything that the schema's rules, and ours on personal data, find wrong."""
    said = {name: getattr(statement, name) for name in Statement.__struct_fields__}
    return [
        *_missing(said),
        *_lengths(said),
        *_choices(said),
        *_belonging(said),
        *_dates(said),
        *_personal(said),
    ]


def _missing(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name in _REQUIRED:
        if not said[name]:
            yield Fault(name, "It has to be said.")
    if not any(said[name] for name in _RESTRICTIONS):
        yield Fault(_RESTRICTIONS[0], f"One of these has to be said: {', '.join(_RESTRICTIONS)}.")
    if said["puid"] and not re.fullmatch(r"[A-Za-z0-9_-]+", said["puid"]):
        yield Fault("puid", "Only letters, digits, - and _ may stand in it.")
    if said["content_id_ean"] and not re.fullmatch(r"[0-9]{13}", said["content_id_ean"]):
        yield Fault("content_id_ean", "It should be 13 digits.")


def _lengths(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name, (most, _) in _LENGTHS.items():
        if len(said[name]) > most:
            yield Fault(name, f"It has {len(said[name])} characters; {most} are allowed.")
    url = said["decision_ground_reference_url"]
    if url and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        yield Fault("decision_ground_reference_url", "It should be an address on the web.")


def _choices(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name, known in _CHOICES.items():
        values = said[name] if isinstance(said[name], tuple) else (said[name],)
        allowed = known()
        for value in values:
            if value not in allowed and (value or isinstance(said[name], tuple)):
                yield Fault(name, f"{value!r} is none of the values it can have.")
        if len(set(values)) < len(values):
            yield Fault(name, "It says something twice.")
    language = said["content_language"]
    if language and not re.fullmatch(r"[A-Z]{2}", language):
        yield Fault("content_language", "It should be two capital letters (ISO 639-1).")


def _belonging(said: Mapping[str, Any]) -> Iterator[Fault]:
    """What must be said with something else, and what must not be said without it."""
    for name, other, value, required in _ONLY_WITH:
        has = value in said[other] if isinstance(said[other], tuple) else said[other] == value
        if required and has and not said[name]:
            yield Fault(name, f"It has to be said where {other} is {value}.")
        if said[name] and not has:
            yield Fault(name, f"It can only be said where {other} is {value}.")
    if said["source_identity"] and said["source_type"] == "SOURCE_VOLUNTARY":
        yield Fault("source_identity", "Nobody notified what was found on one's own initiative.")
    for end, restriction in _ENDS.items():
        if said[end] and not said[restriction]:
            yield Fault(end, f"There is no {restriction} that could end.")


def _dates(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name in (*_EARLIEST, *_ENDS):
        day = said[name]
        if not day:
            continue
        earliest = _EARLIEST.get(name, "0000-00-00")
        if not _is_day(day):
            yield Fault(name, "It should be a day, such as 2026-11-25.")
        elif not earliest <= day <= _LATEST:
            yield Fault(name, f"It should lie between {earliest} and {_LATEST}.")


def _is_day(text: str) -> bool:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _personal(said: Mapping[str, Any]) -> Iterator[Fault]:
    """DSA, Article 24(5): no personal data. What looks like it is found here; words written by
    reviewers for one member never come this far.
    """
    for name, (_, is_text) in _LENGTHS.items():
        if is_text and _PERSONAL.search(said[name]):
            yield Fault(name, "It seems to name somebody: a handle, an address or a number.")


_FIELDS = {
    "visibility": "decision_visibility",
    "monetary": "decision_monetary",
    "service": "decision_provision",
    "account": "decision_account",
}
_END_OF = {
    "visibility": "end_date_visibility_restriction",
    "monetary": "end_date_monetary_restriction",
    "service": "end_date_service_restriction",
    "account": "end_date_account_restriction",
}
# What the schema has no name for, in words.
_IN_WORDS = {
    Step.SCREEN: "Pictures, films and sounds stand behind a warning, which each reader can open.",
}
_SOURCES = {
    Source.NOTICE: "SOURCE_ARTICLE_16",
    Source.FLAGGER: "SOURCE_TRUSTED_FLAGGER",
    Source.OTHER_NOTICE: "SOURCE_TYPE_OTHER_NOTIFICATION",
    Source.OWN: "SOURCE_VOLUNTARY",
}
_FOUND = {
    Source.NOTICE: "It was brought to attention by a notice of illegal content.",
    Source.FLAGGER: "It was brought to attention by a trusted flagger.",
    Source.OTHER_NOTICE: "It was brought to attention by a report.",
    Source.OWN: "Nobody had reported it.",
}
_DONE = {
    Step.LABEL: "A label with context was added to it.",
    Step.SCREEN: "Its media were put behind a warning.",
    Step.LIMIT: "The account can address only people who follow it.",
    Step.UNLIST: "It was taken out of public pages; whoever follows the account still sees it.",
    Step.QUARANTINE: "It is shown to nobody but its author.",
    Step.HOLD: "It is held for review, and released by itself when that time is over.",
    Step.SLOW: "The account can post only once in ten minutes for a time.",
    Step.PAUSE: "The account can post nothing for a time.",
    Step.SUSPEND: "The account was suspended.",
}


def state_reasons(decision: Decision, rule: Rule, *, base_url: str) -> Statement:
    """What a decision that restricts says to the database.

    Made of codes, dates and the rule's published words: nothing that a reviewer or a member wrote
    but the name of the law. How it was found and decided follows from what is stored.
    """
    fields = {
        **_restriction(decision),
        **_ground(decision, rule, base_url),
        **_content(decision),
    }
    return Statement(
        puid=code_of(decision.id),
        category=f"STATEMENT_CATEGORY_{rule.statement.category}",
        category_addition=_codes("STATEMENT_CATEGORY_", rule.statement.additions),
        category_specification=_codes("KEYWORD_", rule.statement.keywords),
        territorial_scope=_EEA,
        application_date=iso_day(decision.created_at),
        decision_facts=_facts(decision, rule),
        source_type=_SOURCES[Source(decision.source)],
        automated_detection="Yes" if decision.detected_automatically else "No",
        automated_decision="AUTOMATED_DECISION_FULLY"
        if decision.automated
        else "AUTOMATED_DECISION_NOT_AUTOMATED",
        **fields,
    )


def _restriction(decision: Decision) -> dict[str, Any]:
    step = Step(decision.step)
    kind, _, name = RESTRICTIONS[step].partition("-")
    value = name.upper().replace("-", "_")
    said: dict[str, Any] = {
        _FIELDS[kind]: f"{_FIELDS[kind].upper()}_{value}",
        _END_OF[kind]: iso_day(decision.ends_at) if decision.ends_at is not None else "",
    }
    if kind == "visibility":
        prefix = "" if value == "OTHER" else "CONTENT_"
        said["decision_visibility"] = (f"DECISION_VISIBILITY_{prefix}{value}",)
        said["decision_visibility_other"] = _IN_WORDS.get(step, "")
    return said


def _ground(decision: Decision, rule: Rule, base_url: str) -> dict[str, str]:
    _, words = rule.words_in("en")
    named = f"Rule {rule.code}, version {decision.version_id}: {words.title}"
    url = f"{base_url}/rules/versions/{decision.version_id}#{rule.code}"
    if decision.ground == Ground.LAW:
        return {
            "decision_ground": GROUNDS[0],
            "decision_ground_reference_url": url,
            "illegal_content_legal_ground": decision.law,
            "illegal_content_explanation": f"It was held to be illegal. {named}. {words.text}",
        }
    return {
        "decision_ground": GROUNDS[1],
        "decision_ground_reference_url": url,
        "incompatible_content_ground": named,
        "incompatible_content_explanation": words.text,
    }


def _content(decision: Decision) -> dict[str, Any]:
    kinds = msgspec.json.decode(decision.content_types, type=list[str])
    found = tuple(f"CONTENT_TYPE_{kind.upper()}" for kind in kinds)
    language = decision.content_language.partition("-")[0].upper()
    an_account = decision.subject_kind == SubjectKind.ACCOUNT
    return {
        "content_type": found,
        "content_type_other": ("An account" if an_account else "A post without text or media")
        if "CONTENT_TYPE_OTHER" in found
        else "",
        "content_language": language if len(language) == 2 else "",
        "content_date": iso_day(decision.content_at),
    }


def _facts(decision: Decision, rule: Rule) -> str:
    what = "An account" if decision.subject_kind == SubjectKind.ACCOUNT else "A post"
    _, words = rule.words_in("en")
    who = "without a person" if decision.automated else "by a person"
    looked = "An automated detector had found it. " if decision.detected_automatically else ""
    return (
        f"{what} was found to break rule {rule.code} (“{words.title}”). "
        f"{_FOUND[Source(decision.source)]} {looked}"
        f"The decision was taken {who}. {_DONE[Step(decision.step)]} "
        "The member was told the facts of the case, and how to contest the decision."
    )
