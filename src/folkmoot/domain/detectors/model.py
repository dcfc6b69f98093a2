"""A detector as a text file: TOML that a reviewer reads and compares, checked to the last word.

docs/policy-language.md describes it.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

import msgspec

from folkmoot.domain.deeds.model import FACTS, KINDS, READY, Author, Deed, Event, facts_of
from folkmoot.kit.clock import DAY
from folkmoot.kit.criteria import (
    Condition,
    ConditionInvalid,
    Criteria,
    Criterion,
    EntryInvalid,
    Kind,
    PatternInvalid,
    check_entry,
    check_hash,
    check_pattern,
    compile_condition,
    fold_text,
)
from folkmoot.kit.criteria.syntax import place
from folkmoot.kit.criteria.together import COUNT, FOUND, Alike, Members, found_facts
from folkmoot.kit.errors import Invalid
from folkmoot.kit.text import parse_post

MAX_FILE_CHARS = 200_000
MAX_TESTS = 200
LIST_PREFIX = "list:"
_HASHES = "media.hashes"
_SLUG = re.compile(r"[a-z][a-z0-9-]{2,59}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DOMAIN = re.compile(r"(?:[\w-]+\.)*[\w-]+")


class Effect(StrEnum):
    """What an active detector asks for. It never deletes and never suspends: people decide that."""

    OPEN_CASE = "open-case"
    LABEL = "label"
    SCREEN = "screen"
    SLOW_DOWN = "slow-down"
    HOLD = "hold"


# How long an effect may last, in hours. A hold always ends by itself.
_MOST_HOURS = {Effect.HOLD: 72, Effect.SLOW_DOWN: 72}


class EffectAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An effect, how many hours it lasts where it has an end, and what a label says."""

    do: Effect
    hours: int = 24
    label: str = ""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a file, and where: line and column from 1."""

    line: int
    column: int
    sentence: str


class DetectorInvalid(Invalid):
    """Line {line}, column {column}: {sentence}"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(line=first.line, column=first.column, sentence=first.sentence)
        self.problems = tuple(problems)


Entries = list[str] | str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    title: str
    description: str
    rule: str
    condition: str
    effect: EffectAsked
    words: dict[str, Entries] = {}
    patterns: dict[str, str] = {}
    domains: dict[str, Entries] = {}
    media: dict[str, Entries] = {}
    tests: list[dict[str, Any]] = []


class Example(msgspec.Struct, frozen=True):
    """A text that a detector must find, or must leave alone, with facts other than the usual."""

    text: str
    match: bool
    facts: Mapping[str, Any]
    lists: Mapping[str, Sequence[str]]


class Detector(msgspec.Struct, frozen=True):
    """A detector as its file says, with the condition compiled. `lists` names the matching lists
    it refers to; `words`, `domains` and `media` hold what stands in the file, by name.
    """

    name: str
    title: str
    description: str
    rule: str
    effect: EffectAsked
    condition: Condition
    words: Mapping[str, Entries]
    patterns: Mapping[str, str]
    domains: Mapping[str, Entries]
    media: Mapping[str, Entries]
    examples: tuple[Example, ...]

    @property
    def lists(self) -> frozenset[str]:
        return frozenset[str]().union(
            *(self.lists_in(given) for given in (self.words, self.domains, self.media))
        )

    @staticmethod
    def lists_in(given: Mapping[str, Entries]) -> frozenset[str]:
        """The names of the matching lists among entries that are given."""
        named = (one for one in given.values() if isinstance(one, str))
        return frozenset(one.removeprefix(LIST_PREFIX) for one in named)

    @property
    def asks_for_copies(self) -> bool:
        return any(name.startswith("copies.") for name in self.condition.names)

    def criterion(self, lists: Mapping[str, Sequence[str]]) -> Criterion:
        """What it looks for, with the entries of the lists it refers to."""

        def entries(given: Entries) -> Sequence[str]:
            return lists[given.removeprefix(LIST_PREFIX)] if isinstance(given, str) else given

        return Criterion(
            self.condition,
            words={name: entries(given) for name, given in self.words.items()},
            patterns=self.patterns,
            members={
                name: Members("links.domains", entries(given))
                for name, given in self.domains.items()
            },
            alike={name: Alike(_HASHES, entries(given)) for name, given in self.media.items()},
        )


