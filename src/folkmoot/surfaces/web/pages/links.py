"""What to know of a link before one follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from folkmoot.surfaces.web.pages.frame import Page

if TYPE_CHECKING:
    from folkmoot.domain.matchlists.model import ListedDomain


class LinkPage(Page, frozen=True, kw_only=True):
    """A link to a domain that stands on a matching list, or does not any more."""

    template: ClassVar[str] = "pages/link.html"

    address: str
    domain: str
    listed: ListedDomain | None = None
