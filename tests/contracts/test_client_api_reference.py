from pathlib import Path

from folkmoot import wiring
from folkmoot.surfaces.mastodon.openapi import describe, write_reference

ROOT = Path(__file__).parents[2]


def test_the_reference_is_current() -> None:
    written = (ROOT / "docs" / "client-api.md").read_text()
    assert written == write_reference(wiring.operations()), "run scripts/write-client-api"


def test_every_operation_is_described() -> None:
    operations = wiring.operations()
    paths = describe(operations, base_url="https://example.test")["paths"]
    assert sum(len(methods) for methods in paths.values()) == len(operations)
    for operation in operations:
        assert operation.summary, operation.path
