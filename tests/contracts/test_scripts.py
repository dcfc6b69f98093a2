"""The scripts that make calls: they parse, and the totals of a run are told honestly."""

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SHELL = [
    path
    for path in [*(ROOT / "scripts").iterdir(), *(ROOT / ".ci").iterdir()]
    if path.is_file() and path.read_bytes().startswith((b"#!/bin/sh", b"#!/usr/bin/env bash"))
]
REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.fixture(scope="module")
def run_tests() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tests", ROOT / "scripts/run_tests.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("script", SHELL, ids=lambda script: script.name)
def test_a_script_parses_and_may_be_run(script: Path) -> None:
    shell = "bash" if b"bash" in script.read_bytes().splitlines()[0] else "sh"
    subprocess.run([shell, "-n", script], check=True)
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize(
    ("counts", "code", "expected"),
    [
        ((10, 0, 0, 0), 0, (10, 0, 0)),
        ((10, 1, 2, 3), 1, (4, 3, 3)),
        ((10, 0, 0, 0), 3, (10, 1, 0)),
        ((10, 0, 0, 0), 1, (10, 1, 0)),
        (None, 4, (0, 1, 0)),
        (None, 5, (0, 1, 0)),
    ],
)
def test_totals_count_a_broken_run_as_a_failure(
    run_tests: ModuleType,
    tmp_path: Path,
    counts: tuple[int, ...] | None,
    code: int,
    expected: tuple[int, ...],
) -> None:
    report = tmp_path / "report.xml"
    if counts:
        report.write_text(REPORT.format(*counts))
    totals = run_tests._totals(report, code)
    assert (totals["passed"], totals["failed"], totals["skipped"]) == expected
