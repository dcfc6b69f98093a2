"""Who is on the team, and who got which role."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from folkmoot.surfaces.web.pages.frame import Form, Page, Pager


class TeamMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a role; it rests where there is no second factor. `form` changes it, and was
    refused where `back`."""

    id: str
    username: str
    role: str
    rests: bool
    last_seen_at: int | None
    form: Form = Form()
    back: bool = False


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A role that somebody got; `by` is empty for the operator at the command line."""

    username: str
    before: str
    after: str
    by: str
    why: str
    at: int


class TeamPage(Page, frozen=True, kw_only=True):
    """The team, the form that takes somebody into it, and what was changed."""

    template: ClassVar[str] = "pages/desk_team.html"

    roles: tuple[tuple[str, str], ...]
    team: tuple[TeamMember, ...]
    changes: tuple[Changed, ...] = ()
    form: Form = Form()
    pager: Pager = Pager()
