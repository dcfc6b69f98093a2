"""Trusted flaggers, as everybody reads of them, and as the desk awards and revokes."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Person


class Flagger(msgspec.Struct, frozen=True, kw_only=True):
    """A member whose reports come first, or came: for whom and about what, since when, by whom and
    why; how many of their reports were decided, and how many of those were right. `form` revokes
    and was refused where `back`."""

    id: str
    person: Person
    area: str
    organisation: str
    awarded_at: int
    awarded_by: str
    awarded_why: str
    decided: int
    upheld: int
    revoked_at: int | None = None
    revoked_by: str = ""
    revoked_why: str = ""
    form: Form = Form()
    back: bool = False

    @property
    def accuracy(self) -> int:
        """Per cent of decided reports that were right."""
        return round(100 * self.upheld / self.decided) if self.decided else 0


class FlaggersPage(Page, frozen=True, kw_only=True):
    """Everybody who is or was a trusted flagger, the latest first."""

    template: ClassVar[str] = "pages/flaggers.html"

    flaggers: tuple[Flagger, ...]


class DeskFlaggersPage(Page, frozen=True, kw_only=True):
    """Awarding and revoking."""

    template: ClassVar[str] = "pages/desk_flaggers.html"

    flaggers: tuple[Flagger, ...]
    form: Form = Form()
