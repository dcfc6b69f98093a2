"""What surrounds a post: who boosted or favourited it, what quotes it, what it was before."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from folkmoot.surfaces.web.pages.frame import Page, Pager
from folkmoot.surfaces.web.pages.people import Entry
from folkmoot.surfaces.web.pages.posts import Post


class PostPeoplePage(Page, frozen=True, kw_only=True):
    """Who boosted a post, or marked it as a favourite."""

    template: ClassVar[str] = "pages/post_people.html"

    post: Post
    which: Literal["boosts", "favourites"]
    entries: tuple[Entry, ...]
    pager: Pager = Pager()


class QuotesPage(Page, frozen=True, kw_only=True):
    """The posts that quote a post."""

    template: ClassVar[str] = "pages/quotes.html"

    post: Post
    quotes: tuple[Post, ...]
    pager: Pager = Pager()


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """What a post was from a moment on; descriptions stand for its pictures, options for its
    poll."""

    at: int
    html: str
    warning: str = ""
    descriptions: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class HistoryPage(Page, frozen=True, kw_only=True):
    """Every edition of a post, the present one first."""

    template: ClassVar[str] = "pages/history.html"

    post: Post
    editions: tuple[Edition, ...]
