from pathlib import Path

from folkmoot import wiring
from folkmoot.surfaces.mastodon.reference import write_reference

ROOT = Path(__file__).parents[2]


def test_the_reference_is_current() -> None:
    written = (ROOT / "docs" / "client-api.md").read_text()
    assert written == write_reference(wiring.operations()), "run scripts/write-client-api"
