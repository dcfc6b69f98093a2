"""Detectors and matching lists by commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from cli.test_operators import run as run  # noqa: PLC0414 - the fixture
from domain.detection.detectors import detector_file
from folkmoot.domain.detection.model import State
from folkmoot.domain.detection.queries import get_detector
from folkmoot.kit.db import Database

Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "zebra.toml"
    made.write_text(detector_file(), encoding="utf-8")
    return made


def test_what_ships_can_be_printed_and_is_sound(run: Run, tmp_path: Path) -> None:
    listed = run("detector", "shipped").output.splitlines()
    assert len(listed) == 4
    for line in listed:
        name = line.partition("\t")[0]
        copy = tmp_path / f"{name}.toml"
        copy.write_text(run("detector", "shipped", name).output, encoding="utf-8")
        assert "sound" in run("detector", "check", str(copy)).output
        assert run("detector", "save", str(copy), "--note", "try it").exit_code == 0
    assert run("detector", "shipped", "none-such").exit_code == 1
    assert run("detector", "list").output.count("\tdraft\t") == 4


def test_problems_are_told_at_their_place(run: Run, file: Path) -> None:
    file.write_text(detector_file(condition="found.w && size(text.body) > 3"), encoding="utf-8")
    for words in (("check",), ("save", "--note", "x")):
        result = run("detector", words[0], str(file), *words[1:])
        assert result.exit_code == 2
        assert f"{file}:6:27: size() of a text counts bytes" in result.output


def test_texts_are_tried_out(run: Run, file: Path) -> None:
    assert run("detector", "try", str(file), "two zebras").exit_code == 1
    assert run("detector", "try", str(file), "two horses").exit_code == 0


def test_a_detector_is_led_to_shadow_by_commands(
    run: Run, db: Database, ada: Any, file: Path, run_jobs: Callable[[], None], tmp_path: Path
) -> None:
    post = ada.post("/api/v1/statuses", status="a zebra\nin the street").json()["id"]
    assert "version 1" in run("detector", "save", str(file), "--note", "new").output
    assert run("detector", "sample", "zebra-words").exit_code == 1
    assert run("detector", "shadow", "zebra-words", "--note", "x").exit_code == 1
    assert run("detector", "backtest", "zebra-words").exit_code == 0
    run_jobs()
    assert run("detector", "sample", "zebra-words").output == f"{post}\t?\ta zebra in the street\n"
    assert run("detector", "label", "zebra-words", post, "breaks").exit_code == 0
    shown = run("detector", "show", "zebra-words").output
    assert "finished: 1 of 1 found" in shown
    assert "Of 1 labelled, 100% break the rule: surely between 21% and 100%." in shown
    assert run("detector", "shadow", "zebra-words", "--note", "x").exit_code == 0
    result = run("detector", "activate", "zebra-words", "--note", "x")
    assert (result.exit_code, "has to run in shadow until" in result.output) == (1, True)
    assert db.read_now(get_detector, "zebra-words").state == State.SHADOW
    file.write_text(detector_file().replace('"zebras"', '"zebra foal"'), encoding="utf-8")
    assert "version 2" in run("detector", "save", str(file), "--note", "foals").output
    difference = run("detector", "diff", "zebra-words", "1", "2").output
    assert '-w = ["zebra", "zebras"]\n+w = ["zebra", "zebra foal"]' in difference
    assert run("detector", "diff", "zebra-words", "1", "3").exit_code == 1
    exported = run("detector", "export", "zebra-words", str(tmp_path / "out")).output.strip()
    assert Path(exported).read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
    assert run("detector", "retire", "zebra-words", "--note", "enough").exit_code == 0
    assert "retired\tenough" in run("detector", "show", "zebra-words").output


def test_lists_are_imported_with_consent_and_undone(run: Run, tmp_path: Path) -> None:
    assert (
        run("matchlist", "create", "phishing", "domains", "--description", "Theft.").exit_code == 0
    )
    file = tmp_path / "list.txt"
    file.write_text("evil.example # steals\ngood.example\nnonsense\n", encoding="utf-8")
    words = ("matchlist", "import", "phishing", str(file), "--source", "us")
    asked = run(*words)
    assert asked.exit_code == 1
    assert "2 new, 0 taken off" in asked.output
    assert "line 3: nonsense cannot be looked for: it is no domain" in asked.output
    assert "0 entries" in run("matchlist", "list").output
    undo = run(*words, "--yes").output.splitlines()[-1].partition("folkmoot ")[2].split()
    assert "2 entries" in run("matchlist", "list").output
    allowed = run("matchlist", "allow", "phishing", "good.example", "--reason", "our library")
    assert allowed.exit_code == 0
    assert "1 entries" in run("matchlist", "list").output
    assert run(*undo).exit_code == 0
    assert "0 entries" in run("matchlist", "list").output
    history = run("matchlist", "changes", "phishing").output
    assert [line.split("\t")[2] for line in history.splitlines()] == ["undo", "allow", "import"]
    assert run("matchlist", "disallow", "phishing", "good.example").exit_code == 0


def test_lists_of_pictures_are_made_and_imported(run: Run, tmp_path: Path) -> None:
    assert run("matchlist", "create", "known", "media", "--description", "Ours.").exit_code == 0
    file = tmp_path / "list.csv"
    file.write_text(f"pdq,reason\n{'0F' * 32},seen twice\nnonsense,\n", encoding="utf-8")
    words = ("--format", "csv", "--source", "us", "--yes")
    done = run("matchlist", "import", "known", str(file), *words)
    assert f"+ {'0f' * 32}" in done.output
    assert "line 3: nonsense cannot be looked for: a picture's hash has 64" in done.output
    assert "known\tmedia\t1 entries\tOurs." in run("matchlist", "list").output
