"""Every page is sound HTML, usable by keyboard and screen reader, and clean under the policy."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from folkmoot.surfaces.web.assets import bundle
from folkmoot.surfaces.web.pages.frame import Page
from folkmoot.surfaces.web.pages.posts import FrontPage
from folkmoot.surfaces.web.rendering import TEMPLATES, environment, render
from surfaces.web import samples

PAGES = samples.pages()
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip
SHAPES = {"path", "rect", "circle", "ellipse", "use", "stop"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str | None], parents: list[Element]):
        self.tag = tag
        self.attributes = attributes
        self.parents = parents
        self.words = ""

    def __getitem__(self, name: str) -> str | None:
        return self.attributes.get(name)

    def has(self, name: str) -> bool:
        return name in self.attributes

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"


class Document(HTMLParser):
    """Parses strictly: every element is closed, in order, and no attribute stands twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        assert max(names.values(), default=1) == 1, f"attribute twice: {tag} {attrs}"
        element = Element(tag, dict(attrs), list(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHAPES | VOID, f"<{tag}/> closes itself only in SVG"
        self.elements.append(Element(tag, dict(attrs), list(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def by_id(self) -> dict[str | None, Element]:
        return {element["id"]: element for element in self.elements if element.has("id")}


@pytest.fixture(params=PAGES, ids=str)
def page(request: pytest.FixtureRequest) -> Page:
    return PAGES[request.param]


@pytest.fixture
def document(page: Page) -> Document:
    return Document(render(page))


def test_ids_are_unique_and_references_lead_somewhere(document: Document) -> None:
    ids = Counter(element["id"] for element in document.elements if element.has("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    for element in document.elements:
        for name in ("for", "aria-describedby", "aria-labelledby", "popovertarget", "data-copy"):
            if element.has(name):
                for target in (element[name] or "").split():
                    assert target in ids, f"{element} points to a missing {target}"


def test_a_page_has_one_heading_of_the_first_order(document: Document) -> None:
    headings = document.all("h1", "h2", "h3", "h4")
    assert [heading.tag for heading in headings].count("h1") == 1
    assert all(heading.words.strip() for heading in headings)
    orders = [int(heading.tag[1]) for heading in headings]
    assert all(after <= before + 1 for before, after in itertools.pairwise(orders))


def test_landmarks_language_and_title(document: Document, page: Page) -> None:
    for tag in ("main", "header", "footer", "title"):
        outer = [e for e in document.all(tag) if not any(p.tag == "article" for p in e.parents)]
        assert len(outer) == 1, tag
    (html,) = document.all("html")
    assert html["lang"] == "en"
    (title,) = document.all("title")
    assert page.frame.site.name in title.words
    labels = [nav["aria-label"] for nav in document.all("nav")]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    skip = next(element for element in document.all("a") if element["class"] == "skip")
    assert skip["href"] == "#main"
    assert document.all("a")[0] is skip


def test_every_control_has_a_name(document: Document) -> None:
    labelled = {label["for"] for label in document.all("label") if label.words.strip()}
    for control in document.all("input", "select", "textarea"):
        if control["type"] in ("hidden", "submit") or control.has("hidden"):
            continue
        assert control["id"] in labelled or control["aria-label"], control
    for button in document.all("button", "a", "summary"):
        named = button.words.strip() or button["aria-label"] or _labelled_image(document, button)
        assert named or button["aria-hidden"] == "true", button
    for form in document.all("form"):
        assert form["action"], form


def _labelled_image(document: Document, element: Element) -> bool:
    inside = [e for e in document.all("img", "svg") if element in e.parents]
    return any(e["alt"] or e["aria-label"] for e in inside)


def test_pictures_have_an_alternative(document: Document) -> None:
    for picture in document.all("img"):
        assert picture.has("alt"), picture
    for film in document.all("video", "audio"):
        assert film["aria-label"], film
    for drawing in document.all("svg"):
        described = drawing["aria-hidden"] == "true" or drawing["role"] == "img"
        assert described or any("qr" in (p["class"] or "") for p in drawing.parents), drawing


def test_wrong_fields_say_so(document: Document) -> None:
    for control in document.all("input", "select", "textarea"):
        if control["aria-invalid"] == "true":
            assert f"{control['id']}-error" in (control["aria-describedby"] or ""), control


def test_nothing_is_inline_and_nothing_foreign_is_loaded(document: Document) -> None:
    for element in document.elements:
        for name, value in element.attributes.items():
            assert name != "style", element
            assert not name.startswith("on"), element
            assert not (value or "").strip().lower().startswith("javascript:"), element
        if element.tag in ("script", "link") and element["rel"] in (None, "stylesheet", "icon"):
            address = element["src"] or element["href"] or ""
            assert address.startswith("/static/"), element
    assert document.all("style") == []
    assert all(script.words == "" and script["src"] for script in document.all("script"))


def test_what_changes_something_carries_the_token(document: Document) -> None:
    fields = document.all("input")
    for form in document.all("form"):
        if form["method"] == "post":
            inside = [f for f in fields if form in f.parents and f["name"] == "csrf"]
            assert [f["value"] for f in inside] == ["c5rf"], form
        else:
            assert form["method"] == "get", form


def test_posts_bear_their_language(document: Document) -> None:
    for text in document.all("div"):
        if "post-text" in (text["class"] or "") and "今天" in text.words:
            assert text["lang"] == "zh-CN"


def test_assets_and_icons_exist(page: Page) -> None:
    html = render(page)
    icons = set(re.findall(r'id="([\w-]+)"', bundle().files["icons.svg"].body.decode()))
    for name in re.findall(r"/static/[0-9a-f]+/([\w.-]+)", html):
        assert name in bundle().files
    used = set(re.findall(r"icons\.svg#([\w-]+)", html))
    assert used <= icons, used - icons


def test_every_template_is_shown_by_a_sample() -> None:
    templates = {f"pages/{path.name}" for path in (TEMPLATES / "pages").iterdir()}
    assert templates == {page.template for page in PAGES.values()}


def test_what_people_write_is_escaped() -> None:
    evil = '<script>alert(1)</script>"onload="x'
    author = msgspec.structs.replace(samples.WREN, name=evil, handle=evil)
    post: Any = msgspec.structs.replace(
        samples.CHINESE, author=author, warning=evil, media=(
            msgspec.structs.replace(samples.CHINESE.media[0], alt=evil),
        ), poll=None, boosted_by=author, reply_to=author,
    )  # fmt: skip
    html = render(FrontPage(frame=samples.FRAME, posts=(post,), rules=(evil,)))
    assert "<script>alert" not in html
    assert '"onload="' not in html


def test_a_page_is_rendered_within_a_budget() -> None:
    html = render(PAGES["front"])
    assert len(html.encode()) < 60_000
    assert len(bundle().files["folkmoot.css"].gzipped or b"") < 14_000
    scripts = [asset for name, asset in bundle().files.items() if name.endswith(".js")]
    assert sum(len(script.gzipped or script.body) for script in scripts) < 10_000


def test_a_table_names_its_columns_and_can_be_reached() -> None:
    template = environment().from_string(
        '{% from "components/navigation.html" import table %}'
        '{{ table("Posts by day", (("Day", false), ("Posts", true)), (("Monday", 3),)) }}'
    )
    document = Document(template.render())
    (region,) = [e for e in document.elements if e["role"] == "region"]
    assert (region["tabindex"], region["aria-label"]) == ("0", "Posts by day")
    assert [(e.words, e["scope"]) for e in document.all("th")] == [
        ("Day", "col"), ("Posts", "col"), ("Monday", "row"),
    ]  # fmt: skip
    assert [e["class"] for e in document.all("td")] == ["figure"]
