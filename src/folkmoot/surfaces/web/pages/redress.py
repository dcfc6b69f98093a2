"""What became of a report, and a decision as whom it concerns reads it; both can be contested."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.about import Fact
from folkmoot.surfaces.web.pages.frame import Form, Page, Pager
from folkmoot.surfaces.web.pages.settings import Place, SettingsPage

Tone = Literal["", "good", "warning"]


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody wrote, under a heading; `language` where it is known. `url` leads to
    where it stands, by the words `link`."""

    heading: str
    text: str
    language: str | None = None
    url: str = ""
    link: str = ""


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """How a decision can be contested, or what became of that. With an `action` there is a form,
    with these words for its hint, its field and its button."""

    heading: str
    notes: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    action: str = ""
    key: str = ""
    hint: str = ""
    label: str = ""
    button: str = ""
    form: Form = Form()
    elsewhere: str = ""
    court: str = ""
    bodies_lead: str = ""
    bodies: tuple[Fact, ...] = ()


class OutcomePage(Page, frozen=True, kw_only=True):
    """A receipt or a statement, in the language of whom it is for; `tongue` is its tag. `address`
    is the page's own, shown once to be kept."""

    template: ClassVar[str] = "pages/outcome.html"

    tongue: str
    title: str
    lead: str
    state: str
    tone: Tone = ""
    text: str = ""
    address: str = ""
    keep: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    facts: tuple[Fact, ...] = ()
    contest: Contest | None = None
    links: tuple[Fact, ...] = ()


class DecisionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in the member's list."""

    url: str
    title: str
    what: str
    at: int
    state: str
    tone: Tone = ""
    appeal: str = ""


class DecisionsPage(SettingsPage, frozen=True, kw_only=True):
    """All decisions that concern the member, newest first."""

    template: ClassVar[str] = "pages/settings_decisions.html"
    place: ClassVar[Place] = "decisions"

    tongue: str
    decisions: tuple[DecisionLine, ...]
    pager: Pager = Pager()


class Suspension(msgspec.Struct, frozen=True, kw_only=True):
    """A decision by which an account is suspended, and where its reasons stand in full."""

    what: str
    since: str
    facts: str
    url: str


class SuspendedPage(Page, frozen=True, kw_only=True):
    """What is left to a member whose account is suspended, in their language."""

    template: ClassVar[str] = "pages/suspended.html"

    tongue: str
    title: str
    lead: str
    read: str
    rest: str
    out: str
    unknown: str
    decisions: tuple[Suspension, ...] = ()
    links: tuple[Fact, ...] = ()
