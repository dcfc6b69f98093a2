"""The documents keep step with the code."""

import re
from pathlib import Path

import pytest

from folkmoot.kit import settings_reference

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/folkmoot"
KINDS = {"feature", "change", "fix", "security", "removal"}
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def packages() -> list[str]:
    found = (path.parent.relative_to(SOURCE) for path in SOURCE.rglob("__init__.py"))
    return sorted(str(path) for path in found if path != Path())


@pytest.mark.parametrize("package", packages())
def test_the_map_has_a_line_for_each_package(package: str) -> None:
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert any(f"`{package}`" in line.split("|")[1] for line in lines), f"{package} is on no map"


def test_the_map_shows_no_place_that_is_gone() -> None:
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    for place in re.findall(r"`((?:domain|surfaces|kit|cli)/[\w/]+(?:\.py)?)`", text):
        assert (SOURCE / place).exists(), place


def test_the_reference_of_settings_is_current() -> None:
    document = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert settings_reference.replaced(document) == document, (
        "run: scripts/folkmoot settings reference --write docs/operating.md"
    )


def test_links_between_documents_lead_somewhere() -> None:
    documents = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "changes").glob("*.md"),
    ]
    for document in documents:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_change_fragments_are_named_by_their_kind() -> None:
    for fragment in (ROOT / "changes").iterdir():
        if fragment.name != "README.md":
            assert re.fullmatch(r"\+[a-z0-9-]+\.([a-z]+)\.md", fragment.name), fragment.name
            assert fragment.name.split(".")[1] in KINDS
            assert fragment.read_text(encoding="utf-8").strip()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
