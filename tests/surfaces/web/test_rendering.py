"""The filters: numbers, moments, sizes, words."""

from __future__ import annotations

import pytest

from folkmoot.surfaces.web import rendering
from folkmoot.surfaces.web.pages.frame import Emoji
from folkmoot.surfaces.web.pages.posts import Poll, PollOption


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (1000, "1K"), (1299, "1.2K"), (9999, "9.9K"), (38_204, "38K"),
     (999_999, "999K"), (1_000_000, "1M"), (4_150_000, "4.1M")],
)  # fmt: skip
def test_tallies_are_short_and_never_rounded_up(number: int, shown: str) -> None:
    assert rendering.count(number) == shown


def test_moments() -> None:
    assert rendering.iso(1_763_900_000_000) == "2025-11-23T12:13:20Z"
    assert rendering.day(1_763_900_000_000) == "23 Nov 2025"
    assert rendering.minute(1_763_900_000_000) == "23 Nov 2025, 12:13 UTC"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (12_300, "12 KB"), (3_400_000, "3.4 MB"),
     (480_000_000, "480 MB"), (2_100_000_000, "2.1 GB")],
)  # fmt: skip
def test_sizes(number: int, shown: str) -> None:
    assert rendering.size(number) == shown


def test_emoji_are_drawn_in_text_and_in_html() -> None:
    emoji = (Emoji("kelp", "/media/kelp.png"),)
    assert rendering.emojified("<b> :kelp:", emoji).startswith("&lt;b&gt; <img")
    assert rendering.trusted("<p>:kelp:</p>", emoji).startswith("<p><img")
    assert rendering.emojified(":other:", emoji) == ":other:"


def test_words_of_html_are_cut_at_a_length() -> None:
    words = rendering.plain("<p>One<br>two</p><p>&lt;three&gt;</p>")
    assert words == "One two <three>"
    assert rendering.cut(words, 7) == "One tw…"


def test_a_language_is_named_only_where_it_differs() -> None:
    assert rendering.language_of("zh", "en") == ' lang="zh"'
    assert rendering.language_of("en", "en") == ""
    assert rendering.language_of(None, "en") == ""


def test_poll_shares_are_of_those_who_voted() -> None:
    options = (PollOption(title="a", votes=2), PollOption(title="b", votes=1))
    poll = Poll(options=options, voters=3, multiple=False, closes_at=None, closed=True)
    assert [poll.share(option) for option in options] == [67, 33]
    assert [poll.leads(option) for option in options] == [True, False]
    hidden = PollOption(title="c", votes=None)
    unseen = Poll(options=(hidden,), voters=0, multiple=True, closes_at=None, closed=False)
    assert unseen.share(hidden) == 0
    assert not unseen.leads(hidden)


def test_a_secret_becomes_a_code_without_inline_styles() -> None:
    drawn = rendering.qr("otpauth://totp/x?secret=ABC")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
