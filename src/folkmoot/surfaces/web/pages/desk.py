"""The desk: what waits for the team, and what it decides on."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.cases import Seen
from folkmoot.surfaces.web.pages.frame import Form, Page, Pager


class Waiting(msgspec.Struct, frozen=True):
    """Something that waits at a place of the desk: how many, how many of them longer than they
    should.
    """

    path: str
    number: int
    words: str
    late: int = 0


class DeskPage(Page, frozen=True, kw_only=True):
    """The desk's overview; `mine` is whether the reviewer holds a case."""

    template: ClassVar[str] = "pages/desk.html"

    waiting: tuple[Waiting, ...]
    seen: Seen
    mine: bool = False


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asks to join, with what they told the team. `form` turns them away, and was
    refused where `back`."""

    id: str
    username: str
    email: str
    reason: str
    asked_at: int
    form: Form = Form()
    back: bool = False


class SignUpsPage(Page, frozen=True, kw_only=True):
    """Who waits for the team's decision, newest first."""

    template: ClassVar[str] = "pages/desk_sign_ups.html"

    waiting: tuple[SignUp, ...]
    pager: Pager = Pager()
