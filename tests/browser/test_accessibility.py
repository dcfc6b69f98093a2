"""axe-core over the pages that matter most, in light and in dark, with everything opened.

The pages are the samples, so that words of every length and script are among them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.test_web import CHROMIUM, chromium
from folkmoot.surfaces.web.rendering import render
from surfaces.web.preview import HOST, answer
from surfaces.web.samples import pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]

AXE = Path(__file__).parents[1] / "clients/node/node_modules/axe-core/axe.min.js"
NAMES = (
    *("front", "home", "alerts", "filtered", "thread_member", "profile", "profile_apart"),
    *("followers", "search", "about", "sign_up_errors", "sign_in", "factor_totp", "consent"),
    *("settings_profile", "settings_security", "settings_filter", "settings_blocks", "part_mute"),
    *("list_settings", "compose", "scheduled", "messages", "desk_sign_ups", "history"),
    *("settings_invitations", "settings_sign_ins", "error_404"),
    *("desk", "desk_cases_mine", "desk_case", "desk_case_wrong", "desk_case_preview"),
    *("desk_case_kept", "desk_case_proposed", "desk_alike", "desk_proposals", "desk_appeals"),
    *("desk_appeal", "desk_decisions"),
    *("report", "report_why", "report_words", "receipt_new", "receipt", "statement"),
    *("suspended", "settings_decisions", "settings_reports"),
)
# Where a menu or a description of a picture is open, it lies over what is below, whose contrast
# axe cannot know then: menus stay closed, everything else is opened.
OPEN = """
for (const each of document.querySelectorAll("main details:not(.menu, .alt)")) each.open = true
"""
RUN = """
(rules) => axe.run(document, { resultTypes: ["violations"], ...rules }).then(({ violations }) =>
  violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))]))
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: scripts/setup-tests"),
]


# What differs in the dark is colour alone.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize(("light", "rules"), [("light", {}), ("dark", COLOURS)])
def test_axe_finds_nothing(chromium: Browser, light: str, rules: dict[str, object]) -> None:
    samples = pages()
    html = {name: render(samples[name]) for name in NAMES}
    context = chromium.new_context(
        color_scheme=light, reduced_motion="reduce", viewport={"width": 1000, "height": 900}
    )
    context.route("**/*", lambda route: answer(route, html))
    tab = context.new_page()
    found = {}
    for name in NAMES:
        tab.goto(f"{HOST}/page/{name}")
        tab.evaluate(OPEN)
        tab.evaluate(AXE.read_text())
        if complaints := tab.evaluate(RUN, rules):
            found[name] = complaints
    context.close()
    assert found == {}
