"""Search queries as people type them, read into a value and rendered for either database.

The language is that of Mastodon's clients: words, "phrases", -exclusions, operators as `from:me`.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec
import regex
from msgspec.structs import replace

from folkmoot.kit.text.languages import normalise_language
from folkmoot.kit.text.terms import Run, pairs, split_runs

MAX_QUERY_CHARS = 500
MAX_PHRASES = 32
"""What comes after is ignored; SQLite refuses expressions nested too deep."""

HAS = frozenset({"media", "poll", "link", "embed"})
IS = frozenset({"reply", "sensitive"})

Scope = Literal["library", "public"]

SCOPES: dict[str, Scope | None] = {"library": "library", "public": "public", "all": None}


class Phrase(msgspec.Struct, frozen=True):
    """Terms that must stand next to each other; with `prefix` the last may go on."""

    terms: tuple[str, ...]
    prefix: bool = False


class SearchQuery(msgspec.Struct, frozen=True):
    """What somebody searches for. All conditions hold together; `not_` lists what must not hold.

    `since` is the first day wanted, `until` the first day no longer wanted. `from_` holds `me` or
    addresses as `user` and `user@domain`, lowered.
    """

    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    from_: frozenset[str] = frozenset()
    not_from: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    has_not: frozenset[str] = frozenset()
    is_: frozenset[str] = frozenset()
    is_not: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    not_languages: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None
    scope: Scope | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for, so that nothing should be found."""
        return self == _NOTHING


_NOTHING = SearchQuery()


_PIECE = regex.compile(
    r"""
      (?P<minus>-)?+
      (?:"(?P<quoted>[^"]*+)"?+ | (?P<word>[^\s"]++))
    """,
    regex.VERBOSE,
)
_OPERATOR = regex.compile(r"(from|has|is|language|before|after|during|in):(.++)", regex.IGNORECASE)
_ADDRESS = regex.compile(r"@?+([\w.-]++(?:@[\w.-]++)?+)")
_CURLY_QUOTES = str.maketrans("“”„‟＂", '"""""')


def parse_query(text: str) -> SearchQuery:
    """Read a search as typed. Whatever the text, this gives a query; nonsense asks for nothing.

    An operator with a value it does not know is searched for as words.
    """
    query = _NOTHING
    for match in _PIECE.finditer(text[:MAX_QUERY_CHARS].translate(_CURLY_QUOTES)):
        excluded = match["minus"] is not None
        word = match["word"]
        refined = None if word is None else _refine(query, word, excluded=excluded)
        if refined is not None:
            query = refined
            continue
        phrase = _phrase(match["quoted"] if word is None else word)
        if phrase is not None and len(query.phrases) + len(query.excluded) < MAX_PHRASES:
            field = "excluded" if excluded else "phrases"
            query = replace(query, **{field: (*getattr(query, field), phrase)})
    return query


def _refine(query: SearchQuery, word: str, *, excluded: bool) -> SearchQuery | None:
    """Give `query` with the operator `word` applied, or None when `word` is no operator."""
    match = _OPERATOR.fullmatch(word)
    if match is None:
        return None
    name, value = match[1].lower(), match[2].lower()
    match name:
        case "from" if address := _ADDRESS.fullmatch(value):
            return _add(query, "not_from" if excluded else "from_", address[1])
        case "language" if language := normalise_language(value):
            return _add(query, "not_languages" if excluded else "languages", language)
        case "has" if value in HAS:
            return _add(query, "has_not" if excluded else "has", value)
        case "is" if value in IS:
            return _add(query, "is_not" if excluded else "is_", value)
        case "in" if value in SCOPES and not excluded:
            return replace(query, scope=SCOPES[value])
        case "before" | "after" | "during" if not excluded:
            return _within(query, name, value)
    return None


def _add(query: SearchQuery, field: str, value: str) -> SearchQuery:
    return replace(query, **{field: getattr(query, field) | {value}})


def _within(query: SearchQuery, name: str, value: str) -> SearchQuery | None:
    try:
        day = dt.date.fromisoformat(value)
        next_day = day + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    since, until = query.since, query.until
    if name != "before":
        first = next_day if name == "after" else day
        since = max(since or first, first)
    if name != "after":
        end = day if name == "before" else next_day
        until = min(until or end, end)
    return replace(query, since=since, until=until)


def _phrase(text: str) -> Phrase | None:
    runs = split_runs(text)
    if not runs:
        return None
    terms: list[str] = []
    for run in runs[:-1]:
        terms.extend(_whole_run(run))
    last = runs[-1]
    if not last.dense:
        return Phrase((*terms, last.text))
    # What follows in the text may continue the run, so its end is left open.
    if len(last.text) == 1:
        return Phrase((*terms, last.text), prefix=True)
    return Phrase((*terms, *pairs(last.text)))


def _whole_run(run: Run) -> list[str]:
    return [*pairs(run.text), run.text[-1]] if run.dense else [run.text]


def to_fts5(query: SearchQuery) -> str:
    """Give the words of `query` as an FTS5 MATCH expression; empty when it asks for no word.

    FTS5 has no bare NOT: where this is empty, leave out what `to_fts5_excluded` matches.
    """
    wanted = " AND ".join(_fts5_phrase(phrase) for phrase in query.phrases)
    unwanted = to_fts5_excluded(query)
    return f"({wanted}) NOT ({unwanted})" if wanted and unwanted else wanted


def to_fts5_excluded(query: SearchQuery) -> str:
    """Give an FTS5 expression for whatever `query` excludes; empty when it excludes nothing."""
    return " OR ".join(_fts5_phrase(phrase) for phrase in query.excluded)


def _fts5_phrase(phrase: Phrase) -> str:
    # Terms hold letters, marks and digits only, so nothing can end the quotes early.
    return f'"{" ".join(phrase.terms)}"{" *" if phrase.prefix else ""}'


def to_tsquery(query: SearchQuery) -> str:
    """Give the words of `query` as the text form of a tsquery, for `CAST(… AS tsquery)`.

    Empty when it asks for no word.
    """
    wanted = _tsquery_phrases(query.phrases)
    unwanted = [f"!({phrase})" for phrase in _tsquery_phrases(query.excluded)]
    return " & ".join([*(f"({phrase})" for phrase in wanted), *unwanted])


def _tsquery_phrases(phrases: Iterable[Phrase]) -> list[str]:
    rendered = []
    for phrase in phrases:
        lexemes = [f"'{term}'" for term in phrase.terms]
        if phrase.prefix:
            lexemes[-1] += ":*"
        rendered.append(" <-> ".join(lexemes))
    return rendered
