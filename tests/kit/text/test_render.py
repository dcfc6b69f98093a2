"""Plain text turned into HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import Mention, parse_post, to_html


def html(text: str, **mentions: str) -> str:
    return to_html(
        parse_post(text), mention_url=mentions, tag_url=lambda tag: f"https://x/tags/{tag}"
    )


def test_paragraphs_and_lines() -> None:
    assert (
        html("one\ntwo\r\n\r\nthree\n\n\n\nfour\n") == "<p>one<br />two</p><p>three</p><p>four</p>"
    )
    assert html("") == html("\n\n") == ""


def test_one_line() -> None:
    parsed = parse_post("one\n#two")
    inline = to_html(parsed, mention_url={}, tag_url=lambda tag: "/t", multiline=False)
    assert inline == 'one <a href="/t" class="mention hashtag" rel="tag">#<span>two</span></a>'


def test_what_is_not_markup_is_escaped() -> None:
    assert (
        html("""<b>"a" & 'b'</b>""") == "<p>&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;</p>"
    )


def test_mention() -> None:
    assert html("hi @Ann!", ann="https://x/@ann?a&b") == (
        '<p>hi <span class="h-card" translate="no">'
        '<a href="https://x/@ann?a&amp;b" class="u-url mention">@<span>Ann</span></a></span>!</p>'
    )


def test_a_mention_of_nobody_stays_text() -> None:
    assert html("hi @nobody@ex.org") == "<p>hi @nobody@ex.org</p>"


def test_mentions_can_be_resolved_by_a_function() -> None:
    def where(mention: Mention) -> str | None:
        return f"https://{mention.domain}/" if mention.domain else None

    given_html = to_html(parse_post("@a @b@ex.org"), mention_url=where, tag_url=str)
    assert "https://ex.org/" in given_html
    assert "<p>@a <" in given_html


def test_two_people_of_one_name_are_told_apart() -> None:
    shown = html("@ann @ann@ex.org", **{"ann": "https://x/", "ann@ex.org": "https://y/"})
    assert "@<span>ann</span>" in shown
    assert "@<span>ann@ex.org</span>" in shown
    shown = html("@ann@ex.org @Ann@ex.org", **{"ann@ex.org": "https://y/"})
    assert "@<span>ann</span>" in shown


def test_short_link() -> None:
    assert html("http://ex.org/a") == (
        '<p><a href="http://ex.org/a" rel="nofollow noopener" target="_blank" translate="no">'
        '<span class="invisible">http://</span><span class="">ex.org/a</span>'
        '<span class="invisible"></span></a></p>'
    )


def test_long_link() -> None:
    shown = html("https://www.example.com/a/very/long/path?with=a&query='")
    assert '<span class="invisible">https://www.</span>' in shown
    assert '<span class="ellipsis">example.com/a/very/long/path?w</span>' in shown
    assert '<span class="invisible">ith=a&amp;query=</span>' in shown


def test_tag() -> None:
    assert html("#Größe") == (
        '<p><a href="https://x/tags/Größe" class="mention hashtag" rel="tag">'
        "#<span>Größe</span></a></p>"
    )


def test_emoji_shortcodes_stay_for_the_client() -> None:
    assert html("a :cat: b") == "<p>a :cat: b</p>"


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("multiline", [True, False])
@given(text=st.text(alphabet="<>&\"'ab@#:/. https://ex.org\n", max_size=80))
def test_no_text_makes_other_markup_or_loses_a_character(text: str, multiline: bool) -> None:
    reader = Reader()
    reader.feed(
        to_html(
            parse_post(text),
            mention_url=lambda mention: None if mention.domain else "https://x/",
            tag_url=lambda tag: "https://x/",
            multiline=multiline,
        )
    )
    reader.close()
    assert reader.tags <= {"p", "br", "a", "span"}
    assert "".join(reader.text.split()) == "".join(text.split())
