"""Criteria decided together: texts are searched once, and few conditions asked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from folkmoot.kit.criteria.conditions import (
    SIGNS,
    AnyOf,
    Clause,
    Compare,
    Condition,
    ConditionFailed,
)
from folkmoot.kit.criteria.near import Near
from folkmoot.kit.criteria.patterns import Patterns
from folkmoot.kit.criteria.shortlist import Shortlist, Signals
from folkmoot.kit.criteria.syntax import Kind
from folkmoot.kit.criteria.words import Words

FOUND, COUNT = "found.", "count."


class Members(msgspec.Struct, frozen=True):
    """Values to look for in a list of texts that is a fact. A value with dots stands for all that
    ends with a dot and it, as domains do.
    """

    fact: str
    values: Collection[str]


class Alike(msgspec.Struct, frozen=True):
    """Hashes of pictures, each found when one in a list of texts that is a fact is near it."""

    fact: str
    hashes: Collection[str]


class Criterion(msgspec.Struct, frozen=True):
    """A condition, and what it may call found: entries, a pattern, members, pictures, each by its
    name.
    """

    condition: Condition
    words: Mapping[str, Collection[str]] = {}
    patterns: Mapping[str, str] = {}
    members: Mapping[str, Members] = {}
    alike: Mapping[str, Alike] = {}


class Match(msgspec.Struct, frozen=True):
    """A criterion that holds, by its number, and what was found for it."""

    number: int
    found: tuple[str, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What holds, and which criteria could not be decided and why."""

    matches: tuple[Match, ...] = ()
    failures: tuple[tuple[int, str], ...] = ()


_NOTHING = Outcome()


class LazyFacts(dict[str, Any]):
    """Facts about a subject, each found out when it is first asked for."""

    __slots__ = ("_finders", "_subject")

    def __init__(self, subject: Any, finders: Mapping[str, Callable[[Any], Any]]) -> None:
        super().__init__()
        self._subject = subject
        self._finders = finders

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._finders[name](self._subject)
        return value


def found_facts(counted: Iterable[str], patterns: Iterable[str]) -> dict[str, Kind]:
    """The facts that a criterion's own names add: whether found, and of entries how many."""
    facts = {FOUND + name: Kind.BOOL for name in patterns}
    for name in counted:
        facts[FOUND + name] = Kind.BOOL
        facts[COUNT + name] = Kind.INT
    return facts


class Criteria:
    """Criteria by their numbers. `ready` names the facts that cost little to find out, the cheapest
    first.
    """

    def __init__(self, criteria: Sequence[Criterion], *, ready: Sequence[str]) -> None:
        self._conditions = [criterion.condition for criterion in criteria]
        self._marks: list[dict[str, int]] = []
        words: list[tuple[str, int]] = []
        patterns: list[tuple[str, int]] = []
        self._members: dict[str, dict[str, list[int]]] = {}
        alike: dict[str, dict[str, list[int]]] = {}
        count = 0
        for criterion in criteria:
            names = [
                *(*criterion.words, *criterion.patterns),
                *(*criterion.members, *criterion.alike),
            ]
            marks = {name: count + place for place, name in enumerate(names)}
            count += len(names)
            self._marks.append(marks)
            for name, entries in criterion.words.items():
                words += [(entry, marks[name]) for entry in entries]
            patterns += [(pattern, marks[name]) for name, pattern in criterion.patterns.items()]
            for name, members in criterion.members.items():
                _hold(self._members, members.fact, members.values, marks[name])
            for name, wanted in criterion.alike.items():
                _hold(alike, wanted.fact, wanted.hashes, marks[name])
        self._alike = {fact: _Pictures(holders) for fact, holders in alike.items()}
        self._words, self._patterns = Words(words), Patterns(patterns)
        needs = [
            [kept for clause in condition.clauses if (kept := _owned(clause, marks)) is not None]
            for condition, marks in zip(self._conditions, self._marks, strict=True)
        ]
        self._shortlist = Shortlist(needs, ready)

    def decide(self, folded: str, facts: Mapping[str, Any]) -> Outcome:
        """Which criteria hold of a folded text and these facts."""
        found = self._words.find(folded)
        for mark in self._patterns.find(folded):
            found[mark] = 1
        for fact, holders in self._members.items():
            if facts[fact]:
                _find_members(facts[fact], holders, found)
        for fact, pictures in self._alike.items():
            if facts[fact]:
                pictures.find(facts[fact], found)
        numbers = self._shortlist.candidates(found, facts)
        return self._ask(numbers, found, facts) if numbers else _NOTHING

    def _ask(
        self, numbers: Sequence[int], found: Mapping[int, int], facts: Mapping[str, Any]
    ) -> Outcome:
        matches, failures = [], []
        for number in numbers:
            condition, marks = self._conditions[number], self._marks[number]
            try:
                if condition.run(_variables(condition, marks, found, facts)):
                    names = tuple(name for name, mark in marks.items() if mark in found)
                    matches.append(Match(number, names))
            except ConditionFailed as error:
                failures.append((number, str(error)))
        return Outcome(tuple(matches), tuple(failures))


def _variables(
    condition: Condition,
    marks: Mapping[str, int],
    found: Mapping[int, int],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for name, flat in condition.flat:
        if name.startswith(FOUND):
            variables[flat] = marks[name[len(FOUND) :]] in found
        elif name.startswith(COUNT):
            variables[flat] = found.get(marks[name[len(COUNT) :]], 0)
        else:
            variables[flat] = facts[name]
    return variables


def _owned(clause: Clause, marks: Mapping[str, int]) -> Clause | Signals | None:
    """A clause on what a criterion finds, as one on its marks; None when that says nothing."""
    if isinstance(clause, AnyOf):
        own = [name for name in clause.names if name.startswith(FOUND)]
        if not own:
            return clause
        if len(own) < len(clause.names):
            return None
        return Signals(frozenset(marks[name[len(FOUND) :]] for name in own))
    if not clause.name.startswith((FOUND, COUNT)):
        return clause
    if isinstance(clause, Compare) and not _content_with_none(clause):
        return Signals(frozenset({marks[clause.name[len(COUNT) :]]}))
    return None


def _content_with_none(clause: Compare) -> bool:
    """Whether a comparison of a count holds where nothing was found."""
    return SIGNS[clause.sign](0, clause.bound)


def _hold(
    held: dict[str, dict[str, list[int]]], fact: str, values: Iterable[str], mark: int
) -> None:
    holders = held.setdefault(fact, {})
    for value in values:
        holders.setdefault(value, []).append(mark)


class _Pictures:
    """Hashes that are looked for, with the marks of those who do."""

    def __init__(self, holders: Mapping[str, list[int]]) -> None:
        self._near = Near(list(holders))
        self._marks = list(holders.values())

    def find(self, hashes: Sequence[str], found: dict[int, int]) -> None:
        """For each mark found, how many of its hashes are near one of these."""
        for place in {place for each in hashes for place in self._near.find(each)}:
            for mark in self._marks[place]:
                found[mark] = found.get(mark, 0) + 1


def _find_members(
    values: Sequence[str], holders: Mapping[str, list[int]], found: dict[int, int]
) -> None:
    met = {held for value in values for held in _and_above(value) if held in holders}
    for held in met:
        for mark in holders[held]:
            found[mark] = found.get(mark, 0) + 1


def _and_above(value: str) -> list[str]:
    """`a.b.c`, `b.c`, `c`."""
    parts = value.split(".")
    return [".".join(parts[at:]) for at in range(len(parts))]
