"""The web interface in Chromium: what scripts add, that nothing breaks the policy, passkeys."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from clients.live import Live, free_port, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "seven quiet herons"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[Path], str]
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    more = {"registration": {"mode": "open", "min_age": 0}}
    # Passkeys belong to a name: browsers make none for an address.
    with serve(
        folder, fresh_database(folder), host="localhost", port=free_port(), more=more
    ) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Opens windows; what their consoles complain of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**more: Any) -> Page:
        context = chromium.new_context(base_url=live.url, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    # A refused form or a missing page is what some tests ask for.
    assert [c for c in complaints if "status of 4" not in c] == []


def join(page: Page, name: str) -> None:
    page.goto("/auth/sign-up")
    page.fill("#f-username", name)
    page.fill("#f-email", f"{name}@example.test")
    page.fill("#f-password", PASSWORD)
    page.check("#f-agreement")
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")


def test_a_member_lives_here(window: Callable[..., Page]) -> None:
    page = window()
    join(page, "ada")
    page.fill("#c-text", "Hello 👩‍👩‍👧 https://example.org/" + "x" * 100)
    left = 500 - len("Hello ") - 1 - 1 - 23
    assert page.inner_text(".count-left") == f"{left} characters left"
    page.click(".composer-part > summary >> text=Warning")
    page.fill("#c-warning", "Just a test")
    page.click(".composer button[type=submit]")
    page.wait_for_url(re.compile(r"/@ada/\d+"))
    assert not page.is_visible(".post-text")
    page.click(".warned > summary")
    assert page.is_visible(".post-text")
    here = page.url
    with page.expect_response("**/favourite") as answer:
        page.click(".act-favourite")
    assert answer.value.json()["count"] == 1
    assert page.get_attribute(".act-favourite", "aria-pressed") == "true"
    assert page.inner_text(".act-favourite [data-number]") == "1"
    assert page.url == here
    page.reload()
    assert page.get_attribute(".act-favourite", "aria-pressed") == "true"
    with page.expect_response("**/unfavourite"):
        page.click(".act-favourite")
    assert page.get_attribute(".act-favourite", "aria-pressed") == "false"
    assert page.inner_text(".post-facts time")


def test_menus_close_and_links_are_copied(window: Callable[..., Page], live: Live) -> None:
    page = window(permissions=["clipboard-read", "clipboard-write"])
    join(page, "bo")
    page.fill("#c-text", "Copy me")
    page.click(".composer button[type=submit]")
    page.wait_for_url(re.compile(r"/@bo/\d+"))
    page.click(".actions .menu > summary")
    page.click("text=Copy the link")
    page.wait_for_selector(".actions >> text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.keyboard.press("Escape")
    assert not page.is_visible(".actions .menu-list")
    page.click(".corner .menu > summary")
    assert page.is_visible(".corner .menu-list")
    page.click("h1", force=True, position={"x": 1, "y": 1})
    assert not page.is_visible(".corner .menu-list")


def test_the_light_changes_at_once_and_stays(window: Callable[..., Page]) -> None:
    page = window(color_scheme="light")
    page.goto("/about")
    day = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.click("button[value=dark]")
    night = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert day != night
    page.goto("/")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.get_attribute("button[value=dark]", "aria-pressed") == "true"


def test_everything_works_without_scripts(window: Callable[..., Page]) -> None:
    page = window(java_script_enabled=False)
    join(page, "cy")
    page.fill("#c-text", "No scripts here")
    page.click(".composer button[type=submit]")
    page.wait_for_url(re.compile(r"/@cy/\d+"))
    page.click(".act-boost")
    page.wait_for_url(re.compile(r"/@cy/\d+"))
    assert page.get_attribute(".act-boost", "aria-pressed") == "true"
    page.click("button[value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click(".corner .menu > summary")
    page.click(".corner .menu-list button")
    page.wait_for_url("**/")
    assert page.is_visible("text=You are signed out.")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    window: Callable[..., Page],
) -> None:
    page = window()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    unmarked = page.evaluate(
        """() => {
            const wanted = "a[href]:not([tabindex='-1']), button, input, summary";
            return [...document.querySelectorAll(wanted)].filter((element) => {
                if (!element.checkVisibility() || element.type === "hidden") return false;
                element.focus({ focusVisible: true });
                const style = getComputedStyle(element);
                return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
            }).map((element) => element.outerHTML);
        }"""
    )
    assert unmarked == []


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_no_page_is_wider_than_the_window(window: Callable[..., Page], width: int) -> None:
    page = window(viewport={"width": width, "height": 800})
    name = f"dee{width}"
    join(page, name)
    page.fill("#c-text", "W" * 200 + " #" + "m" * 100)
    page.click(".composer button[type=submit]")
    page.wait_for_url(re.compile(r"/@dee\d+/\d+"))
    for path in (
        page.url, "/home", "/public", "/alerts", f"/@{name}", f"/@{name}/followers", "/about",
        "/terms", "/settings/security", "/settings/applications", "/nowhere", "/compose",
        "/lists", "/messages", "/scheduled", "/settings/filters/new", "/settings/invitations",
    ):  # fmt: skip
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path


def test_a_time_to_come_is_chosen_on_the_readers_own_clock(window: Callable[..., Page]) -> None:
    page = window(timezone_id="Asia/Shanghai")
    join(page, "fay")
    page.fill("#c-text", "Happy new year")
    page.click(".composer-part > summary >> text=Later")
    assert page.inner_text("#c-at-hint") == "In your time (Asia/Shanghai)."
    page.fill("#c-at", "2040-01-01T00:00")
    page.click(".composer > .composer-foot button")
    page.wait_for_url("**/scheduled")
    assert page.get_attribute("article time", "datetime") == "2039-12-31T16:00:00Z"
    page.click("text=Another time…")
    assert page.input_value("article input[type=datetime-local]") == "2040-01-01T00:00"
    page.click("text=Move it")
    page.wait_for_url("**/scheduled")
    assert page.get_attribute("article time", "datetime") == "2039-12-31T16:00:00Z"


def test_what_there_is_to_do_with_somebody_needs_no_script(window: Callable[..., Page]) -> None:
    page = window(java_script_enabled=False)
    join(page, "gus")
    other = window()
    join(other, "hal")
    page.goto("/@hal")
    page.click(".profile-acts .menu > summary")
    page.click("text=Mute…")
    page.select_option("#p-duration", "3600")
    page.click(".door button[type=submit]")
    page.wait_for_url("**/@hal")
    assert page.is_visible("text=Muted until")
    page.goto("/settings/blocks/muted")
    page.click("text=Unmute")
    assert page.is_visible("text=Nobody is muted")


def test_passkeys(window: Callable[..., Page]) -> None:
    page = window()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    join(page, "eve")
    page.goto("/settings/security")
    page.fill("#f-passkey-name", "My test device")
    page.click("[data-passkey-create] button")
    page.wait_for_selector("#codes")
    assert page.locator("#codes li").count() == 10
    page.click("text=I have kept them")
    assert page.is_visible("text=My test device")
    sign_out(page)
    page.goto("/auth/sign-in")
    page.click("text=Use a passkey")
    page.wait_for_url("**/home")
    sign_out(page)
    page.goto("/auth/sign-in?return_to=/about")
    page.fill("#f-login", "eve")
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/auth/second-factor*")
    page.click("[data-passkey-start]")
    page.wait_for_url("**/about")


def sign_out(page: Page) -> None:
    page.click(".corner .menu > summary")
    page.click(".corner .menu-list button")
    page.wait_for_url("**/")


def test_there_is_a_page_for_the_time_without_a_connection(window: Callable[..., Page]) -> None:
    page = window()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/about")
    assert page.is_visible("text=No connection")
    background = page.evaluate("getComputedStyle(document.body).display")
    assert background == "flex"
    page.context.set_offline(False)
