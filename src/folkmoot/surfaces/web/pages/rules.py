"""The rules: as they hold, in their versions, side by side, and to be accepted."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.kit.text import Piece
from folkmoot.surfaces.web.pages.frame import Page

State = Literal["in force", "to come", "over"]
Pieces = tuple[Piece, ...]


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version as lists and headings name it; `grace_until` where members of before accept it,
    `pauses` whether posting pauses then for who has not."""

    number: int
    published_at: int
    effective_from: int
    state: State
    grace_until: int | None = None
    pauses: bool = False
    note: str = ""

    @property
    def url(self) -> str:
        return "/rules" if self.state == "in force" else f"/rules/versions/{self.number}"


class ShownRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in one language. `keywords` are those of the EU transparency database."""

    code: str
    title: str
    text: str
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]
    category: str
    actions: tuple[str, ...]
    keywords: tuple[str, ...] = ()


class Tongue(msgspec.Struct, frozen=True):
    """A language in which the rules can be read."""

    code: str
    name: str
    url: str
    current: bool


class RulesPage(Page, frozen=True, kw_only=True):
    """The rules of a version, with what is and is not covered and what they can lead to."""

    template: ClassVar[str] = "pages/rules.html"

    version: VersionLine
    language: str
    tongues: tuple[Tongue, ...]
    rules: tuple[ShownRule, ...]
    successor: VersionLine | None = None


class VersionsPage(Page, frozen=True, kw_only=True):
    """Every version, the newest first, any two of which can be compared."""

    template: ClassVar[str] = "pages/rule_versions.html"

    versions: tuple[VersionLine, ...]
    notice_days: int
    grace_days: int


class ComparedPart(msgspec.Struct, frozen=True):
    """A named part of a rule, such as its title, in both versions: a row of pieces or several."""

    name: str
    rows: tuple[Pieces, ...]


class ComparedRule(msgspec.Struct, frozen=True):
    """A rule that is new, changed or over; only the parts that differ."""

    code: str
    title: str
    what: Literal["new", "changed", "ends"]
    parts: tuple[ComparedPart, ...]


class ComparedDocument(msgspec.Struct, frozen=True):
    """The terms or the privacy policy; rows that stayed the same are left out but for one
    before and after each change. None stands where rows are left out."""

    title: str
    rows: tuple[Pieces | None, ...]


class ComparePage(Page, frozen=True, kw_only=True):
    """Two versions side by side, what changed and word by word."""

    template: ClassVar[str] = "pages/rule_changes.html"

    old: VersionLine
    new: VersionLine
    versions: tuple[VersionLine, ...]
    language: str
    tongues: tuple[Tongue, ...]
    rules: tuple[ComparedRule, ...]
    unchanged: int
    documents: tuple[ComparedDocument, ...]


class AcceptPage(Page, frozen=True, kw_only=True):
    """What a member is asked to accept, by when, and what follows; or that nothing waits."""

    template: ClassVar[str] = "pages/rules_accept.html"

    version: VersionLine | None
    due_at: int = 0
    paused: bool = False
    compare_url: str = ""
