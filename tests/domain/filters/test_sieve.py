import pytest

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.filters.model import Filter, FilteredPost, Keyword, Sieve


def sieve(*keywords: str, whole_word: bool = True, expires_at: int | None = None) -> Sieve:
    rows = [Keyword(i, 1, AccountId(1), word, whole_word) for i, word in enumerate(keywords)]
    posts = [FilteredPost(1, 1, AccountId(1), 77)]
    return Sieve([Filter(1, "t", ("home",), "warn", expires_at, rows, posts)])


def words(made: Sieve, text: str) -> tuple[str, ...]:
    matches = made.match(text.casefold(), (1,), now=10)
    return matches[0].keywords if matches else ()


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("cat", "The Cat sat", True),
        ("cat", "concatenate", False),
        ("cat", "cat's", True),
        ("cat", "cats", False),
        ("CAT", "cat", True),
        ("straße", "STRASSE", True),
        ("кот", "Кот спит", True),
        ("кот", "который", False),
        ("@example.com", "me@example.com", True),
        ("#tag", "a #tag", True),
        ("#tag", "a #tags", False),
        ("bad word", "a bad word here", True),
        ("bad word", "a bad wordy", False),
        ("c++", "I write C++ daily", True),
        ("猫", "黑猫咪", True),
        ("ねこ", "わたしのねこです", True),
        ("cat", "黑cat猫", True),
        ("cat猫", "a cat猫咪", True),
        ("cat猫", "concat猫咪", False),
        (":eurovision:", "a:eurovision:b", True),
    ],
)
def test_whole_words_end_where_words_end(keyword: str, text: str, found: bool) -> None:
    assert bool(words(sieve(keyword), text)) is found


def test_parts_of_words_match_when_asked() -> None:
    assert words(sieve("cat", whole_word=False), "concatenate") == ("cat",)


def test_every_keyword_that_matches_is_told() -> None:
    assert words(sieve("Tea", "cake", "gin"), "cake and tea") == ("Tea", "cake")


def test_posts_match_by_themselves_and_expired_filters_do_not() -> None:
    assert sieve().match("", (77,), now=1)[0].post_ids == (77,)
    assert sieve("cat", expires_at=10).match("cat", (77,), now=10) == []
    assert sieve("cat", expires_at=11).match("cat", (), now=10) != []
