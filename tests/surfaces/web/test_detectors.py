"""Detectors on the web: what everybody reads, and the desk."""

from __future__ import annotations

from typing import Any

import pytest

from domain.detection.detectors import Life, detector_file
from folkmoot.domain.auth.model import Role
from folkmoot.domain.detection import queries
from folkmoot.domain.detection.model import State
from folkmoot.kit.db import Database

DESK = "/desk/detectors"


@pytest.fixture
def life(db: Database, run_jobs: Any, monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(db, run_jobs, monkeypatch)


def test_everybody_reads_what_is_looked_for(life: Life, visitor: Any) -> None:
    assert "No detector is in force" in visitor.get("/detectors").text
    life.save(detector_file(name="draft-words").replace("A detector of the tests", "Still a draft"))
    life.activate(detector_file())
    page = visitor.get("/detectors")
    assert page.status_code == 200
    assert "Looks for what the tests write" in page.text
    assert "A person looks at what is found." in page.text
    assert "Still a draft" not in page.text
    assert "found.w" not in page.text


def test_the_desk_is_for_the_team(life: Life, at_home: Any, staff: Any, visitor: Any) -> None:
    life.save(detector_file())
    assert visitor.get(DESK).status_code == 303
    ada = at_home("ada")
    for path in (DESK, f"{DESK}/new", f"{DESK}/zebra-words"):
        assert ada.open(path).status_code == 403, path
    wren = staff("wren", Role.REVIEWER)
    for path in (DESK, f"{DESK}/new", f"{DESK}/zebra-words"):
        assert wren.open(path).status_code == 200, path
    assert wren.open(f"{DESK}/none-such").status_code == 404


def test_a_file_is_checked_tried_and_saved(life: Life, staff: Any, db: Database) -> None:
    wren = staff("wren", Role.REVIEWER)
    wren.open(f"{DESK}/new")
    wrong = detector_file(condition="found.w && size(text.body) > 3")
    page = wren.press(f"{DESK}/new/save", f"{DESK}/new/check", source=wrong, text="", note="")
    assert "Line 6, column 27:" in page.text
    assert "<mark>size(text.body) &gt; 3" in page.text
    page = wren.press(
        f"{DESK}/new/save",
        f"{DESK}/new/check",
        source=detector_file(),
        text="two ZEBRAS",
        note="",
    )
    assert "all 2 tests come out" in page.text
    assert "The text is found." in page.text
    page = wren.press(
        f"{DESK}/new/save",
        f"{DESK}/new/check",
        source=detector_file(),
        text="a horse",
        note="",
    )
    assert "The text is left alone." in page.text
    assert db.read_now(queries.list_detectors) == []
    page = wren.submit(f"{DESK}/new/save", source=wrong, note="new", text="")
    assert (page.status_code, "Line 6, column 27:" in page.text) == (422, True)
    page = wren.submit(f"{DESK}/new/save", source=detector_file(), note="", text="")
    assert "Say in at most 500 characters why" in page.text
    page = wren.submit(f"{DESK}/new/save", source=detector_file(), note="new", text="")
    assert page.url.path == f"{DESK}/zebra-words"
    assert "Saved as a draft" in page.text


def test_what_ships_can_be_taken_up(staff: Any) -> None:
    wren = staff("wren", Role.REVIEWER)
    page = wren.open(DESK)
    assert "private-numbers" in page.text
    page = wren.open(f"{DESK}/new?from=private-numbers")
    assert "identity_card" in page.text


def test_its_life_is_led_at_the_desk(
    life: Life, staff: Any, ada: Any, db: Database, run_jobs: Any
) -> None:
    """Reviewers write, test and label; administrators put in force."""
    ada.post("/api/v1/statuses", status="a zebra in the street")
    ada.post("/api/v1/statuses", status="a hidden zebra", visibility="private")
    life.save(detector_file())
    life.wait(10)
    wren, tomas = staff("wren", Role.REVIEWER), staff("tomas", Role.ADMINISTRATOR)
    here = f"{DESK}/zebra-words"
    wren.open(here)
    wren.submit(f"{here}/backtest", note="")
    run_jobs()
    page = wren.open(here)
    assert "a zebra in the street" in page.text
    assert "hidden zebra" not in page.text
    page = wren.submit(f"{here}/label", verdict="breaks")
    assert "100 % break the rule" in page.text
    assert "surely between 21 and 100 %" in page.text
    refused = wren.press(f"{here}/backtest", f"{here}/shadow", note="go")
    assert "your role does not include it" in refused.text
    tomas.open(here)
    page = tomas.press(f"{here}/backtest", f"{here}/activate", note="go")
    assert "has not run in shadow" in page.text
    page = tomas.press(f"{here}/backtest", f"{here}/shadow", note="looks right")
    assert "looks right" in page.text
    assert life.get().state == State.SHADOW
    assert "by @tomas" in page.text


def test_versions_are_compared(life: Life, staff: Any) -> None:
    life.save(detector_file())
    life.save(detector_file().replace('"zebras"', '"zebra foal"'))
    wren = staff("wren", Role.REVIEWER)
    page = wren.open(f"{DESK}/zebra-words/versions/2")
    assert "<del>- w = [&#34;zebra&#34;, &#34;zebras&#34;]</del>" in page.text
    assert "<ins>+ w = [&#34;zebra&#34;, &#34;zebra foal&#34;]</ins>" in page.text
    assert wren.open(f"{DESK}/zebra-words/versions/1").text.count("<ins>") > 10
    for number in ("3", "0", "x"):
        assert wren.open(f"{DESK}/zebra-words/versions/{number}").status_code == 404
