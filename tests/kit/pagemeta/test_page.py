"""What is read from a page for its card."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.pagemeta import (
    OEmbedLink,
    PageEmbed,
    PageImage,
    PageMeta,
    links_back,
    parse_page,
)

URL = "https://www.example.org/news/1?x=y"


def head(markup: str, **expected: object) -> None:
    """Hold that a page with `markup` in its head says just what is expected."""
    assert parse_page(f"<!doctype html><html><head>{markup}", URL) == PageMeta(URL, **expected)  # type: ignore[arg-type]


def test_a_whole_page() -> None:
    page = """<!DOCTYPE html>
    <html lang="en-GB" prefix="og: https://ogp.me/ns#"><head><meta charset="utf-8">
    <title>Ignored &amp; plain</title>
    <link rel="canonical" href="https://example.org/news/1">
    <meta property="og:type" content="article">
    <meta property="og:title" content="Otters &amp; us">
    <meta property="og:description" content="  They
       are  back. ">
    <meta property="og:site_name" content="The Example">
    <meta name="author" content="Ann Writer">
    <meta property="article:author" content="https://example.org/ann">
    <meta property="article:published_time" content="2024-03-01T12:00:00+01:00">
    <meta property="og:image" content="/otter.jpg">
    <meta property="og:image:width" content="1200">
    <meta property="og:image:height" content="630">
    <meta property="og:image:alt" content="An otter">
    <meta property="og:image" content="/second.jpg">
    <meta property="og:image:alt" content="Another">
    <meta name="fediverse:creator" content="@Ann@Social.example">
    <link rel="alternate" type="application/json+oembed" href="/oembed?u=1&amp;f=json">
    </head><body><meta property="og:title" content="late"><h1>Otters</h1></body></html>"""
    assert parse_page(page, URL, "text/html; charset=utf-8") == PageMeta(
        url=URL,
        canonical="https://example.org/news/1",
        kind="article",
        title="Otters & us",
        description="They are back.",
        provider_name="The Example",
        author_name="Ann Writer",
        author_url="https://example.org/ann",
        language="en",
        published_at=1709290800000,
        image=PageImage("https://www.example.org/otter.jpg", 1200, 630, "An otter"),
        oembed=(OEmbedLink("https://www.example.org/oembed?u=1&f=json", "json"),),
        fediverse_creator="ann@social.example",
    )


def test_a_page_that_says_nothing() -> None:
    for nothing in (b"", "", b"\x00\xff\xfe", "<", "<html", "plain text"):
        assert parse_page(nothing, URL) == PageMeta(URL)


def test_plain_html_serves_where_nothing_better_is() -> None:
    head('<title>\n A\tB </title><meta name=description content="C">', title="A B", description="C")


def test_twitter_cards() -> None:
    head(
        '<meta name="twitter:title" content="A"><meta name="twitter:description" content="B">'
        '<meta name="twitter:image" content="//cdn.example/i.png">'
        '<meta name="twitter:image:alt" content="C">'
        '<meta name="twitter:player" content="https://example.org/player">'
        '<meta name="twitter:player:width" content="640">'
        '<meta name="twitter:player:height" content="360px">',
        title="A",
        description="B",
        image=PageImage("https://cdn.example/i.png", alt="C"),
        embed=PageEmbed("https://example.org/player", 640, 360),
    )


def test_a_video_to_embed() -> None:
    head(
        '<meta property="og:video:url" content="https://v.example/e/1">'
        '<meta property="og:video:secure_url" content="https://v.example/e/1">'
        '<meta property="og:video:type" content="text/html">'
        '<meta property="og:video:width" content="99999999">',
        embed=PageEmbed("https://v.example/e/1"),
    )
    head('<meta property="og:video" content="https://v.example/a.mp4">')
    head(
        '<meta property="og:video" content="http://v.example/e">'
        '<meta property="og:video:type" content="text/html">'
    )


def test_names_may_be_given_in_any_attribute_and_case() -> None:
    head(
        "<META NAME=OG:TITLE CONTENT='A'><meta itemprop=datePublished content=2024-03-01>",
        title="A",
        published_at=1709251200000,
    )


def test_a_base_moves_relative_urls() -> None:
    head(
        '<base href="/sub/"><link rel=image_src href=i.png>',
        image=PageImage("https://www.example.org/sub/i.png"),
    )


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:image/png;base64,AA", "ftp://a/b", "http://[", "", "http://a:0/"],
)
def test_urls_of_another_kind_are_left_out(target: str) -> None:
    head(f'<meta property="og:image" content="{target}"><link rel="canonical" href="{target}">')


def test_a_page_is_not_taken_for_one_of_another_host() -> None:
    head('<link rel="canonical" href="https://bank.example/">')
    head(
        '<meta property="og:url" content="https://m.example.org/1">',
        canonical="https://m.example.org/1",
    )


def test_comments_and_scripts_say_nothing() -> None:
    head(
        "<!-- <title>a</title> --><script>'<title>b</title>'</script>"
        "<style><title>c</title></style><!--><title>d</title>",
        title="d",
    )


def test_markup_inside_a_value_is_a_value() -> None:
    head('<meta content="<title>a</title>" name="description"><title>b</title>',
         description="<title>a</title>", title="b")  # fmt: skip


def test_broken_attributes() -> None:
    head("<meta name = 'description' content = x/y ><title foo\" a='>'>b</title >",
         description="x/y", title="b")  # fmt: skip


@pytest.mark.parametrize(
    "when", ["yesterday", "", "2024-13-01", "0001-01-01T00:00:00+23:59", "1911-01-01", "1" * 400]
)
def test_dates_that_are_none(when: str) -> None:
    page = f'<meta property="article:published_time" content="{when}">'
    assert parse_page(page, URL).published_at is None


def test_languages() -> None:
    assert parse_page("<html lang=zh-TW>", URL).language == "zh-TW"
    assert (
        parse_page('<html lang="x"><meta property=og:locale content=pt_BR>', URL).language == "pt"
    )


def test_long_texts_are_cut() -> None:
    page = parse_page(f"<title>{'a ' * 1000}</title>", URL)
    assert len(page.title) <= 500
    assert page.title.endswith("…")


def test_a_reference_to_an_absurd_character() -> None:
    assert parse_page(f"<title>&#{'9' * 100_000};</title>", URL).title


TEXTS = {
    "gb18030": "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。",
    "big5": "春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少。",
    "shift_jis": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
    "euc-jp": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
    "euc-kr": "동해 물과 백두산이 마르고 닳도록",
    "windows-1252": "Les élèves déjeunent à l’école «été»",
    "windows-1251": "Съешь ещё этих мягких французских булок",
    "utf-8": "Größe 日本 🎉",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_named_by_the_header(encoding: str) -> None:
    data = f"<title>{TEXTS[encoding]}</title>".encode(encoding)
    assert parse_page(data, URL, f"text/html; charset={encoding}").title == TEXTS[encoding]


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize(
    "meta",
    ['<meta charset="{}">', '<META http-equiv=Content-Type content="text/html; charset={}">'],
)
def test_encodings_named_by_the_page(encoding: str, meta: str) -> None:
    data = (meta.format(encoding) + f"<title>{TEXTS[encoding]}</title>").encode(encoding)
    assert parse_page(data, URL, "text/html").title == TEXTS[encoding]


@pytest.mark.parametrize("encoding", sorted(set(TEXTS) - {"big5", "euc-kr", "windows-1251"}))
def test_encodings_not_named(encoding: str) -> None:
    data = f"<title>{TEXTS[encoding]}</title>".encode(encoding)
    assert parse_page(data, URL).title == TEXTS[encoding]


def test_a_wrong_label_gives_way() -> None:
    data = f'<meta charset="utf-8"><title>{TEXTS["gb18030"]}</title>'.encode("gb18030")
    assert parse_page(data, URL, "text/html; charset=utf-8").title == TEXTS["gb18030"]
    data = f"<title>{TEXTS['utf-8']}</title>".encode()
    assert parse_page(data, URL, "text/html; charset=shift_jis").title == TEXTS["utf-8"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_byte_order_marks(encoding: str) -> None:
    data = "\ufeff<title>日本</title>".encode(encoding)
    assert parse_page(data, URL, "text/html; charset=iso-8859-1").title == "日本"


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "unicode_escape", "hex", "utf-7", "nonsense", "utf-16"]
)
def test_labels_nobody_means(label: str) -> None:
    data = f'<meta charset="{label}"><title>a\\u0041 +AGE-</title>'.encode()
    assert parse_page(data, URL, f"text/html; charset={label}").title == "a\\u0041 +AGE-"


FRAGMENTS = st.lists(
    st.sampled_from(
        ["<", ">", "<!--", "-->", '"', "'", "=", "/", " ", "a", "<meta ", "<title>", "</title>",
         "<script>", "name=og:image ", "content=", "&#",
         "&amp;", "http://", "<base href=", "日", "\x00"]
    )
).map("".join)  # fmt: skip


@given(FRAGMENTS | st.text() | st.binary())
def test_anything_can_be_read(page: str | bytes) -> None:
    parse_page(page, URL)
    links_back(page, ["https://example.org/"], base_url=URL)


@pytest.mark.parametrize(
    "nasty",
    [
        *(
            "<",
            "<!--",
            "<a",
            '<a "',
            '<a ="',
            "<a ='",
            "<script>",
            "<title>",
            "<title></title",
            "</",
        ),
        *(
            '<meta name=a content="',
            "<meta name=a content=b>",
            "a=",
            "<meta a",
            "&#9",
            "\xe9",
            "=",
            "'",
        ),
        *('<a b="">', "<html lang='", "<link rel=alternate type=application/json+oembed href=a>"),
    ],
)
def test_hostile_pages_take_bounded_work(nasty: str) -> None:
    for before in ("", "<meta "):
        page = (before + nasty * 500_000)[:500_000]
        began = time.process_time()
        parse_page(page, URL)
        parse_page(page.encode("latin-1"), URL)
        links_back(page, [URL])
        assert time.process_time() - began < 4
