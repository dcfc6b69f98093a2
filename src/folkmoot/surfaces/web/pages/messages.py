"""The member's direct conversations."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Page, Pager, Person
from folkmoot.surfaces.web.pages.posts import Post


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation: with whom (nobody: notes to oneself), and its last post."""

    id: str
    people: tuple[Person, ...]
    last: Post
    unread: bool = False


class MessagesPage(Page, frozen=True, kw_only=True):
    """The member's conversations, that with the newest post first."""

    template: ClassVar[str] = "pages/messages.html"

    talks: tuple[Talk, ...]
    pager: Pager = Pager()
