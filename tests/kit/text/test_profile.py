"""Profile notes and fields."""

import pytest

from folkmoot.kit.text import field_html, note_html, sole_url


def test_a_note_is_marked_up_like_a_post() -> None:
    html = note_html(
        "Hi\n#cats @ann@ex.org",
        mention_url={"ann@ex.org": "https://ex.org/ann"},
        tag_url=lambda tag: "/t",
    )
    assert html.startswith('<p>Hi<br /><a href="/t" class="mention hashtag"')
    assert "@<span>ann@ex.org</span>" in html


def test_a_link_in_a_field_claims_to_be_the_same_person() -> None:
    html = field_html(" https://ex.org ", mention_url={}, tag_url=str)
    assert html.startswith('<a href="https://ex.org" rel="me nofollow noopener" target="_blank"')
    assert "<p>" not in html


def test_a_field_is_one_line_and_escaped() -> None:
    assert field_html("a\n<b>", mention_url={}, tag_url=str) == "a &lt;b&gt;"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        (" https://ex.org/a ", "https://ex.org/a"),
        ("https://ex.org/a b", None),
        ("see https://ex.org/a", None),
        ("ex.org", None),
        ("", None),
    ],
)
def test_which_fields_can_be_verified(value: str, url: str | None) -> None:
    assert sole_url(value) == url
