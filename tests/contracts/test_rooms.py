"""Every room keeps to the same file names, so that a reader knows where to look."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "folkmoot"
ALLOWED = {
    "__init__.py",
    "model.py",
    "tables.py",
    "events.py",
    "queries.py",
    "actions.py",
    "reactions.py",
    "jobs.py",
}


ROOMS = sorted({path.parent for path in (SOURCE / "domain").glob("*/*.py")})


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_only_the_known_files(room: Path) -> None:
    found = {path.name for path in room.iterdir() if path.name != "__pycache__"}
    assert found <= ALLOWED, f"{room.name} holds {sorted(found - ALLOWED)}"
    assert "__init__.py" in found


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_opens_with_what_it_owns_and_nothing_else(room: Path) -> None:
    tree = ast.parse((room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{room.name} does not say what it owns"
    assert len(tree.body) == 1, f"{room.name}/__init__.py holds more than its docstring"


@pytest.mark.parametrize(
    "file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE))
)
def test_a_module_introduces_itself_in_at_most_five_lines(file: Path) -> None:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if docstring is not None:
        assert len(docstring.splitlines()) <= 5
