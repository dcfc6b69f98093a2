"""Catalogues of words, and which of them suits whom."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

DEFAULT = "en"
# By the code that members' locales begin with: how the language is called by itself, and its tag
# for headers and markup (RFC 5646).
LANGUAGES = {"en": ("English", "en"), "zh": ("简体中文", "zh-Hans")}


def language_for(locale: str) -> str:
    """The shipped language that suits a locale such as `zh-CN`; English where none does."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT


def tag_of(language: str) -> str:
    """How headers and markup name a shipped language: `zh-Hans`."""
    return LANGUAGES[language][1]


def say(locale: str, key: str, /, **facts: object) -> str:
    """The words of a key such as `letters.confirm.subject`, with facts in their places.

    KeyError for words or facts that are not there: tests hold every language to the same ones.
    """
    return catalogue(language_for(locale))[key].format(**facts)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> dict[str, str]:
    """All words of a shipped language, by key."""
    file = files("folkmoot") / "texts" / "words" / f"{language}.toml"
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(value)
