"""The whole chain, lived in browsers and checked from outside: a visitor reports, a detector
agrees, a reviewer decides, the author is told why and contests it, somebody else finds them right,
the post is back, and the public log proves all of it to whoever asks.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.domain.detection.detectors import Life, detector_file

from browser.test_redress import report
from browser.test_web import CHROMIUM, PASSWORD, chromium, join, window
from clients.live import SRC, Live, free_port, serve
from folkmoot import wiring
from folkmoot.domain.auth.actions import save_user
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.detection.model import BACKTEST
from folkmoot.domain.registration.actions import create_member
from folkmoot.kit.db import Tx
from folkmoot.kit.passwords import hash_now
from folkmoot.kit.settings_sources import load
from folkmoot.surfaces.app import App

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["chromium", "window"]

ENVIRON = {**os.environ, "PYTHONPATH": str(SRC)}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def live(tmp_path: Path, fresh_database: Callable[[Path], str]) -> Iterator[Live]:
    more = {"registration": {"mode": "open", "min_age": 0}}
    with serve(
        tmp_path, fresh_database(tmp_path), host="localhost", port=free_port(), more=more
    ) as running:
        yield running


@pytest.fixture
def app(live: Live) -> Iterator[App]:
    """The same instance from within, for what comes before the story."""
    made = wiring.build_app(load(live.config, live.environ).settings)
    yield made
    made.context.close()
    made.db.close()


def activate_detector(app: App) -> None:
    """A detector has been through its tests, a backtest and its days in the shadow."""
    with pytest.MonkeyPatch.context() as patched:
        life = Life(app.db, lambda: run_all(app), patched)
        life.activate(detector_file(name="fools", parts='[words]\nw = ["fool"]', hit="a fool"))


def run_all(app: App) -> None:
    """Runs what is due, and waits for what the server has taken itself."""
    worker = wiring.build_worker(app)

    def backtests(tx: Tx) -> list[tuple[Any, ...]]:
        return tx.script(f"SELECT 1 FROM jobs WHERE kind = '{BACKTEST}'")

    # Playwright's loop runs in this thread.
    with ThreadPoolExecutor(1) as beside:
        while beside.submit(asyncio.run, worker.run_due()).result() or app.db.read_now(backtests):
            time.sleep(0.1)


def reviewer(window: Callable[..., Page], app: App, name: str) -> Page:
    """A reviewer, signed in."""
    hashed = hash_now(PASSWORD)
    email = f"{name}@example.test"
    app.db.write_now(create_member, name, email=email, password_hash=hashed)
    page = window()
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
    return page


def proof_of(author: Page, live: Live) -> dict[str, Any]:
    """The statement with its proof, as soon as the log is signed again."""
    cookies = {str(c.get("name")): str(c.get("value")) for c in author.context.cookies()}
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = httpx.get(f"{author.url}/proof.json", cookies=cookies)
        if found.status_code == 200:
            return dict(found.json())
        assert found.status_code == 409, found.text
        time.sleep(1)
    raise AssertionError("the decision did not come into the signed log within a minute")


def test_the_whole_story(window: Callable[..., Page], live: Live, app: App, tmp_path: Path) -> None:
    activate_detector(app)
    author, visitor = window(), window()
    first, second = reviewer(window, app, "rev"), reviewer(window, app, "sec")

    # It is said.
    join(author, "kit")
    author.fill("#c-text", "You fool, you liar")
    author.click(".composer button[type=submit]")
    author.wait_for_url(re.compile(r"/@kit/\d+"))
    here = author.url

    # A visitor reports it; a detector has found it as well, and both are one case.
    receipt = report(visitor, here, scripts=True)
    first.goto("/desk/cases")
    assert "1 open" in first.inner_text("main")
    first.click("text=Take the next case")
    first.wait_for_url(re.compile(r"/desk/cases/\d+"))
    case = first.inner_text("main")
    for known in ("You fool, you liar", "fools", "It is libel, section 12."):
        assert known in case
    assert "noor@example.test" not in case

    # A reviewer decides, with reasons.
    first.select_option("#f-rule_code", "harassment-1")
    first.check("[name=step][value$=quarantine]")
    first.fill("#f-facts", "It calls her names.")
    first.click("text=Decide, then the next")
    first.wait_for_url("**/desk/cases")
    gone = visitor.goto(here)
    assert gone is not None
    assert gone.status == 404
    visitor.goto(receipt)
    assert "We have acted" in visitor.inner_text("main")

    # The author is told why, and contests it.
    author.goto("/alerts")
    author.click("text=The reasons, and how to contest it")
    author.wait_for_url(re.compile(r"/statements/\d+$"))
    statement = author.inner_text("main")
    for said in ("It calls her names.", "harassment-1", "Decided by a person", "In force"):
        assert said in statement
    author.fill("#f-text", "It was a line of a play.")
    author.click("main button[type=submit]")
    author.wait_for_selector("text=You have contested this decision")

    # Who decided cannot answer; somebody else does.
    first.goto("/desk/appeals")
    assert "took part" in first.inner_text("main")
    second.goto("/desk/appeals")
    second.click("main a[href*='/desk/appeals/']")
    second.wait_for_url(re.compile(r"/desk/appeals/\d+"))
    assert "It was a line of a play." in second.inner_text("main")
    second.check("#v-uphold")
    second.fill("#f-answer", "A play it was.")
    second.click("#answer button[type=submit]")
    second.wait_for_url("**/desk/appeals")

    # The post is back, and the author reads it.
    back = visitor.goto(here)
    assert back is not None
    assert back.status == 200
    author.reload()
    assert "Your appeal was right" in author.inner_text("main")
    visitor.goto("/log")
    log = visitor.inner_text("main")
    for told in ("harassment-1: quarantine", "the decision was reversed", "was undone"):
        assert told in log

    # And anybody can check it, from outside and without an account.
    proof = tmp_path / "statement.json"
    proof.write_text(json.dumps(proof_of(author, live)))
    state = str(tmp_path / "seen")
    verdict = verify(live, proof, state)
    assert (verdict.returncode, json.loads(verdict.stdout)["problems"]) == (0, []), verdict.stderr
    proof.write_text(proof.read_text().replace("calls her names", "calls her game"))
    forged = verify(live, proof, state)
    assert forged.returncode == 1
    assert json.loads(forged.stdout)["problems"]


def verify(live: Live, proof: Path, state: str) -> subprocess.CompletedProcess[str]:
    """What somebody elsewhere runs."""
    asked = ["log", "verify", live.url, "--statement", str(proof), "--state", state, "--json"]
    command = [sys.executable, "-m", "folkmoot", *asked]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=ENVIRON
    )
