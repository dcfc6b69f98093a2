"""HTML of strangers."""

import html as entities
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import parse_post, sanitise_html, to_html, to_plain


@pytest.mark.parametrize(
    ("given_html", "safe"),
    [
        ("plain", "plain"),
        ("<p>a<br/>b</p>", "<p>a<br>b</p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x", "x"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<p onclick=a style=b id=c class='d mention'>x</p>", "<p>x</p>"),
        (
            "<span class='a invisible h-card' data-x=1>x</span>",
            '<span class="invisible h-card">x</span>',
        ),
        ("<span class='a'>x</span>", "<span>x</span>"),
        ("<span translate=no>x</span>", '<span translate="no">x</span>'),
        ("<h2>a</h2>", "<p><strong>a</strong></p>"),
        ("<header>a</header>", "a"),
        ("<iframe src=https://ex.org></iframe>x", "x"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt></ruby>", "<ruby>漢<rp>(</rp><rt>かん</rt></ruby>"),
        (
            "<ol start=3 reversed><li value=5>x</li></ol>",
            '<ol start="3" reversed=""><li value="5">x</li></ol>',
        ),
        ("a > b & c", "a &gt; b &amp; c"),
    ],
)
def test_sanitising(given_html: str, safe: str) -> None:
    assert sanitise_html(given_html) == safe
    assert sanitise_html(safe) == safe


def test_links_are_kept_harmless() -> None:
    assert sanitise_html('<a href="https://a.b/?a&b" rel=me target=_top class="x u-url">y</a>') == (
        '<a href="https://a.b/?a&amp;b" class="u-url" target="_blank" rel="nofollow noopener">y</a>'
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        " JaVa\nScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/relative",
        "//ex.org",
    ],
)
def test_links_elsewhere_lose_their_target(target: str) -> None:
    assert "href" not in sanitise_html(f'<a href="{target}">x</a>')


@pytest.mark.parametrize(
    ("given_html", "plain"),
    [
        ("a &amp; b", "a & b"),
        ("a\n b", "a b"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("<p>a<br>b</p><p>c</p>", "a\nb\n\nc"),
        ("<p>a\n  b</p>\n\n<p>&lt;c&gt;</p>", "a b\n\n<c>"),
        ("<h1>T</h1>x", "T\n\nx"),
        ("<ul><li>a</li> <li>b</li></ul>c", "- a\n- b\n\nc"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        ("<script>x</script>y", "y"),
        ("<p>&amp;lt;br&amp;gt;</p>", "&lt;br&gt;"),
        ("<b>a</b><i>b</i>", "ab"),
        ("", ""),
    ],
)
def test_plain_text(given_html: str, plain: str) -> None:
    assert to_plain(given_html) == plain


def test_a_post_survives_the_way_there_and_back() -> None:
    text = "Hi @ann,\nsee https://www.example.com/a/long/path?that=is&shortened\n\n#Größe <b>&amp;"
    html = to_html(parse_post(text), mention_url={"ann": "https://x/"}, tag_url=str)
    assert to_plain(html) == text
    assert to_plain(sanitise_html(html)) == text


@given(st.text(alphabet="ab<>&;\"'/ =\n") | st.text())
def test_any_text_can_be_shown_and_read_back(text: str) -> None:
    shown = sanitise_html(entities.escape(text))
    assert "<" not in shown
    assert sanitise_html(shown) == shown


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.targets.update(value or "" for name, value in attrs if name == "href")


@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "<a href='",
                "javascript:",
                "'",
                '"',
                "<p",
                " onload=",
                "<svg>",
                "<math>",
                "<h1 ",
                "x",
            ]
        )
    ).map("".join)
)
def test_fragments_of_markup_never_add_up_to_something(html: str) -> None:
    safe = sanitise_html(html)
    seen = Reader()
    seen.feed(safe)
    assert seen.tags <= {"a", "p", "strong"}
    assert seen.attributes <= {"href", "target", "rel"}
    assert not seen.targets
    assert sanitise_html(safe) == safe
    to_plain(html)


@pytest.mark.parametrize(
    "nasty",
    [
        "<b>",
        "<ul><li>",
        "<h1 ",
        "<h1>",
        "</p>",
        "<!--",
        "<a ",
        "&",
        "<",
        "<pre>",
        "<table><tr>",
        "<svg><b>",
        "<p> ",
    ],
)
def test_hostile_html_takes_bounded_work(nasty: str) -> None:
    html = (nasty * 100_000)[:100_000]
    began = time.process_time()
    sanitise_html(html)
    to_plain(html)
    assert time.process_time() - began < 4
