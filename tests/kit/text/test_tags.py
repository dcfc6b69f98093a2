"""Which spellings are one tag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import is_tag, normalise_tag, parse_post


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("#Cat", "cat"),
        ("CatsOfMastodon", "catsofmastodon"),
        ("ＣＡＴ", "cat"),
        ("Größe", "grösse"),
        ("ＧＲＯＳＳＥ", "grosse"),
        ("ﾃｽﾄ", "テスト"),
        ("e\u0301te", "éte"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("日本語", "日本語"),
    ],
)
def test_folding(typed: str, stored: str) -> None:
    assert normalise_tag(typed) == stored


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert normalise_tag(normalise_tag(name)) == normalise_tag(name)


@pytest.mark.parametrize("name", ["cat", "日本", "3d", "a_b", "col·lecció"])
def test_what_may_be_a_tag(name: str) -> None:
    assert is_tag(name)
    assert [tag.name for tag in parse_post(f"#{name}").tags] == [name]


@pytest.mark.parametrize("name", ["", "1", "a b", "#a", "a·", "·a", "a-b", "a" * 256])
def test_what_may_not(name: str) -> None:
    assert not is_tag(name)