def read_detector(source: str) -> Detector:
    """Reads and checks a file whole: its form, condition, names, entries, and that each of its
    tests comes out as it says. DetectorInvalid names every problem with its place.
    """
    if len(source) > MAX_FILE_CHARS:
        sentence = f"a detector has at most {MAX_FILE_CHARS:,} characters; keep long lists as lists"
        raise DetectorInvalid([Problem(1, 1, sentence)])
    file = _parsed(source)
    checking = _Checking(source, file)
    checking.check_head()
    checking.check_names()
    checking.check_entries()
    condition = checking.compiled()
    examples = checking.examples()
    if checking.problems or condition is None:
        raise DetectorInvalid(sorted(checking.problems, key=lambda p: (p.line, p.column)))
    detector = Detector(
        name=file.name,
        title=file.title.strip(),
        description=file.description.strip(),
        rule=file.rule,
        effect=file.effect,
        condition=condition,
        words=file.words,
        patterns=file.patterns,
        domains=file.domains,
        media=file.media,
        examples=tuple(examples),
    )
    checking.run(detector)
    if checking.problems:
        raise DetectorInvalid(checking.problems)
    return detector


def try_out(detector: Detector, example: Example) -> bool:
    """Whether a detector finds an example."""
    lists = {name: list(example.lists.get(name, ())) for name in detector.lists}
    criteria = Criteria([detector.criterion(lists)], ready=READY)
    facts = facts_of(_sample(example.text))
    facts.update(example.facts)
    outcome = criteria.decide(fold_text(example.text), facts)
    if outcome.failures:
        raise ConditionInvalid(outcome.failures[0][1], line=1, column=1)
    return bool(outcome.matches)


def _sample(text: str) -> Deed:
    """A public post of somebody who has been here for years, unless a test says otherwise."""
    parsed = parse_post(text)
    author = Author(0, followers=100, following=100, posts=1_000, pictured=True)
    return Deed(
        event=Event.POST,
        at=1_000 * DAY,
        author=author,
        body=text,
        language="en",
        tags=tuple(tag.name.lower() for tag in parsed.tags),
        mentions=len({mention.address for mention in parsed.mentions}),
    )


def _parsed(source: str) -> _File:
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        sentence, line, column = _toml_place(source, str(error))
        raise DetectorInvalid([Problem(line, column, sentence)]) from error
    try:
        return msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at ")
        at = _Places(source).of_path(path.strip("`"), sentence)
        if "Invalid enum value" in sentence:
            offered = ", ".join(Effect)
            sentence = f"a detector can ask for {offered}; it never deletes and never suspends"
        raise DetectorInvalid([Problem(*place(source, at), sentence)]) from error


def _toml_place(source: str, sentence: str) -> tuple[str, int, int]:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", sentence)
    if found:
        return sentence[: found.start()], int(found[1]), int(found[2])
    return sentence.removesuffix(" (at end of document)"), *place(source, len(source))


