"""Whether a page links back."""

import pytest

from folkmoot.kit.pagemeta import links_back, list_rel_me

ME = "https://moot.example/@ann"


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://moot.example/@ann" rel="me">x</a>',
        "<a rel='nofollow ME noopener' href=https://moot.example/@ann/>x",
        '<link rel="me" href="https://MOOT.example:443/@ann">',
        '<area rel=me href="//moot.example/@ann#top">',
        b'\xff<a href="https://moot.example/@ann" rel="me">',
        '<a href="https://else.example" rel=me><a href="http://moot.example/@ann" rel=me>',
    ],
)
def test_yes(page: str | bytes) -> None:
    assert links_back(page, [ME], base_url="https://ann.example/")


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://moot.example/@ann">x</a>',
        '<a href="https://moot.example/@ann" rel="meme">x</a>',
        '<a href="https://moot.example/@anna" rel="me">x</a>',
        '<a href="https://moot.example/@Ann" rel="me">x</a>',
        '<a href="https://moot.example:8443/@ann" rel="me">x</a>',
        '<a href="https://moot.example/@ann?x" rel="me">x</a>',
        '<a href="https://ann@moot.example/@ann" rel="me">x</a>',
        '<!-- <a href="https://moot.example/@ann" rel="me"> -->',
        '<script>"<a href=https://moot.example/@ann rel=me>"</script>',
        '<textarea><a href="https://moot.example/@ann" rel="me"></textarea>',
        '<p title="<a href=https://moot.example/@ann rel=me>">',
        '&lt;a href="https://moot.example/@ann" rel="me"&gt;',
        '<a rel=me href="http://[">',
        "<a rel=me>",
        "",
    ],
)
def test_no(page: str) -> None:
    assert not links_back(page, [ME], base_url="https://ann.example/")


def test_any_of_several_addresses_will_do() -> None:
    page = '<a rel=me href="/@ann">'
    assert links_back(page, ["https://other.example/", ME], base_url="https://moot.example/x")
    assert not links_back(page, [], base_url="https://moot.example/x")
    assert not links_back(page, ["nonsense"], base_url="https://moot.example/x")


def test_listing() -> None:
    page = '<a rel=me href="/a"><link rel=me href="https://b.example">'
    assert list_rel_me(page, base_url="https://x.example/y") == [
        "https://x.example/a",
        "https://b.example",
    ]
