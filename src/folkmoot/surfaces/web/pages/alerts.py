"""What others did that concerns a member."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Page, Pager, Person
from folkmoot.surfaces.web.pages.posts import Post


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One or several people did the same thing. `whole` shows the post as it stands, otherwise
    its beginning; `asks` is set when somebody waits to be let in, `url` where the reasons stand of
    what was decided."""

    icon: str
    people: tuple[Person, ...]
    count: int
    words: str
    at: int
    post: Post | None = None
    whole: bool = False
    asks: bool = False
    url: str = ""


class AlertsPage(Page, frozen=True, kw_only=True):
    """The alerts of a member, newest first."""

    template: ClassVar[str] = "pages/alerts.html"

    alerts: tuple[Alert, ...]
    pager: Pager = Pager()
