"""Hashtags: which spellings count as one, and what may be a tag at all.

The rules for what a tag may hold follow Mastodon, so that a tag typed here means the same there.
"""

import unicodedata

import regex

WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}"
"""The inside of a character class: letters, marks, digits and connectors of every script."""

SEPARATORS = "·・\u200c"
"""Middle dot (Catalan), katakana middle dot, zero-width non-joiner (Persian): inside only."""

MAX_TAG_CHARS = 255

_TAG = regex.compile(rf"[{WORD}][{WORD}{SEPARATORS}]*+", regex.V1)
_TELLING = regex.compile(rf"[^\p{{Nd}}_{SEPARATORS}]", regex.V1)
_INNER = regex.compile(rf"[_{SEPARATORS}]", regex.V1)


def trim_tag(run: str) -> str | None:
    """Give the tag that a run of tag characters spells, or None when it spells none.

    Digits alone are a number, and a separator never ends a tag.
    """
    name = run.rstrip(SEPARATORS)
    if not name or len(name) > MAX_TAG_CHARS:
        return None
    if name.isascii() and name[0].isalpha():
        return name
    if _TELLING.search(name) or _INNER.search(name, 1, len(name) - 1):
        return name
    return None


def is_tag(name: str) -> bool:
    """Tell whether `name`, without its `#`, could be typed as a tag."""
    return _TAG.fullmatch(name) is not None and trim_tag(name) == name


def normalise_tag(name: str) -> str:
    """Give the one spelling under which a tag is stored and compared.

    Width variants and case are folded, so `#ＣＡＴ`, `#Cat` and `#cat` are one tag. The spelling
    somebody typed is for display and kept elsewhere. Idempotent.
    """
    name = name.lstrip("#＃")
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).casefold()