class _Places:
    """Where things stand in a file. Falls back to the section, then to the beginning."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[tuple[str, str], int] = {}
        self._sections: dict[str, int] = {"": 0}
        self._scan()

    def _scan(self) -> None:
        section, at, fence, tests = "", 0, "", 0
        for line in self._source.splitlines(keepends=True):
            if fence:
                fence = "" if fence in line else fence
            elif header := re.match(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}", line):
                section = header[1]
                if section == "tests":
                    section, tests = f"tests.{tests}", tests + 1
                self._sections[section] = at + header.start(1)
            elif key := re.match(r"\s*\"?([\w-]+(?:\.[\w-]+)*)\"?\s*=\s*('''|\"\"\"|'|\"|)", line):
                fence = key[2] if len(key[2]) == 3 and line.count(key[2]) == 1 else ""
                self._keys[section, key[1]] = at + key.end()
            at += len(line)

    def of(self, section: str, key: str = "", inside: int = 0) -> int:
        """The offset of a value, or of what lies inside its text; of a section without a key."""
        start = self._keys.get((section, key))
        if start is None:
            return self._sections.get(section, 0)
        if self._source.startswith("\n", start):
            start += 1  # TOML leaves out the first line break of a long text
        return start + inside

    def of_entry(self, section: str, key: str, entry: str) -> int:
        start = self.of(section, key)
        found = self._source.find(entry, start) if entry else -1
        return found if found >= 0 else start

    def of_path(self, path: str, sentence: str) -> int:
        """Of a path as msgspec gives it, `$.effect.do` or `$.tests[2]`."""
        parts = path.removeprefix("$").replace("[", ".").replace("]", "").strip(".").split(".")
        if unknown := re.search(r"unknown field `(.+?)`", sentence):
            return self.of(".".join(parts), unknown[1]) or self._sections.get(unknown[1], 0)
        return self.of(".".join(parts[:-1]), parts[-1]) or self.of(parts[0])


class _Checking:
    def __init__(self, source: str, file: _File) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._file = file
        self._places = _Places(source)

    def _add(self, at: int, sentence: str) -> None:
        self.problems.append(Problem(*place(self._source, at), sentence))

    def check_head(self) -> None:
        file, at = self._file, self._places.of
        if not _SLUG.fullmatch(file.name):
            self._add(at("", "name"), "a name has small letters, digits and hyphens, 3 to 60")
        if not 1 <= len(file.title.strip()) <= 120:
            self._add(at("", "title"), "a title has from 1 to 120 characters")
        if not 40 <= len(file.description.strip()) <= 2_000:
            sentence = (
                "everybody reads the description: say in 40 to 2,000 characters what is looked for"
            )
            self._add(at("", "description"), sentence)
        effect = file.effect
        most = _MOST_HOURS.get(effect.do)
        if most is not None and not 1 <= effect.hours <= most:
            self._add(at("effect", "hours"), f"{effect.do} lasts from 1 to {most} hours")
        if (effect.do is Effect.LABEL) != bool(effect.label.strip()):
            self._add(at("effect", "label"), "label = … is what a label says, and only a label")

    def check_names(self) -> None:
        met: set[str] = set()
        for section in ("words", "patterns", "domains", "media"):
            for name in getattr(self._file, section):
                if not _NAME.fullmatch(name):
                    sentence = f"{name}: names have small letters, digits and _"
                    self._add(self._places.of(section, name), sentence)
                if name in met:
                    sentence = f"{name} is the name of something else too"
                    self._add(self._places.of(section, name), sentence)
                met.add(name)
                if not self._file_uses(name):
                    sentence = f"the condition asks neither for found.{name} nor count.{name}"
                    self._add(self._places.of(section, name), sentence)

    def _file_uses(self, name: str) -> bool:
        return bool(re.search(rf"\b(?:found|count)\s*\.\s*{name}\b", self._file.condition))

    def check_entries(self) -> None:
        for name, pattern in self._file.patterns.items():
            try:
                check_pattern(pattern)
            except PatternInvalid as error:
                self._add(self._places.of("patterns", name, error.at), error.problem)
        self._check_lists("words", check_entry)
        self._check_lists("domains", _check_domain)
        self._check_lists("media", check_hash)

    def _check_lists(self, section: str, check: Callable[[str], object]) -> None:
        for name, entries in getattr(self._file, section).items():
            at = self._places.of(section, name)
            if isinstance(entries, str):
                if not _SLUG.fullmatch(entries.removeprefix(LIST_PREFIX)):
                    self._add(at, f'write a list of {section}, or "{LIST_PREFIX}NAME"')
                continue
            if not entries:
                self._add(at, f"{name} is empty")
            for entry in entries:
                try:
                    check(entry)
                except EntryInvalid as error:
                    self._add(self._places.of_entry(section, name, entry), error.sentence)

    def compiled(self) -> Condition | None:
        file = self._file
        own = found_facts([*file.words, *file.domains, *file.media], file.patterns)
        try:
            return compile_condition(file.condition, {**KINDS, **own})
        except ConditionInvalid as error:
            inside = _offset(file.condition, error.line, error.column)
            self._add(self._places.of("", "condition", inside), error.problem)
        return None

    def examples(self) -> list[Example]:
        tests = self._file.tests
        examples = [made for n, test in enumerate(tests) if (made := self._example(n, test))]
        if len(tests) > MAX_TESTS:
            self._add(self._places.of(f"tests.{MAX_TESTS}"), f"at most {MAX_TESTS} tests")
        if not self.problems and {example.match for example in examples} != {True, False}:
            sentence = "give at least one test with match = true and one with match = false"
            self._add(self._places.of("tests.0"), sentence)
        return examples

    def _example(self, number: int, test: dict[str, Any]) -> Example | None:
        section = f"tests.{number}"
        text, match, lists = test.get("text"), test.get("match"), test.get("lists", {})
        if not isinstance(text, str) or not isinstance(match, bool):
            self._add(self._places.of(section), 'a test has text = "…" and match = true or false')
            return None
        if not _is_lists(lists):
            self._add(self._places.of(section), 'lists.NAME = ["…"] gives what stands on a list')
            return None
        for name in Detector.lists_in(self._file.media) & lists.keys():
            if (problem := _no_hashes(lists[name])) is not None:
                self._add(self._places.of(section, f"lists.{name}"), problem)
        rest = {k: v for k, v in test.items() if k not in {"text", "match", "lists"}}
        facts = _flattened(rest)
        for name, value in facts.items():
            if (problem := _wrong_fact(name, value)) is not None:
                self._add(self._places.of(section, name), problem)
        return Example(text, match, facts, lists)

    def run(self, detector: Detector) -> None:
        """Tries each test; a detector that does not do as its tests say is not kept."""
        for number, example in enumerate(detector.examples):
            at = self._places.of(f"tests.{number}", "text")
            try:
                found = try_out(detector, example)
            except ConditionInvalid as error:
                self._add(at, f"the condition cannot be decided for this: {error.problem}")
                continue
            if found is not example.match:
                self._add(
                    at, "this should be found, and is not" if example.match else "this is found"
                )


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column - 1


def _check_domain(entry: str) -> None:
    if not _DOMAIN.fullmatch(entry) or entry != entry.lower():
        raise EntryInvalid(entry=entry[:40] or "Nothing", problem="write a domain in small letters")


def _is_lists(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(entries, list) and all(isinstance(entry, str) for entry in entries)
        for entries in value.values()
    )


def _flattened(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flattened(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


_PYTHON = {Kind.BOOL: bool, Kind.INT: int, Kind.DOUBLE: float, Kind.TEXT: str, Kind.TEXTS: list}
# What follows from a test's text is not told otherwise.
_DERIVED = ("text.", "links.", FOUND, COUNT)
SETTABLE = tuple(fact for fact in FACTS if not fact.name.startswith(_DERIVED))
_SETTABLE = {fact.name: fact.kind for fact in SETTABLE}


def _wrong_fact(name: str, value: object) -> str | None:
    kind = _SETTABLE.get(name)
    if kind is None:
        if name.startswith(_DERIVED):
            return f"{name} follows from the text; change the text"
        return f"there is no fact {name}"
    if type(value) is not _PYTHON[kind]:
        return f"{name} is a {kind}"
    if kind is Kind.TEXTS and not all(
        isinstance(each, str) for each in cast("list[object]", value)
    ):
        return f"{name} is a {kind}"
    return _no_hashes(cast("list[str]", value)) if name == _HASHES else None


def _no_hashes(entries: Sequence[str]) -> str | None:
    """What is wrong with the first of them that is no hash of a picture."""
    for entry in entries:
        try:
            check_hash(entry)
        except EntryInvalid as error:
            return error.sentence
    return None


class Hit(msgspec.Struct, frozen=True):
    """A detector, by its place, that holds of a deed, and which of its names were found."""

    place: int
    found: tuple[str, ...]


class Findings(msgspec.Struct, frozen=True):
    """What was found, and which detectors, by their places, could not be decided and why."""

    hits: tuple[Hit, ...] = ()
    failures: tuple[tuple[int, str], ...] = ()


_NOTHING = Findings()


class Engine:
    """Detectors in an order, with the entries of the matching lists that they refer to."""

    def __init__(
        self, detectors: Sequence[Detector], lists: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        known = lists or {}
        self._criteria = Criteria([one.criterion(known) for one in detectors], ready=READY)

    def examine(self, deed: Deed) -> Findings:
        """Which detectors hold of a deed."""
        outcome = self._criteria.decide(fold_text(deed.body), facts_of(deed))
        if not outcome.matches and not outcome.failures:
            return _NOTHING
        hits = tuple(Hit(match.number, match.found) for match in outcome.matches)
        return Findings(hits, outcome.failures)


@cache
def shipped_detectors() -> tuple[str, ...]:
    """The files of the detectors that ship with the program. None of them is in force until
    somebody takes it up, tests it and lets it run.
    """
    folder = files("folkmoot") / "texts" / "detectors"
    found = sorted((one for one in folder.iterdir()), key=lambda one: one.name)
    return tuple(one.read_text("utf-8") for one in found if one.name.endswith(".toml"))
