"""Keeping apart from others: whom one blocks and mutes, who asks to follow."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager, Person
from folkmoot.surfaces.web.pages.people import Entry
from folkmoot.surfaces.web.pages.settings import Place, SettingsPage


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is blocked, or muted until a moment if it ends."""

    person: Person
    until: int | None = None


class BlocksPage(SettingsPage, frozen=True, kw_only=True):
    """Whom the member blocks or mutes, or which servers; each can be taken back."""

    template: ClassVar[str] = "pages/settings_blocks.html"
    place: ClassVar[Place] = "blocks"

    which: Literal["blocked", "muted", "servers"]
    people: tuple[Apart, ...] = ()
    servers: tuple[str, ...] = ()
    form: Form = Form()
    pager: Pager = Pager()


class PartPage(Page, frozen=True, kw_only=True):
    """Asking once more before somebody is blocked or muted, and saying what that means."""

    template: ClassVar[str] = "pages/part.html"

    person: Person
    which: Literal["block", "mute"]


class RequestsPage(Page, frozen=True, kw_only=True):
    """Who asks to follow the member."""

    template: ClassVar[str] = "pages/requests.html"

    entries: tuple[Entry, ...]
    locked: bool
    pager: Pager = Pager()
