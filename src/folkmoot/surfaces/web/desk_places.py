"""The places of the desk, in the order in which its navigation names them.

Whoever adds a page under /desk adds a line here; its template extends `layouts/desk.html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from folkmoot.domain.auth.model import Permission, Role, permissions_of
from folkmoot.surfaces.web.pages.frame import Place

if TYPE_CHECKING:
    from folkmoot.surfaces.web.visits import Reader

# Where it is, what it is called, its icon, and who finds it: a page asks for the same permission.
PLACES: tuple[tuple[str, str, str, Permission], ...] = (
    ("/desk", "Overview", "moot", Permission.REVIEW_REPORTS),
    ("/desk/cases", "Cases", "flag", Permission.REVIEW_REPORTS),
    ("/desk/proposals", "Second approvals", "people", Permission.REVIEW_REPORTS),
    ("/desk/appeals", "Appeals", "scales", Permission.REVIEW_REPORTS),
    ("/desk/decisions", "In force", "clock", Permission.REVIEW_REPORTS),
    ("/desk/second-looks", "Second looks", "hidden", Permission.REVIEW_REPORTS),
    ("/desk/practice", "Practice", "pencil", Permission.REVIEW_REPORTS),
    ("/desk/quality", "Agreement", "check", Permission.MANAGE_RULES),
    ("/desk/staffing", "Staffing", "calendar", Permission.MANAGE_RULES),
    ("/desk/flaggers", "Trusted flaggers", "verified", Permission.MANAGE_ACCOUNTS),
    ("/desk/sign-ups", "Requests to join", "person", Permission.DECIDE_SIGN_UPS),
    ("/desk/detectors", "Detectors", "search", Permission.REVIEW_REPORTS),
    ("/desk/referrals", "Life at risk", "phone", Permission.REVIEW_REPORTS),
    ("/desk/disputes", "Out-of-court disputes", "scales", Permission.REVIEW_REPORTS),
    ("/desk/team", "Team", "people", Permission.MANAGE_ROLES),
    ("/desk/requests", "Legal requests", "direct", Permission.MANAGE_ACCOUNTS),
    ("/desk/transparency", "Transparency reports", "upload", Permission.MANAGE_SETTINGS),
)


def places_of(reader: Reader | None) -> tuple[Place, ...]:
    """The places that a reader's role opens; none for members and visitors."""
    if reader is None or not reader.staff:
        return ()
    allowed = permissions_of(Role(reader.role))
    return tuple(
        Place(path, words, drawing) for path, words, drawing, may in PLACES if may in allowed
    )
