"""Search terms and queries, held against a real index of either database."""

import datetime as dt
import os
import re
import sqlite3
import time
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import (
    FTS5_TOKENIZER,
    Phrase,
    SearchQuery,
    index_terms,
    index_vector,
    parse_query,
    to_fts5,
    to_fts5_excluded,
    to_tsquery,
)

POSTGRESQL = os.environ.get("FOLKMOOT_TEST_DATABASE", "")
TOKENIZERS = [FTS5_TOKENIZER, "unicode61 remove_diacritics 2"]


class Shelf:
    """An FTS5 index of one text at a time."""

    def __init__(self, tokenizer: str) -> None:
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.execute(
            f"CREATE VIRTUAL TABLE shelf USING fts5(terms, tokenize='{tokenizer}')"
        )

    def finds(self, text: str, query: str) -> bool:
        parsed = parse_query(query)
        self.database.execute("DELETE FROM shelf")
        self.database.execute("INSERT INTO shelf VALUES (?)", (index_terms(text),))
        match, excluded = to_fts5(parsed), to_fts5_excluded(parsed)
        left_out = bool(excluded) and self._matches(excluded)
        if match:
            found = self._matches(match)
            assert not (found and left_out)
            return found
        return bool(excluded) and not left_out

    def _matches(self, expression: str) -> bool:
        rows = self.database.execute("SELECT 1 FROM shelf WHERE shelf MATCH ?", (expression,))
        return rows.fetchone() is not None


