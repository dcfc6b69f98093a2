"""Words and patterns in texts."""

import time

import pytest

from folkmoot.kit.criteria import EntryInvalid, PatternInvalid, check_entry, check_pattern
from folkmoot.kit.criteria.patterns import Patterns
from folkmoot.kit.criteria.words import Words, fold_text


@pytest.mark.parametrize(
    ("entry", "text", "is_found"),
    [
        ("scam", "A SCAM!", True),
        ("scam", "scampi for dinner", False),
        ("scam", "_scam", False),
        ("scam", "das scâm", False),
        ("scam*", "Scammers here", True),
        ("scam*", "wild escamole", False),
        ("*coin", "buy dogecoin now", True),
        ("*coin", "coinage", False),
        ("*coin*", "the coinage", True),
        ("seed phrase", "your seed\n  phrase", True),
        ("seed phrase", "your seed phrases", False),
        ("Straße", "IN DER STRASSE", True),
        ("scam", "ｓｃａｍ", True),
        ("scam", "sc\u200bam", True),
        ("助记词", "请把你的助记词发给我", True),
        ("usdt", "收usdt的人", True),
        ("usdt", "usdts", False),
        ("t.me/join", "see t.me/join now", True),
        ("t.me/join", "att.me/join", False),
        ("कर", "करना", False),
        ("💰", "big💰money", True),
    ],
)
def test_words_are_found_whole_whatever_their_case_and_script(
    entry: str, text: str, is_found: bool
) -> None:
    assert bool(Words([(check_entry(entry), 7)]).find(fold_text(text))) is is_found


def test_entries_are_counted_once_for_each_list() -> None:
    words = Words([("one", 0), ("two", 0), ("two", 1), ("one two", 1), ("three", 2)])
    assert words.find("one two two one") == {0: 2, 1: 2}
    assert Words([]).find("anything") == {}


@pytest.mark.parametrize("entry", ["", " ", "*", "...", "a", "sc*m", "x" * 201])
def test_entries_that_make_no_sense_are_refused(entry: str) -> None:
    with pytest.raises(EntryInvalid):
        check_entry(entry)


@pytest.mark.parametrize(
    ("pattern", "at"),
    [
        ("x(?=a)", 1),
        ("a[z-b]", 2),
        ("a*", 0),
        ("", 0),
        (r"(a)\1", 3),
        ("x{1001}", 1),
        ("straße", 4),
        ("x" * 501, 0),
        ("(((a{50}){50}){50})", 4),
    ],
)
def test_patterns_that_cannot_be_looked_for_are_refused_at_their_place(
    pattern: str, at: int
) -> None:
    with pytest.raises(PatternInvalid) as caught:
        check_pattern(pattern)
    assert caught.value.at == at
    assert caught.value.problem


def test_patterns_are_found_whatever_the_case() -> None:
    patterns = Patterns([(r"\bBTC[0-9]+", 1), ("x+y", 2), ("x+y", 3)])
    assert patterns.find(fold_text("send btc12 XXY")) == [1, 2, 3]
    assert patterns.find("nothing") == []


def test_hostile_texts_take_linear_time() -> None:
    """Neither a pattern that hangs backtracking engines nor words that overlap everywhere."""
    patterns = Patterns([(check_pattern(r"(a+)+$b"), 0), (check_pattern("(x|xx|xxx)+y"), 1)])
    words = Words([("*" + "a" * n + "*", n) for n in range(2, 60)])
    started = time.process_time()
    patterns.find("a" * 10_000 + "x" * 10_000)
    words.find("a" * 10_000)
    assert time.process_time() - started < 1.0
