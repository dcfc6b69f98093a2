"""Language codes."""

import pytest

from folkmoot.kit.text import LANGUAGES, normalise_language


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("zh-tw", "zh-TW"),
        ("zh-yue", "zh-YUE"),
        ("zh-Hans-CN", "zh"),
        ("ast", "ast"),
        (" de ", "de"),
        ("xx", None),
        ("english", None),
        ("", None),
        (None, None),
        ("e" * 1000, None),
        ("und", None),
    ],
)
def test_codes(given: str | None, code: str | None) -> None:
    assert normalise_language(given) == code


def test_the_table_is_whole() -> None:
    assert sum(len(code) == 2 for code in LANGUAGES) >= 183
    assert all(language.code == code and language.name for code, language in LANGUAGES.items())
