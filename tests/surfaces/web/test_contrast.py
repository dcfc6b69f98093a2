"""The colour tokens meet WCAG 2.2 AA: 4.5:1 for text, 3:1 for what marks controls and focus."""

from __future__ import annotations

import re

import pytest

from folkmoot.surfaces.web.assets import STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")

GROUNDS = ("ground", "sheet", "inset", "raised")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "moss", "danger") for ground in GROUNDS),
    *(("ink", f"{name}-wash") for name in ("moss", "ember", "heather", "danger", "warn", "info")),
    *((name, f"{name}-wash") for name in ("moss", "ember", "heather", "warn")),
    ("moss-deep", "sheet"), ("moss-deep", "moss-wash"), ("on-moss", "moss"),
    ("on-moss", "moss-deep"),
    ("on-danger", "danger"), ("ember", "sheet"), ("heather", "sheet"), ("sheet", "ember"),
    ("ink-soft", "warn-wash"), ("ink-soft", "danger-wash"), ("moss", "warn-wash"),
    ("ink-soft", "moss-wash"), ("danger", "danger-wash"), ("ink", "art-sky-high"),
    ("ink", "art-sky-low"), ("ink", "art-far"),
]  # fmt: skip
MARKS = [
    *((mark, ground) for mark in ("line-strong", "focus") for ground in GROUNDS),
    ("focus", "moss-wash"), ("focus", "warn-wash"), ("focus", "danger-wash"),
    ("info", "info-wash"), ("ember-bright", "sheet"), ("ember-bright", "ground"),
]  # fmt: skip


def block(start: str) -> dict[str, str]:
    """The tokens of the first block after `start`."""
    body = TOKENS[TOKENS.index(start) :].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


LIGHT = block(":root {")
DARK = block(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("light", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(light: dict[str, str], ink: str, ground: str) -> None:
    assert ratio(light[ink], light[ground]) >= 4.5


@pytest.mark.parametrize("light", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(light: dict[str, str], mark: str, ground: str) -> None:
    assert ratio(light[mark], light[ground]) >= 3


def test_both_ways_to_night_are_the_same() -> None:
    assert block(':root:not([data-theme="light"]) {') == DARK


def test_night_has_every_colour_of_the_day() -> None:
    assert DARK.keys() == LIGHT.keys()


def test_every_token_that_is_used_exists() -> None:
    known = set(re.findall(r"--([\w-]+):", TOKENS)) | {"focal-x", "focal-y"}
    for sheet in (STATIC / "css").glob("*.css"):
        used = set(re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8")))
        assert used <= known, f"{sheet.name}: {used - known}"
