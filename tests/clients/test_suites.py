"""The suite that toot carries in its source package, against a real server.

It comes as a package (scripts/fetch-suites).
Whatever may fail stands here by name with its reason; whatever else fails is a defect of ours.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.clients.live import serve

ROOT = Path(__file__).parents[2]
SUITES = ROOT / "var" / "suites"
PORT = 3000

# Tests of toot's suite that cannot pass, and why.
TOOT_EXCEPTIONS = {
    "test_polls::test_vote_not_multiple": "expects Mastodon's sentence, which tells another error",
    "test_read::test_search_hashtag": "expects no posts: here the posts with the words are found",
}

pytestmark = [pytest.mark.clients, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    subprocess.run([ROOT / "scripts" / "fetch-suites"], check=True, env=_environ())


def _environ(**more: str) -> dict[str, str]:
    return {**os.environ, "VENV": os.environ.get("VENV") or sys.prefix, **more}


def _run(folder: Path, report: Path, *arguments: str, **environ: str) -> dict[str, str]:
    """Runs a suite; gives for each test `passed`, `skipped` or what failed."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="),
            f"--junitxml={report}",
            *arguments,
        ],
        cwd=folder,
        env=_environ(**environ),
        check=False,
        timeout=900,
        capture_output=True,
    )
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{(case.get('classname') or '').rpartition('.')[2]}::{case.get('name')}"
        outcome = "passed"
        for child in case:
            if child.tag in ("failure", "error", "skipped"):
                kind = "skipped" if child.tag == "skipped" else "failed"
                outcome = f"{kind}: {(child.get('message') or '')[:200]}"
        found[name] = outcome
    return found


def _unexplained(found: dict[str, str], exceptions: dict[str, str]) -> dict[str, str]:
    return {
        name: outcome
        for name, outcome in found.items()
        if outcome.startswith("failed") and name not in exceptions
    }


def test_toot(tmp_path: Path) -> None:
    with serve(tmp_path, f"sqlite:///{tmp_path / 'db'}", port=PORT, host="localhost"):
        found = _run(
            SUITES / "toot-0.52.1",
            tmp_path / "report.xml",
            "tests/integration",
            TOOT_TEST_BASE_URL=f"http://localhost:{PORT}",
        )
    assert _unexplained(found, TOOT_EXCEPTIONS) == {}
    assert sum(outcome == "passed" for outcome in found.values()) >= 112
