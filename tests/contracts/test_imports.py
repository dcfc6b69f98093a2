"""The import contracts hold, and they notice when somebody breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources, to be spoilt."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "versions")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    source = tmp_path / "src/folkmoot"
    for package in ("surfaces/mastodon", "surfaces/web", "domain/accounts", "domain/posts"):
        (source / package).mkdir(exist_ok=True)
        (source / package / "__init__.py").touch()
    for module in ("model", "tables", "queries"):
        (source / f"domain/posts/{module}.py").touch()
    return tmp_path


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("kit/tomato.py", "import folkmoot.domain.accounts", "Each storey knows only those below"),
        ("tomato.py", "", "Each storey knows only those below"),
        ("domain/accounts/model.py", "import folkmoot.domain.posts", "Upper rooms call lower ones"),
        ("domain/cellar/__init__.py", "", "Upper rooms call lower ones"),
        ("domain/posts/helpers.py", "", "Inside a room"),
        ("domain/posts/model.py", "import folkmoot.domain.posts.queries", "Inside a room"),
        ("surfaces/web/a.py", "import sqlalchemy", "Surfaces hold no SQL"),
        ("surfaces/web/a.py", "import sqlite3", "Surfaces hold no SQL"),
        ("surfaces/web/a.py", "import folkmoot.domain.posts.tables", "Surfaces hold no SQL"),
        ("domain/posts/model.py", "import litestar", "Only surfaces and wiring know"),
        ("kit/tomato.py", "import litestar", "Only surfaces and wiring know"),
        ("surfaces/shared.py", "", "One surface does not know"),
        ("surfaces/web/a.py", "import folkmoot.surfaces.mastodon", "One surface does not know"),
    ],
)
def test_a_breach_is_noticed(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / "src/folkmoot" / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as out:
        out.write(f"\n{line}\n")
    broken = [text for text in lint(copy).stdout.splitlines() if text.endswith("BROKEN")]
    assert any(text.startswith(contract) for text in broken), broken
