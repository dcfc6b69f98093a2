"""The desk in Chromium: by keyboard alone, without scripts, and what is veiled until asked for."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from browser.test_web import CHROMIUM, PASSWORD, chromium, window
from clients.live import Live, free_port, serve
from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.media.jobs import accept_upload
from folkmoot.domain.policy.model import Category as Harm
from folkmoot.domain.registration.actions import create_member
from folkmoot.domain.review import queries
from folkmoot.kit.db import Tx
from folkmoot.kit.passwords import hash_now
from folkmoot.kit.settings_sources import load
from folkmoot.surfaces.app import App
from surfaces.web.desk_life import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["chromium", "window"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def live(tmp_path: Path, fresh_database: Callable[[Path], str]) -> Iterator[Live]:
    with serve(tmp_path, fresh_database(tmp_path), host="localhost", port=free_port()) as running:
        yield running


@pytest.fixture
def app(live: Live) -> Iterator[App]:
    """The same instance from within, for what comes before the desk."""
    made = wiring.build_app(load(live.config, live.environ).settings)
    yield made
    made.context.close()
    made.db.close()


@pytest.fixture
def desk(app: App) -> Desk:
    hashed = hash_now(PASSWORD)

    def member(name: str) -> Any:
        email = f"{name}@example.test"
        return app.db.write_now(create_member, name, email=email, password_hash=hashed)

    return Desk(app.db, member)


def sign_in(page: Page, desk: Desk, app: App, name: str) -> None:
    """Somebody signs in, and is of the team from then on."""
    desk.id_of(name)
    page.goto("/auth/sign-in")
    page.fill("#f-login", name)
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")

    def promote(tx: Tx) -> None:
        user = find_user_by_login(tx, name)
        assert user
        save_user(tx, user, role="reviewer", second_factor_at=tx.now)

    app.db.write_now(promote)


def picture(app: App, desk: Desk, name: str) -> int:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 80, 20)).save(made, "PNG")
    made.seek(0)
    size = len(made.getvalue())
    upload = accept_upload(
        app.context, desk.id_of(name), file=made, size=size, description="A plain colour"
    )
    # Playwright's loop runs in this thread.
    with ThreadPoolExecutor(1) as beside:
        return int(beside.submit(asyncio.run, upload).result().id)


def filter_of(page: Page, selector: str) -> str:
    return str(page.eval_on_selector(selector, "each => getComputedStyle(each).filter"))


def test_cases_are_judged_by_keyboard_alone(
    window: Callable[..., Page], app: App, desk: Desk
) -> None:
    media = (picture(app, desk, "ada"),)
    shown = desk.post("ada", "Buy my watches", media_ids=media)
    desk.report("bo", "ada", shown, harm=Harm.VIOLENCE)
    desk.report("bo", "ada", desk.post("ada", "and my clocks"), harm=Harm.SPAM)
    page = window()
    sign_in(page, desk, app, "rev")
    page.goto("/desk")
    page.wait_for_selector("[data-keys=on]")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    page.wait_for_selector("[data-keys=on]")
    first = page.url
    assert "blur" in filter_of(page, ".evidence .media img")
    assert "grayscale" in filter_of(page, ".evidence .media img")
    page.keyboard.press("v")
    assert filter_of(page, ".evidence .media img") == "grayscale(1)"
    page.keyboard.press("c")
    assert filter_of(page, ".evidence .media img") == "none"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.keyboard.press("4")
    assert page.is_checked("#step-4")
    page.keyboard.press("f")
    page.keyboard.type("nv1 one link, many times")
    assert page.input_value("#f-facts") == "nv1 one link, many times"
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != first)
    page.wait_for_selector("text=Decided.")
    page.wait_for_selector("[data-keys=on]")
    assert "and my clocks" in page.inner_text(".evidence")
    page.keyboard.press("f")
    page.keyboard.type("Nothing is wrong with clocks.")
    page.keyboard.press("Tab")  # the label's text
    page.keyboard.press("Tab")  # where single keys are keys again
    page.keyboard.press("1")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.textContent") == "Decide, then the next"
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases")
    assert app.db.read_now(queries.count_open) == (0, 0)


def test_keys_can_be_turned_off(window: Callable[..., Page], app: App, desk: Desk) -> None:
    desk.report("bo", "ada")
    page = window()
    sign_in(page, desk, app, "rev")
    page.goto("/desk")
    page.click("text=Keys")
    page.click("text=Turn single keys off")
    page.wait_for_url("**/desk")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.url.endswith("/desk")
    page.click("text=Keys")
    assert page.is_visible("text=They are off.")
    page.click("text=Turn single keys on")
    page.wait_for_selector("[data-keys=on]")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))


def test_a_lease_is_counted_down_and_renewed_while_one_works(
    window: Callable[..., Page], app: App, desk: Desk
) -> None:
    desk.report("bo", "ada")
    page = window()
    page.clock.install()
    sign_in(page, desk, app, "rev")
    page.goto("/desk/cases")
    page.click("text=Take the next case")
    page.wait_for_selector("text=left")
    assert re.search(r"[45]:\d\d left", page.inner_text(".lease-clock"))
    page.clock.run_for(200_000)
    assert re.search(r"1:\d\d left", page.inner_text(".lease-clock"))
    with page.expect_response("**/take") as answer:
        page.keyboard.press("Tab")
        page.clock.run_for(1_500)
    assert answer.value.json() == {"held_s": 300}
    page.clock.run_for(1_000)
    assert re.search(r"[45]:\d\d left", page.inner_text(".lease-clock"))


def test_the_desk_works_without_scripts(window: Callable[..., Page], app: App, desk: Desk) -> None:
    media = (picture(app, desk, "ada"),)
    desk.report("bo", "ada", desk.post("ada", "Buy my watches", media_ids=media), harm=Harm.SPAM)
    page = window(java_script_enabled=False)
    sign_in(page, desk, app, "rev")
    page.goto("/desk")
    page.press("text=Take the next case", "Enter")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    page.press("#veil-sharp", "Space")
    assert page.is_checked("#veil-sharp")
    page.fill("#f-facts", "One link, forty times.")
    page.press("#step-4", "Space")
    page.press("text=Preview", "Enter")
    page.wait_for_selector("#s-statement")
    assert page.input_value("#f-facts") == "One link, forty times."
    page.press("text=Decide, then the next", "Enter")
    page.wait_for_url("**/desk/cases")
    assert app.db.read_now(queries.count_open) == (0, 0)


def test_nothing_is_wider_than_a_narrow_window(
    window: Callable[..., Page], app: App, desk: Desk
) -> None:
    desk.report("bo", "ada", desk.post("ada", "wide " + "x" * 120), comment="y" * 200)
    page = window(viewport={"width": 320, "height": 640})
    sign_in(page, desk, app, "rev")
    for path in ("/desk", "/desk/cases", "/desk/appeals", "/desk/decisions"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.goto("/desk/cases")
    page.click("text=Take the next case")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
