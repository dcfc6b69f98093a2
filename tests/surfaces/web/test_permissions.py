"""Who may open the desk is declared on its routes, and held before anything is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import Permission, Role
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.kit.db import Database, Tx
from folkmoot.surfaces.web.visits import Answer, Route, Router, Visit
from surfaces.web.browser import Browser


def undeclared(routes: Iterable[Route]) -> list[str]:
    """The routes of the desk that do not say what a role must allow."""
    return [
        f"{one.method} {one.path}"
        for one in routes
        if f"{one.path}/".startswith("/desk/") and one.permission is None
    ]


def page(visit: Visit) -> Answer:
    return Answer(b"open to everybody")


def test_every_route_of_the_desk_declares_a_permission() -> None:
    routes = [route for router in wiring.WEB for route in router.routes]
    assert undeclared(routes) == []
    assert sum(route.permission is not None for route in routes) > 10


def test_a_route_without_one_is_found() -> None:
    router = Router()
    router.get("/desk/new", members=True)(page)
    router.post("/desk")(page)
    router.get("/desk/fine", permission=Permission.REVIEW_REPORTS)(page)
    router.get("/deskside")(page)
    assert undeclared(router.routes) == ["GET /desk/new", "POST /desk"]


def test_a_permission_needs_a_member() -> None:
    router = Router()
    router.get("/desk/fine", permission=Permission.REVIEW_REPORTS)(page)
    (route,) = router.routes
    assert route.members


@pytest.mark.parametrize("role", [Role.MEMBER, Role.REVIEWER])
def test_a_refused_form_shows_nothing_to_who_may_not_open_it(at_home: Any, role: Role) -> None:
    stranger: Browser = at_home("eve", role)  # a reviewer's role rests without a second factor
    token = stranger.form("/compose")["fields"]["csrf"]
    answer = stranger.post("/desk/detectors/new/save", csrf=token, source="nonsense")
    assert answer.status_code == 403
    assert "nonsense" not in answer.text


def test_the_role_in_effect_opens_it(at_home: Any, db: Database) -> None:
    def prove(tx: Tx) -> None:
        user = find_user_by_login(tx, "rex")
        assert user is not None
        save_user(tx, user, second_factor_at=tx.now)

    rex: Browser = at_home("rex", Role.REVIEWER)
    assert rex.open("/desk/sign-ups").status_code == 403
    db.write_now(prove)
    assert rex.open("/desk/sign-ups").status_code == 200
