"""What is committed names no package registry, no mirror and no folder of somebody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).relative_to(ROOT)
BINARY = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".woff2", ".mp4", ".mp3"}

REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(org|com)|npmmirror|yarnpkg\.com"
    r"|deb\.debian\.org|archive\.ubuntu\.com|proxy\.golang\.org"
)
MACHINE = re.compile(r"(?<![\w.~$})/-])/(work|root|opt|Users|workspace|home/\w+)/\w|bash_jobs")
# Only where packages come from: elsewhere addresses are examples and tests of guards.
ADDRESSES = re.compile(r"(https?|file)://(?!127\.0\.0\.1\b)(\d{1,3}(\.\d{1,3}){3}|/)")
SOURCES = ("requirements", "pyproject", "package", "Makefile", ".npmrc")


def committed() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [Path(name) for name in names.split("\0") if name]
    return [file for file in files if file.suffix not in BINARY and (ROOT / file).is_file()]


@pytest.fixture(scope="module")
def lines() -> list[tuple[Path, int, str]]:
    return [
        (file, number, line)
        for file in committed()
        if file != HERE
        for number, line in enumerate(
            (ROOT / file).read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
    ]


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE], ids=["registry", "machine"])
def test_no_line_names_a(pattern: re.Pattern[str], lines: list[tuple[Path, int, str]]) -> None:
    found = [f"{file}:{number}: {line}" for file, number, line in lines if pattern.search(line)]
    assert not found, "\n".join(found)


def test_packages_come_from_no_particular_place(lines: list[tuple[Path, int, str]]) -> None:
    found = [
        f"{file}:{number}: {line}"
        for file, number, line in lines
        if file.name.startswith(SOURCES) or file.parts[0] in ("scripts", ".ci")
        if ADDRESSES.search(line) or "index-url" in line.replace("--no-emit-index-url", "")
    ]
    assert not found, "\n".join(found)


def test_locks_hold_every_package_by_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        packages = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert packages
        assert all(" \\" in line for line in packages), name
        assert text.count("--hash=sha256:") >= len(packages)
        assert "#" not in text
