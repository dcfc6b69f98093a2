"""What differs between two texts, word by word, for people who read both."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec

# Scripts that write words without spaces between them are compared by character.
_TOGETHER = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKENS = re.compile(rf"[{_TOGETHER}]|[^\W{_TOGETHER}]+|\s+|[^\w\s]|\W")
# Beyond so many pairs of tokens a stretch counts as replaced: comparing takes their product.
_MAX_PAIRS = 1_000_000


_Kind = Literal["same", "gone", "new"]
_Step = tuple[_Kind, str]


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that both have, or only the old or the new one."""

    kind: _Kind
    text: str


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts as one row of pieces, in order; what is gone stands before what is new."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if old == new:
        return (Piece("same", old),) if old else ()
    if len(before) * len(after) > _MAX_PAIRS:
        return _merged([("gone", old), ("new", new)])
    return _merged(_settled(_steps(before, after)))


def compare_paragraphs(old: str, new: str) -> tuple[tuple[Piece, ...], ...]:
    """Texts of many paragraphs, each a row of pieces; only those that changed go word by word."""
    before, after = _paragraphs(old), _paragraphs(new)
    rows: list[tuple[Piece, ...]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            rows += [(Piece("same", paragraph),) for paragraph in before[a:b]]
        elif tag == "replace" and b - a == d - c:
            pairs = zip(before[a:b], after[c:d], strict=True)
            rows += [compare_words(one, other) for one, other in pairs]
        else:
            rows += [(Piece("gone", paragraph),) for paragraph in before[a:b]]
            rows += [(Piece("new", paragraph),) for paragraph in after[c:d]]
    return tuple(rows)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs with their line ends made one space; items of lists stand alone."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*#>]|\d+\.)\s)", text.strip())
    return [" ".join(block.split()) for block in blocks if block.strip()]


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterable[_Step]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield "same", "".join(before[a:b])
        else:
            yield "gone", "".join(before[a:b])
            yield "new", "".join(after[c:d])


def _settled(steps: Iterable[_Step]) -> list[_Step]:
    """One change for changes with nothing but space between them, which read like hiccups."""
    made: list[_Step] = []
    gone = new = ""
    found = [step for step in steps if step[1]]
    for at, (kind, text) in enumerate(found):
        between = kind == "same" and not text.strip() and (gone or new) and at + 1 < len(found)
        if kind == "gone" or between:
            gone += text
        if kind == "new" or between:
            new += text
        if kind == "same" and not between:
            made += [("gone", gone), ("new", new), (kind, text)]
            gone = new = ""
    return [*made, ("gone", gone), ("new", new)]


def _merged(steps: Iterable[_Step]) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in steps if text)
