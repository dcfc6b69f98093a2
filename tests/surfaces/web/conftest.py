"""Browsers: `browser` is nobody's yet; `at_home("ada")` has signed in."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.model import Role
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.registration.actions import create_member
from folkmoot.kit.db import Tx
from folkmoot.kit.passwords import hash_now
from folkmoot.surfaces.app import App
from surfaces.web.browser import Browser
from surfaces.web.desk_life import Desk

PASSWORD = "seven quiet herons"


@pytest.fixture
def browser(app: App, loop: asyncio.AbstractEventLoop) -> Browser:
    return Browser(wiring.build_asgi(app), loop)


@pytest.fixture
def member(app: App) -> Callable[..., Any]:
    """Makes a member who can sign in by PASSWORD: `account, user = member("ada")`."""
    hashed = hash_now(PASSWORD)

    def make(username: str, role: Role = Role.MEMBER) -> Any:
        return app.db.write_now(
            create_member,
            username,
            email=f"{username}@example.test",
            password_hash=hashed,
            role=role,
        )

    return make


@pytest.fixture
def at_home(
    app: App, loop: asyncio.AbstractEventLoop, member: Callable[..., Any]
) -> Callable[..., Browser]:
    """A member's browser, signed in."""
    asgi = wiring.build_asgi(app)

    def make(username: str, role: Role = Role.MEMBER) -> Browser:
        member(username, role)
        made = Browser(asgi, loop)
        made.open("/auth/sign-in")
        made.submit("/auth/sign-in", login=username, password=PASSWORD)
        assert made.page.url.path == "/home", made.page.text
        return made

    return make


@pytest.fixture
def staff(at_home: Callable[..., Browser], app: App) -> Callable[..., Browser]:
    """Somebody of the team whose role is in effect, signed in."""

    def make(name: str, role: Role = Role.REVIEWER) -> Browser:
        made = at_home(name, role)

        def prove(tx: Tx) -> None:
            user = find_user_by_login(tx, name)
            assert user
            save_user(tx, user, second_factor_at=tx.now)

        app.db.write_now(prove)
        return made

    return make


@pytest.fixture
def desk(app: App, member: Callable[..., Any]) -> Desk:
    """What comes before the desk."""
    return Desk(app.db, member)


@pytest.fixture
def rev(staff: Callable[..., Browser]) -> Browser:
    """A reviewer's browser."""
    return staff("rev")


@pytest.fixture(scope="session")
def sample_png() -> bytes:
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 20)).save(made, "PNG")
    return made.getvalue()


Counted = Callable[[Browser, str], int]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """How many questions a page asks of the database."""
    asked: list[object] = []
    execute = Tx._execute

    def count(tx: Tx, statement: Any, params: dict[str, Any]) -> Any:
        asked.append(statement)
        return execute(tx, statement, params)

    monkeypatch.setattr(Tx, "_execute", count)

    def open_and_count(browser: Browser, path: str) -> int:
        browser.open(path)  # what is kept for a while is kept from now on
        asked.clear()
        assert browser.open(path).status_code == 200
        return len(asked)

    return open_and_count