class Vector:
    """The same as a tsvector of PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.database = psycopg.connect(url, autocommit=True)

    def finds(self, text: str, query: str) -> bool:
        wanted = to_tsquery(parse_query(query))
        row = self.database.execute(
            "SELECT CAST(%s AS tsvector) @@ CAST(%s AS tsquery)", (index_vector(text), wanted)
        ).fetchone()
        return bool(wanted) and row == (True,)


@pytest.fixture(scope="module", params=["PostgreSQL"] if POSTGRESQL else TOKENIZERS)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf | Vector]:
    shelf = Vector(POSTGRESQL) if POSTGRESQL else Shelf(request.param)
    yield shelf
    shelf.database.close()


FOUND = [
    ("The quick brown fox", "fox quick"),
    ("The quick brown fox", '"quick brown"'),
    ("The quick brown fox", "quick -dog"),
    ("The quick brown fox", "-dog"),
    ("Crème brûlée", "creme BRULEE"),
    ("creme brulee", "crème"),
    ("Straße", "strasse"),
    ("ЁЛКА", "елка"),
    ("don't stop", "don't"),
    ("#snake_case tag", "#snake_case"),
    ("我爱北京天安门", "北京"),
    ("我爱北京天安门", "京"),
    ("我爱北京天安门", "门"),
    ("我爱北京天安门", "我"),
    ("我爱北京天安门", "天安门 北京"),
    ("我爱北京天安门", "北京天安门"),
    ("我", "我"),
    ("买了iPhone手机", "iphone手机"),
    ("新手机iPhone", "手机iphone"),
    ("テストを書く", "テスト"),
    ("ﾃｽﾄ", "テスト"),
    ("서울에서 만나요", "서울"),
    ("ภาษาไทย", "ไทย"),
    ("हिन्दी भाषा", "हिन्दी"),
    ("قرأتُ كتابًا", "كتابا"),
    ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("x" * 100, "x" * 100),
    ("a “b c” d", "“b c”"),
]

NOT_FOUND = [
    ("The quick brown fox", "fox dog"),
    ("The quick brown fox", '"brown quick"'),
    ("The quick brown fox", "quick -fox"),
    ("The quick brown fox", "-fox"),
    ("foxes", "fox"),
    ("我爱北京天安门", "北天"),
    ("我爱北京天安门", "上"),
    ("我爱北京天安门", "京北"),
    ("北京 天安门", "北京天安门"),
    ("anything", ""),
    ("anything", "!!! ()"),
]


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_found(shelf: Shelf | Vector, text: str, query: str) -> None:
    assert shelf.finds(text, query)


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_not_found(shelf: Shelf | Vector, text: str, query: str) -> None:
    assert not shelf.finds(text, query)


def test_a_script_added_to_unicode_lately() -> None:
    shelf = Shelf(FTS5_TOKENIZER)
    assert shelf.finds("𞤀𞤣𞤤𞤢𞤥 𞤆𞤵𞤤𞤢𞤪", "𞤆𞤵𞤤𞤢𞤪")
    assert not shelf.finds("𞤀𞤣𞤤𞤢𞤥", "𞤆𞤵𞤤𞤢𞤪")


DENSE = st.text(alphabet="北京天安門のテストー서울ไทย々", min_size=1, max_size=12)


@given(text=DENSE, data=st.data())
def test_every_stretch_of_an_unspaced_text_is_found_and_nothing_else(
    shelf: Shelf | Vector, text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    stretch = text[at : data.draw(st.integers(at + 1, len(text)))]
    assert shelf.finds(text, stretch)
    other = data.draw(DENSE)
    assert shelf.finds(text, other) == (other in text)


ANYTHING = st.text(max_size=80) | st.text(
    alphabet="\"'-:*()^+{}\\.,;&|!<>~@# \tabANDORNOTNEAR日本e\u0301\u0000\ud7ff🎉", max_size=80
)


@given(query=ANYTHING)
def test_no_query_is_a_syntax_error(shelf: Shelf | Vector, query: str) -> None:
    shelf.finds("some text", query)


@given(text=ANYTHING)
def test_a_text_is_found_by_itself(text: str) -> None:
    shelf = Shelf(FTS5_TOKENIZER)
    query = '"' + re.sub(r'["“”„‟＂]', " ", text) + '"'
    if to_fts5(parse_query(query)):
        assert shelf.finds(text, query)
    shelf.database.close()


LEXEME = re.compile(r"'[^'\\\s]+'")


@given(ANYTHING)
def test_a_tsquery_has_nothing_in_it_but_lexemes_and_operators(query: str) -> None:
    rendered = to_tsquery(parse_query(query))
    skeleton = LEXEME.sub("x", rendered).replace(":*", "")
    clause = r"!?\(x(?: <-> x)*\)"
    assert re.fullmatch(rf"(?:{clause}(?: & {clause})*)?", skeleton)


@given(ANYTHING)
def test_a_vector_has_nothing_in_it_but_lexemes_and_positions(text: str) -> None:
    skeleton = LEXEME.sub("x", index_vector(text))
    assert re.fullmatch(r"(?:x:\d+(?:,\d+)*(?: |$))*", skeleton)


def test_a_vector() -> None:
    assert index_vector("a b A 日本") == "'a':1,3 'b':2 '日本':4 '本':5"


def test_operators() -> None:
    query = parse_query(
        "cats from:@Ann@Ex.org -from:me has:media -has:poll is:reply -is:sensitive "
        "language:DE -language:zh-tw in:library"
    )
    assert query == SearchQuery(
        phrases=(Phrase(("cats",)),),
        from_=frozenset({"ann@ex.org"}),
        not_from=frozenset({"me"}),
        has=frozenset({"media"}),
        has_not=frozenset({"poll"}),
        is_=frozenset({"reply"}),
        is_not=frozenset({"sensitive"}),
        languages=frozenset({"de"}),
        not_languages=frozenset({"zh-TW"}),
        scope="library",
    )


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("before:2024-03-01", None, dt.date(2024, 3, 1)),
        ("after:2024-02-28", dt.date(2024, 2, 29), None),
        ("during:2024-02-28", dt.date(2024, 2, 28), dt.date(2024, 2, 29)),
        ("after:2024-01-01 after:2023-01-01 before:2025-01-01 before:2026-01-01",
         dt.date(2024, 1, 2), dt.date(2025, 1, 1)),
    ],
)  # fmt: skip
def test_dates(typed: str, since: dt.date | None, until: dt.date | None) -> None:
    query = parse_query(typed)
    assert (query.since, query.until) == (since, until)
    assert not query.phrases


@pytest.mark.parametrize(
    "typed",
    [
        "before:soon",
        "after:9999-12-31",
        "has:cheese",
        "language:klingon",
        "in:there",
        "is:it",
        "-before:2024-01-01",
    ],
)
def test_an_operator_without_a_known_value_is_words(typed: str) -> None:
    query = parse_query(typed)
    assert query.phrases or query.excluded
    assert query == SearchQuery(phrases=query.phrases, excluded=query.excluded)


def test_a_quoted_operator_is_words() -> None:
    assert parse_query('"from:me"') == SearchQuery(phrases=(Phrase(("from", "me")),))


def test_in_all_takes_back_a_scope() -> None:
    assert parse_query("in:library in:all").is_empty


def test_a_query_that_asks_for_nothing() -> None:
    assert parse_query(' - -- "" \'').is_empty
    assert not parse_query("has:media").is_empty


@pytest.mark.parametrize(
    "nasty", ["a ", '"', "-", "from:", "日", "e\u0301", "ﷺ", "a:", "\u0301", "🎉"]
)
def test_hostile_input_takes_bounded_work(nasty: str) -> None:
    text = (nasty * 100_000)[:100_000]
    began = time.process_time()
    index_terms(text)
    index_vector(text)
    query = parse_query(text)
    assert len(to_fts5(query)) + len(to_tsquery(query)) < 100_000
    assert time.process_time() - began < 4
    assert len(query.phrases) + len(query.excluded) <= 32
