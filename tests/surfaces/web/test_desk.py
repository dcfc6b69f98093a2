"""The desk on the web: who finds what there, and what waits."""

from __future__ import annotations

from typing import Any

from folkmoot.domain.auth.model import Role, permissions_of
from folkmoot.surfaces.web.desk_places import PLACES


def test_the_menu_leads_to_the_desk_and_on_to_its_places(staff: Any) -> None:
    lead = staff("lead", Role.OWNER)
    assert '<a href="/desk">' in lead.open("/home").text
    for path, words, _, _ in PLACES:
        page = lead.open(path)
        assert page.status_code == 200, path
        assert f'<a href="{path}" aria-current="page">' in page.text
        assert words in page.text


def test_a_role_finds_the_places_that_it_opens_and_no_other(staff: Any) -> None:
    rev = staff("rev")
    overview = rev.open("/desk").text
    allowed = permissions_of(Role.REVIEWER)
    for path, _, _, permission in PLACES:
        assert (f'<a href="{path}"' in overview) == (permission in allowed), path
        assert rev.open(path).status_code == (200 if permission in allowed else 403), path


def test_every_place_is_closed_to_members_and_to_roles_without_a_second_factor(
    at_home: Any, browser: Any
) -> None:
    for name, role in (("ada", Role.MEMBER), ("rex", Role.OWNER)):
        home = at_home(name, role)
        assert "/desk" not in home.page.text
        for path, *_ in PLACES:
            page = home.open(path)
            assert page.status_code == 403, path
            assert "role" in page.text
    for path, *_ in PLACES:
        assert browser.open(path).url.path == "/auth/sign-in"
