"""Many words and phrases, found in a text in one pass (Aho and Corasick, 1975)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import regex

from folkmoot.kit.errors import Invalid
from folkmoot.kit.text.terms import DENSE, fold

MAX_ENTRY_CHARS = 200

# Letters of scripts that put spaces between words; a word ends where they end.
_SPACED = regex.compile(rf"[[\p{{L}}\p{{M}}\p{{N}}_]--{DENSE}]", regex.V1)


class EntryInvalid(Invalid):
    """{entry} cannot be looked for: {problem}"""


def fold_text(text: str) -> str:
    """A text as words and patterns meet it: compatible forms, case and invisible characters are
    evened out, and each stretch of white space is one space.
    """
    return " ".join(fold(text).split())


class _Entry:
    """A word as it is searched for, and whether a word must begin and end where it does."""

    __slots__ = ("begins", "ends", "text")

    def __init__(self, entry: str) -> None:
        bare = entry.strip()
        self.text = fold_text(bare.strip("*"))
        self.begins = not bare.startswith("*") and _is_spaced(self.text[:1])
        self.ends = not bare.endswith("*") and _is_spaced(self.text[-1:])


def check_entry(entry: str) -> str:
    """The entry itself if it can be looked for; EntryInvalid. `scam*` finds words that begin so,
    `*coin` those that end so.
    """
    folded = _Entry(entry).text
    shown = entry.strip()[:40]
    if not regex.search(r"[\p{L}\p{N}\p{S}]", folded):
        raise EntryInvalid(entry=shown or "Nothing", problem="it holds no letter")
    if len(folded) > MAX_ENTRY_CHARS:
        raise EntryInvalid(entry=shown, problem=f"it has more than {MAX_ENTRY_CHARS} characters")
    if "*" in folded:
        raise EntryInvalid(entry=shown, problem="* stands only at its beginning or end")
    if len(folded) == 1 and _is_spaced(folded):
        raise EntryInvalid(entry=shown, problem="a single letter is in every text")
    return entry


@lru_cache(maxsize=8192)
def _is_spaced(char: str) -> bool:
    return bool(char) and _SPACED.fullmatch(char) is not None


class Words:
    """Entries, each with a mark (of the list it is from), searched for together."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        marks: dict[tuple[str, bool, bool], list[int]] = {}
        for text, mark in entries:
            entry = _Entry(text)
            held = marks.setdefault((entry.text, entry.begins, entry.ends), [])
            if mark not in held:
                held.append(mark)
        self._marks = [tuple(held) for held in marks.values()]
        self._begins = [begins for _, begins, _ in marks]
        self._ends = [ends for _, _, ends in marks]
        self._automaton = _automaton([text for text, _, _ in marks]) if marks else None

    def find(self, folded: str) -> dict[int, int]:
        """For each mark found in a folded text, how many of its entries are in it."""
        if self._automaton is None:
            return {}
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        found: dict[int, int] = {}
        seen: set[int] = set()
        for number, start, end in hits:
            if number in seen or not self._stands_alone(folded, number, start, end):
                continue
            seen.add(number)
            for mark in self._marks[number]:
                found[mark] = found.get(mark, 0) + 1
        return found

    def _stands_alone(self, text: str, number: int, start: int, end: int) -> bool:
        if self._begins[number] and start and _is_spaced(text[start - 1]):
            return False
        return not (self._ends[number] and end < len(text) and _is_spaced(text[end]))


def _automaton(texts: list[str]) -> Any:
    from ahocorasick_rs import AhoCorasick, Implementation

    # A DFA is three times slower here: it does not fit the processor's cache.
    return AhoCorasick(texts, implementation=Implementation.ContiguousNFA, store_patterns=False)
