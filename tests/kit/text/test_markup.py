"""What is found in a text, and how long the text counts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.text import (
    Emoji,
    Link,
    Mention,
    Tag,
    count_graphemes,
    parse_post,
    post_length,
)


def tags(text: str) -> list[str]:
    return [tag.name for tag in parse_post(text).tags]


def urls(text: str) -> list[str]:
    return [link.url for link in parse_post(text).links]


def addresses(text: str) -> list[str]:
    return [mention.address for mention in parse_post(text).mentions]


def test_one_post_with_everything() -> None:
    text = "Hi @Bob and @ann@ex.org: https://ex.org/#no #Yes :blob_cat:!"
    assert parse_post(text).spans == (
        Mention(3, 7, "Bob", None),
        Mention(12, 23, "ann", "ex.org"),
        Link(25, 43, "https://ex.org/#no"),
        Tag(44, 48, "Yes"),
        Emoji(49, 59, "blob_cat"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#cat #Größe #日本語 #한국어 #中文标签", ["cat", "Größe", "日本語", "한국어", "中文标签"]),
        ("#हिन्दी #ภาษาไทย #العربية", ["हिन्दी", "ภาษาไทย", "العربية"]),
        ("＃ＣＡＴ", ["ＣＡＴ"]),
        (
            "#col·lecció #テスト・ケース #می\u200cخواهم",
            ["col·lecció", "テスト・ケース", "می\u200cخواهم"],
        ),
        ("#a· #b, #c. (#d)", ["a", "b", "c", "d"]),
        ("#1 #2024 #1st #3D #1·2 #20_24", ["1st", "3D", "1·2", "20_24"]),
        ("#_ #· # ## #-a #!", []),
        ("a#b /#c =#d )#e &#39;", []),
        ("##f", ["f"]),
        ("#one#two", ["one"]),
        ("看#标签 很好", []),
        ("\n#g", ["g"]),
        ("#" + "a" * 256, []),
    ],
)
def test_tags(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ann", ["ann"]),
        ("(@ann) .@bob ,@cy: @dee's", ["ann", "bob", "cy", "dee"]),
        ("@a.b-c@ex-am.ple.org.", ["a.b-c@ex-am.ple.org"]),
        ("@ann. @bob- @cy_", ["ann", "bob", "cy_"]),
        ("@ann@bücher.example", ["ann@bücher.example"]),
        ("@ann@", ["ann"]),
        ("mail ann@ex.org", []),
        ("/@ann =@bob é@cy", []),
        ("你好@ann", []),
        ("你好 @ann，你好", ["ann"]),
        ("@Ann@EX.org", ["ann@ex.org"]),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://ex.org.", ["https://ex.org"]),
        ("HTTP://EX.org/A", ["HTTP://EX.org/A"]),
        ("(https://ex.org/wiki/A_(b))", ["https://ex.org/wiki/A_(b)"]),
        ("https://ex.org/a?b=c&d=e#f!", ["https://ex.org/a?b=c&d=e#f"]),
        ("https://例え.jp/道?問=答", ["https://例え.jp/道?問=答"]),
        ("看这里https://ex.org/a，很好", ["https://ex.org/a"]),
        ("（https://ex.org/a）。「https://ex.org/b」", ["https://ex.org/a", "https://ex.org/b"]),
        ("<https://ex.org/a>", ["https://ex.org/a"]),
        ("http://192.0.2.1:8080/x", ["http://192.0.2.1:8080/x"]),
        ("ex.org www.ex.org ftp://ex.org //ex.org", []),
        ("http:// https://-/ http://localhost/ https://.org", []),
        ("https://real.example@evil.example/ https://u:p@ex.org/", []),
        ("xhttps://ex.org @https://ex.org #https://ex.org", []),
        ("javascript://ex.org/%0aalert(1)", []),
        (
            "https://ex.org/" + "a" * 3000 + "/https://ex.org/ https://ex.org/b",
            ["https://ex.org/b"],
        ),
        ("https://ex.org/@ann/#tag", ["https://ex.org/@ann/#tag"]),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert urls(text) == expected
    assert [
        parse_post(text).text[link.start : link.end] for link in parse_post(text).links
    ] == urls(text)


def test_a_url_left_as_text_hides_nothing_else() -> None:
    parsed = parse_post("https://ex.org/@ann/#tag #b", links=False)
    assert [type(span) for span in parsed.spans] == [Tag]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":cat: :a_1:", ["cat", "a_1"]),
        (":cat::dog:", []),
        ("a:cat: :dog:b 12:30:45", []),
        (":c: :c-d: ::", []),
        ("(:cat:)\n:dog:", ["cat", "dog"]),
    ],
)
def test_emoji(text: str, expected: list[str]) -> None:
    assert [emoji.shortcode for emoji in parse_post(text).emoji] == expected


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("a\r\nb", 3),
        ("https://ex.org/" + "a" * 200, 23),
        ("https://a.bc x", 25),
        ("@ann@example.org hi", 7),
        ("@ann hi", 7),
        ("👩‍👩‍👧‍👦", 1),
        ("🇪🇺🇬🇧", 2),
        ("e\u0301", 1),
        ("नि", 1),
        ("각", 1),
        ("日本語", 3),
        ("👍🏽", 1),
        ("ann@example.org", 15),
    ],
)
def test_length(text: str, length: int) -> None:
    assert post_length(text) == length
    assert post_length(parse_post(text)) == length


@given(st.text())
def test_the_quick_way_of_counting_agrees_with_the_thorough_one(text: str) -> None:
    import regex

    assert count_graphemes(text) == len(regex.findall(r"\X", text))


@given(st.text(alphabet="@#:/.hтtps日a1_-·()é ,\n", max_size=60))
def test_spans_are_ordered_apart_and_true_to_the_text(text: str) -> None:
    position = 0
    for span in parse_post(text).spans:
        assert position <= span.start < span.end <= len(text)
        position = span.end
        match span:
            case Mention():
                typed = "@" + span.username + (f"@{span.domain}" if span.domain else "")
            case Tag():
                typed = text[span.start] + span.name
            case Link():
                typed = span.url
            case Emoji():
                typed = f":{span.shortcode}:"
        assert text[span.start : span.end] == typed


@pytest.mark.parametrize(
    "nasty",
    [
        *(
            "http://",
            "https://a.b/",
            "https://a.b/(",
            "https://a.b/'",
            'https://a.b/"[',
            "https://a:",
        ),
        *(
            "-https://a.b/",
            "https://a.b?",
            "https://a@",
            "@a.",
            "@a-",
            "@a@b.",
            "@",
            "#",
            "#a·",
            "#·",
        ),
        *(
            ":aa",
            "::",
            "😀\u200d",
            "e\u0301",
            "\r\n",
            "((",
            "1",
            "#1",
            "https://a.b/.",
            "h",
            "\x00",
        ),
    ],
)
def test_hostile_text_takes_bounded_work(nasty: str) -> None:
    text = (nasty * 100_000)[:100_000]
    began = time.process_time()
    post_length(parse_post(text))
    post_length(parse_post("https://a.b/" + text))
    assert time.process_time() - began < 4
