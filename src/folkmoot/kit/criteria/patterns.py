"""Many regular expressions, found in a text in one pass whose time is linear (RE2).

Syntax: https://github.com/google/re2/wiki/Syntax
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from folkmoot.kit.errors import Invalid
from folkmoot.kit.text.terms import fold

MAX_PATTERN_CHARS = 500
# One pattern may not eat what all of them share.
_MEMORY_EACH = 1 << 20
_MEMORY_ALL = 256 << 20


class PatternInvalid(Invalid):
    """{problem}"""

    def __init__(self, problem: str, *, at: int = 0) -> None:
        super().__init__(problem=problem)
        self.problem, self.at = problem, at


def check_pattern(pattern: str) -> str:
    """The pattern itself if it can be looked for; PatternInvalid, with an offset."""
    import re2

    if not pattern or len(pattern) > MAX_PATTERN_CHARS:
        raise PatternInvalid(f"a pattern has from 1 to {MAX_PATTERN_CHARS} characters")
    try:
        compiled = re2.compile(pattern, options=_options(_MEMORY_EACH))
    except re2.error as error:
        raise _explained(pattern, error) from error
    if compiled.search("") is not None:
        raise PatternInvalid("this is found in every text, since it is content with nothing")
    for at, char in enumerate(pattern):
        if fold(char) not in {char, char.lower()}:
            problem = f"texts are folded before they are searched, so {char} is in none"
            raise PatternInvalid(f"{problem}; write {fold(char) or 'nothing'} instead", at=at)
    return pattern


def _explained(pattern: str, error: Exception) -> PatternInvalid:
    """RE2 names what is wrong and quotes the piece that is."""
    cause = error.args[0] if error.args else ""
    text = cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)
    problem, _, piece = text.partition(": ")
    if piece.startswith("(?") and problem.startswith("invalid perl operator"):
        problem = "patterns do not look ahead or behind"
    at = pattern.find(piece) if piece else 0
    return PatternInvalid(f"{problem}: {piece}" if piece else problem, at=max(at, 0))


def _options(memory: int) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory
    return options


class Patterns:
    """Patterns, each with a mark, searched for together."""

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        marks: dict[str, list[int]] = {}
        for pattern, mark in patterns:
            marks.setdefault(pattern, []).append(mark)
        self._marks = list(marks.values())
        self._search = _searching(list(marks)) if marks else None

    def find(self, folded: str) -> list[int]:
        """The marks of the patterns that are found in a folded text."""
        if self._search is None:
            return []
        hits = self._search(folded)
        return [mark for number in hits for mark in self._marks[number]] if hits else []


def _searching(patterns: Sequence[str]) -> Callable[[str], Sequence[int] | None]:
    import re2

    together = re2.Set.SearchSet(_options(_MEMORY_ALL))
    for pattern in patterns:
        together.Add(pattern)
    try:
        together.Compile()
    except re2.error:  # more than fits: one by one is slower, and finds the same
        each = [re2.compile(pattern, options=_options(_MEMORY_EACH)) for pattern in patterns]
        return lambda text: [n for n, one in enumerate(each) if one.search(text)]
    found: Callable[[str], Sequence[int] | None] = together.Match
    return found
