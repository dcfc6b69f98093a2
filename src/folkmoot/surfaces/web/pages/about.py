"""The pages about the server itself, and those for when something is not as hoped."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.access import Rule
from folkmoot.surfaces.web.pages.frame import Page, Person


class Fact(msgspec.Struct, frozen=True):
    """A line of the service card; `url` makes its value a link."""

    name: str
    value: str
    url: str | None = None


class AboutPage(Page, frozen=True, kw_only=True):
    """Who runs this server, by which rules, and how to reach them."""

    template: ClassVar[str] = "pages/about.html"

    description_html: str
    rules: tuple[Rule, ...]
    contestable_days: int
    operator: tuple[Fact, ...] = ()
    contact: Person | None = None
    email: str | None = None


class PolicyPage(Page, frozen=True, kw_only=True):
    """A text that binds: the privacy policy, the terms. `html` comes from the operator's
    Markdown, in which HTML counts as text."""

    template: ClassVar[str] = "pages/policy.html"

    title: str
    html: str
    since: int


class ErrorPage(Page, frozen=True, kw_only=True):
    """What went wrong, in a sentence, and where to go from here."""

    template: ClassVar[str] = "pages/error.html"

    status: int
    title: str
    sentence: str
    retry_after_s: int | None = None
