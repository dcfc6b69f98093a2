"""What a search asks of the index, beside words: marks, which no word can be mistaken for."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from folkmoot.domain.posts.model import Post, Visibility
from folkmoot.kit.text import (
    Phrase,
    SearchQuery,
    index_terms,
    index_vector,
    to_fts5,
    to_fts5_excluded,
    to_tsquery,
)

# Terms hold letters, marks and digits only; the section sign is none of them, and no tokeniser
# splits at it.
_SIGN = "§"
OPEN = f"{_SIGN}p"


def by_author(account_id: int) -> str:
    """The mark of an account's posts."""
    return f"{_SIGN}a{account_id}"


def in_language(language: str) -> list[str]:
    """The marks of a language: `zh-TW` is found as itself and as `zh`."""
    whole = language.lower().replace("-", "")
    return [f"{_SIGN}l{name}" for name in dict.fromkeys((whole, language.lower()[:2])) if name]


def of_kind(kind: str) -> str:
    """The mark of what `has:` and `is:` ask for."""
    return f"{_SIGN}k{kind}"


class Ask(msgspec.Struct, frozen=True):
    """Words, and marks: of each group in `wanted` one, of `unwanted` none."""

    words: SearchQuery
    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[str, ...] = ()

    def narrowed(self, *alternatives: str) -> "Ask":
        """The same with one more group of marks."""
        return replace(self, wanted=(*self.wanted, alternatives))

    @property
    def is_positive(self) -> bool:
        """Whether it names something to look for; FTS5 has no question of exclusions alone."""
        return bool(self.words.phrases or self.wanted)


def to_match(ask: Ask, dialect: str) -> str:
    """The question in the language of the database; on SQLite it must be positive."""
    return _to_fts5(ask) if dialect == "sqlite" else _to_tsquery(ask)


def _to_fts5(ask: Ask) -> str:
    positive = [
        *_some(to_fts5(replace(ask.words, excluded=()))),
        *("(" + " OR ".join(f'"{mark}"' for mark in group) + ")" for group in ask.wanted),
    ]
    negative = [*_some(to_fts5_excluded(ask.words)), *(f'"{mark}"' for mark in ask.unwanted)]
    wanted = " AND ".join(positive)
    return f"({wanted}) NOT ({' OR '.join(negative)})" if negative else wanted


def _to_tsquery(ask: Ask) -> str:
    parts = [
        *_some(to_tsquery(ask.words)),
        *("(" + " | ".join(f"'{mark}'" for mark in group) + ")" for group in ask.wanted),
        *(f"!'{mark}'" for mark in ask.unwanted),
    ]
    return " & ".join(parts) or f"!'{_SIGN}'"


def _some(text: str) -> list[str]:
    return [text] if text else []


def to_needles(ask: Ask) -> tuple[list[list[str]], list[str]]:
    """The question as stretches of an indexed text: of each list one must be there, and none of
    the second. Terms are parted by single spaces, and one stands before and after all.
    """
    wanted = [[_needle(phrase)] for phrase in ask.words.phrases]
    wanted += [[f" {mark} " for mark in group] for group in ask.wanted]
    unwanted = [_needle(phrase) for phrase in ask.words.excluded]
    return wanted, unwanted + [f" {mark} " for mark in ask.unwanted]


def _needle(phrase: Phrase) -> str:
    return f" {' '.join(phrase.terms)}{'' if phrase.prefix else ' '}"


class Indexed(msgspec.Struct, frozen=True):
    """What of a post goes into the index."""

    post: Post
    texts: tuple[str, ...]
    is_open: bool
    has_link: bool
    has_embed: bool


def to_entry(indexed: Indexed, dialect: str) -> str:
    """The post as the index stores it."""
    text = "\n".join(indexed.texts)
    marks = list(_marks(indexed))
    if dialect == "sqlite":
        return " ".join([index_terms(text), *marks])
    return " ".join([index_vector(text), *(f"'{mark}'" for mark in marks)])


def _marks(indexed: Indexed) -> Iterable[str]:
    post = indexed.post
    yield by_author(post.author_id)
    if indexed.is_open and post.visibility == Visibility.PUBLIC:
        yield OPEN
    if post.language:
        yield from in_language(post.language)
    kinds = {
        "media": post.media_count > 0,
        "poll": post.poll_id is not None,
        "link": indexed.has_link,
        "embed": indexed.has_embed,
        "reply": post.in_reply_to_id is not None,
        "sensitive": post.veiled,
    }
    for kind, holds in kinds.items():
        if holds:
            yield of_kind(kind)
