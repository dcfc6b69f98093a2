"""Words of a text in the form the full-text index stores, equal for SQLite and PostgreSQL.

Scripts written without spaces become overlapping pairs of characters; all other words are lowered
and lose their diacritics. Every term consists of letters, marks and digits only.
"""

import re
import unicodedata

import msgspec
import regex

MAX_TERM_CHARS = 64
"""Longer words are cut, in the index and in the query alike; PostgreSQL refuses 2 kB lexemes."""

FTS5_TOKENIZER = "ascii"
"""The FTS5 tokenizer to declare: it splits at ASCII non-alphanumerics only, which is where terms
end. unicode61 works too, but knows no script added to Unicode after 2012."""

DENSE = (
    r"[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{sc=Thai}\p{sc=Laoo}"
    r"\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}&&[\p{L}\p{M}]]"
)
"""A character class, to be read with `regex.V1`: letters of scripts that do not space words."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++")
_DENSE_RUN = regex.compile(rf"({DENSE}++)", regex.V1)
_ASCII_WORD = re.compile(r"[a-z0-9]+")

# Marks that only decorate: Latin, Greek, Cyrillic, Hebrew points, Arabic vowels. The marks of
# Indic scripts are vowels of the word and stay.
_DIACRITIC = re.compile(
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Joiners, soft hyphens and the selectors that choose between glyphs of one character.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+")


class Run(msgspec.Struct, frozen=True, gc=False):
    """A word, or a stretch of a script that does not space its words."""

    text: str
    dense: bool


def split_runs(text: str) -> list[Run]:
    """Give the words of `text`, folded, in order."""
    runs: list[Run] = []
    for word in _WORD.findall(fold(text)):
        if word.isascii():
            runs.append(Run(word[:MAX_TERM_CHARS], False))
            continue
        # The pattern captures, so splitting gives what lies between dense runs and them in turn.
        for at, part in enumerate(_DENSE_RUN.split(word)):
            if at % 2:
                runs.append(Run(part, True))
            elif bare := _strip_diacritics(part):
                runs.append(Run(bare[:MAX_TERM_CHARS], False))
    return runs


def fold(text: str) -> str:
    """A text with case, compatible forms and invisible characters evened out."""
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _strip_diacritics(word: str) -> str:
    if word.isascii():
        return word
    bare = _DIACRITIC.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare)


def pairs(run: str) -> list[str]:
    """Give the overlapping pairs of a dense run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def list_terms(text: str) -> list[str]:
    """Give the terms under which `text` is found, in order, repetitions included.

    A dense run ends with its last character alone: together with the pairs, every character then
    begins some term, and a query for one character is a query for terms that begin with it.
    """
    if text.isascii():
        return [word[:MAX_TERM_CHARS] for word in _ASCII_WORD.findall(text.lower())]
    terms: list[str] = []
    for run in split_runs(text):
        if run.dense:
            terms.extend(pairs(run.text))
            terms.append(run.text[-1])
        else:
            terms.append(run.text)
    return terms


def index_terms(text: str) -> str:
    """Give the terms of `text` parted by spaces: what the FTS5 table stores."""
    return " ".join(list_terms(text))


def index_vector(text: str) -> str:
    """Give the terms of `text` as a PostgreSQL tsvector in text form, for `CAST(… AS tsvector)`.

    Cast rather than parsed by `to_tsvector`, whose idea of a word depends on the server's locale.
    """
    positions: dict[str, list[int]] = {}
    for position, term in enumerate(list_terms(text), start=1):
        positions.setdefault(term, []).append(position)
    # PostgreSQL keeps 255 positions of a lexeme, none above 16,383, and refuses nothing but size.
    return " ".join(
        f"'{term}':{','.join(str(min(at, 16383)) for at in found[:255])}"
        for term, found in positions.items()
    )
