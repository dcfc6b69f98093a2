"""/links/warning: what to know of a link before one follows it."""

from __future__ import annotations

from folkmoot.domain.matchlists.model import domain_of, listed_above
from folkmoot.domain.matchlists.queries import map_listed
from folkmoot.kit.errors import NotFound
from folkmoot.surfaces.web.frames import frame
from folkmoot.surfaces.web.pages.links import LinkPage
from folkmoot.surfaces.web.showing import show
from folkmoot.surfaces.web.visits import Answer, Router, Visit

router = Router()

_MOST_CHARS = 4_000


@router.get("/links/warning")
def warning(visit: Visit) -> Answer:
    """Which list a link's domain stands on and why. It redirects to nowhere, and an address that
    stands on no list is shown as words alone."""
    url = visit.query("to").strip()
    domain = domain_of(url)
    if not domain or len(url) > _MOST_CHARS:
        raise NotFound
    listed = map_listed(visit.tx, [url])
    above = listed_above(url, listed)
    page = LinkPage(
        frame=frame(visit, forms=False),
        address=url,
        domain=above or domain,
        listed=None if above is None else listed[above],
    )
    return show(visit, page)
