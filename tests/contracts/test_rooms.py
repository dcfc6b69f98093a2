"""Every room keeps to the same file names, so that a reader knows where to look."""

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


def rooms() -> list[Path]:
    domain = SOURCE / "domain"
    if not domain.is_dir():
        return []
    return sorted(path for path in domain.iterdir() if path.is_dir() and path.name[0] not in "_.")


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_has_only_the_known_files(room: Path) -> None:
    found = {path.name for path in room.iterdir() if path.name != "__pycache__"}
    assert found <= ALLOWED, f"{room.name} holds {sorted(found - ALLOWED)}"
    assert "__init__.py" in found
