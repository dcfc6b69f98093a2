"""The suites that toot and Mastodon.py carry in their source packages, against real servers.

They come as packages (scripts/fetch-suites) and are pointed at a free port by a copy of their
tests, in which alone the address differs. Whatever may fail stands here by name with its reason;
whatever else fails is a defect of ours.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.clients.live import free_port, run_folkmoot, serve

ROOT = Path(__file__).parents[2]
SUITES = ROOT / "var" / "suites"
THEIR_ADDRESS = "localhost:3000"

# Tests of toot's suite that cannot pass, and why.
TOOT_EXCEPTIONS = {
    "test_polls::test_vote_not_multiple": "expects Mastodon's sentence, which tells another error",
    "test_read::test_search_hashtag": "expects no posts: here the posts with the words are found",
}

# Mastodon.py marks with `vcr` the tests that speak to a server; these speak to another one, are
# about another one, or cannot be live.
NOT_OURS = {
    "test_admin::test_admin_domain_blocks": "blocks another server; none is spoken to yet",
    "test_instance::test_instance_domain_blocks": (
        "expects that blocked servers are a secret: here the list is public"
    ),
    "test_status::test_scheduled_status_long_part2": (
        "replays what came six minutes after the first part"
    ),
    "test_filters::test_filter_serverside": (
        "replays Mastodon 3: version 4 too leaves it to clients to hide what is filtered"
    ),
    "test_status::test_status_card": "waits for the preview card of http://example.org/",
    "test_timeline::test_timeline_disabled": "asks mastodon.social",
}
# Tests of Mastodon.py's suite that cannot pass, and why.
MASTODON_PY_EXCEPTIONS = {
    "test_account::test_account_update_credentials": (
        "expects the file name missing.png: here those who chose no picture have one drawn"
    ),
    "test_admin::test_admin_moderation": (
        "acts on a member without a word of why, which is refused as a silent action"
    ),
    "test_admin::test_admin_reports": (
        "resolves a report that it filed itself: here somebody else has to judge it"
    ),
    "test_admin::test_admin_ip_blocks": (
        "shuts a network out whole; here only sign-ups from one can be refused"
    ),
    "test_annual_reports::test_annual_reports": "not offered: nobody's year is recorded",
    "test_annual_reports::test_annual_report_state_and_generate": "not offered, as before",
    "test_annual_reports::test_annual_report_event": "not offered, as before",
    "test_create_app::test_app_account_create": (
        "signs up with an address at a host without a dot, which is refused as a slip"
    ),
    "test_errors::test_lang_for_errors": "errors are told in English alone",
    "test_reports::test_report": "reports itself, which is refused",
}
# Each group has a server of its own; they run side by side, since they mostly wait. What needs a
# state that another file leaves stands with it.
GROUPS: tuple[tuple[str, ...], ...] = (
    ("streaming", "streaming_websocket"),
    ("status", "polls", "quotes", "zzz_revoke"),
    ("media", "account", "auth", "lists", "admin"),
    ("notifications", "timeline"),
)
# Another server, or recordings.
LEFT_OUT = frozenset({"entities"})

pytestmark = [pytest.mark.clients, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "suites.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([ROOT / "scripts" / "fetch-suites"], check=True, env=_environ())


def _environ(**more: str) -> dict[str, str]:
    return {**os.environ, "VENV": os.environ.get("VENV") or sys.prefix, **more}


def _pointed(suite: str, folder: Path, port: int) -> Path:
    """A copy of a suite that asks a server of ours, and has no recordings to ask instead."""
    recordings = shutil.ignore_patterns("*.yaml", "*.pkl", "docs")
    shutil.copytree(SUITES / suite, folder, ignore=recordings)
    for file in (folder / "tests").rglob("*.py"):
        text = file.read_text()
        if THEIR_ADDRESS in text:
            file.write_text(text.replace(THEIR_ADDRESS, f"localhost:{port}"))
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def _run(folder: Path, *arguments: str, **environ: str) -> dict[str, str]:
    """Runs a suite; gives for each test `passed`, `skipped` or what failed."""
    report = folder / "report.xml"
    plugins = ("cacheprovider", "xdist", "schemathesis", "faker")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"),
            *(f"-pno:{name}" for name in plugins),
            *arguments,
        ],
        cwd=folder,
        env=_environ(**environ),
        check=False,
        timeout=280,
        capture_output=True,
        text=True,
    )
    assert report.exists(), ran.stdout + ran.stderr
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


def _count(found: dict[str, str], outcome: str) -> int:
    return sum(found_outcome.startswith(outcome) for found_outcome in found.values())


def test_toot(tmp_path: Path) -> None:
    port = free_port()
    with serve(tmp_path, f"sqlite:///{tmp_path / 'db'}", port=port, host="localhost") as live:
        folder = _pointed("toot-0.52.1", tmp_path / "suite", port)
        found = _run(folder, "tests/integration", TOOT_TEST_BASE_URL=live.url)
    assert _unexplained(found, TOOT_EXCEPTIONS) == {}
    assert _count(found, "passed") >= 112


def test_mastodon_py(tmp_path: Path) -> None:
    every = {
        file.stem.removeprefix("test_")
        for file in (SUITES / "mastodon_py-2.3.3" / "tests").glob("test_*.py")
    }
    rest = every - LEFT_OUT - {name for group in GROUPS for name in group}
    groups = [*GROUPS, sorted(rest)]
    folders = [tmp_path / str(at) for at in range(len(groups))]
    found: dict[str, str] = {}
    with ThreadPoolExecutor(len(groups)) as threads:
        for outcomes in threads.map(_run_mastodon_py, folders, groups):
            found |= outcomes
    assert _unexplained(found, MASTODON_PY_EXCEPTIONS) == {}
    passed = _count(found, "passed")
    assert passed >= 0.95 * (passed + _count(found, "failed"))
    assert passed >= 201


def _run_mastodon_py(folder: Path, group: Sequence[str]) -> dict[str, str]:
    folder.mkdir()
    port = free_port()
    with serve(folder, f"sqlite:///{folder / 'db'}", port=port, host="localhost") as live:
        run_folkmoot(live, "testing", "seed")
        suite = _pointed("mastodon_py-2.3.3", folder / "suite", port)
        # Some tests insist on an old recording, since newer versions of Mastodon do not offer
        # any more what they ask for. We do: here they are live, too.
        for file in (suite / "tests").glob("test_*.py"):
            file.write_text(file.read_text().replace("record_mode='none'", "record_mode='all'"))
        for name in ("", "_special", "_pre_4_0_0", "_pre_4_4_0"):
            (suite / "tests" / f"cassettes{name}").mkdir(exist_ok=True)
        return _run(
            suite,
            *("-m", "vcr", "--record-mode=all"),
            *(f"--deselect=tests/{name.replace('::', '.py::')}" for name in NOT_OURS),
            *(f"tests/test_{name}.py" for name in sorted(group)),
            PYTHONPATH=str(SUITES / "packages"),
        )
