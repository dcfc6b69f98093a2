"""Rules and documents as values, and the texts that ship with the program."""

import datetime as dt
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, NewType

import msgspec

from folkmoot.kit.clock import from_iso
from folkmoot.kit.errors import Conflict, Invalid, NotFound
from folkmoot.kit.settings import Settings
from folkmoot.kit.text import normalise_language, render_markdown

RuleId = NewType("RuleId", int)
DocumentId = NewType("DocumentId", int)

MAX_RULE_CHARS = 300
MAX_HINT_CHARS = 1_000
MAX_BODY_CHARS = 200_000

# The shipped texts hold from this day wherever nothing newer does.
SHIPPED_FROM = from_iso("2026-01-01")


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


class Kind(StrEnum):
    """Which document."""

    TERMS = "terms"
    PRIVACY = "privacy"


class RuleNotFound(NotFound):
    """There is no such rule"""


class DocumentNotFound(NotFound):
    """Record not found"""


class RuleInvalid(Invalid):
    """A rule needs a text of at most 300 characters and a hint of at most 1,000"""


class DocumentInvalid(Invalid):
    """The text is empty or too long"""


class VersionExists(Conflict):
    """A version that takes effect on this day is published already"""


class RetroactiveVersion(Invalid):
    """A text cannot take effect before the day it is published"""


class Translation(msgspec.Struct, frozen=True):
    """A rule in another language."""

    text: str
    hint: str = ""


class Rule(msgspec.Struct, frozen=True):
    """A row of rules, in the table's order; `translations` is JSON by language."""

    id: RuleId
    position: int
    category: str
    text: str
    hint: str
    translations: str
    effective_from: int
    retired_from: int | None

    def holds_at(self, at: int) -> bool:
        return self.effective_from <= at and (self.retired_from is None or at < self.retired_from)


class Document(msgspec.Struct, frozen=True):
    """A row of documents, in the table's order: one version."""

    id: DocumentId
    kind: str
    body: str
    html: str
    published_at: int
    effective_from: int


def decode_translations(rule: Rule) -> dict[str, Translation]:
    return msgspec.json.decode(rule.translations, type=dict[str, Translation])


def check_rule(text: str, hint: str, translations: dict[str, Translation]) -> None:
    """RuleInvalid when a text is missing or too long, or a language is unknown."""
    for each in (Translation(text, hint), *translations.values()):
        if not each.text.strip() or len(each.text) > MAX_RULE_CHARS:
            raise RuleInvalid
        if len(each.hint) > MAX_HINT_CHARS:
            raise RuleInvalid
    for language in translations:
        if normalise_language(language) is None:
            raise RuleInvalid(f"There is no language {language}")


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules that hold until an operator publishes their own; their ids are their places."""
    table = tomllib.loads(_shipped("rules.toml"))["rules"]
    return tuple(_shipped_rule(at, entry) for at, entry in enumerate(table, start=1))


def _shipped_rule(at: int, entry: dict[str, Any]) -> Rule:
    return Rule(
        id=RuleId(at),
        position=at,
        category=Category(entry["category"]),
        text=entry["text"],
        hint=entry["hint"],
        translations=msgspec.json.encode(entry["translations"]).decode(),
        effective_from=SHIPPED_FROM,
        retired_from=None,
    )


@cache
def shipped_document(kind: Kind, settings: Settings) -> Document:
    """A document that holds until an operator publishes their own, with this instance's facts."""
    instance = settings.instance
    body = _shipped(f"{kind}.md").format(
        title=instance.title,
        domain=settings.domain,
        base_url=settings.server.base_url,
        operator=instance.operator_name or "its operator",
        contact=instance.contact_email or f"the contact at {settings.server.base_url}/about",
        min_age=settings.registration.min_age,
        **msgspec.structs.asdict(settings.retention),
    )
    return Document(
        id=DocumentId(list(Kind).index(kind) + 1),
        kind=kind,
        body=body,
        html=render_markdown(body),
        published_at=SHIPPED_FROM,
        effective_from=SHIPPED_FROM,
    )


def _shipped(name: str) -> str:
    return (files("folkmoot") / "texts" / name).read_text(encoding="utf-8")


def start_of_day(day: dt.date) -> int:
    """The moment, in UTC, from which something that is dated on a day holds."""
    return from_iso(day.isoformat())
