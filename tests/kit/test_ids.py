import pytest

from folkmoot.kit.ids import MAX_ID, parse_id


def test_ids_are_read() -> None:
    assert parse_id("42") == 42
    assert parse_id(str(MAX_ID)) == MAX_ID


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "１", "²", str(MAX_ID + 1), "9" * 5_000])
def test_what_is_no_id_belongs_to_nothing(text: str) -> None:
    assert parse_id(text) == 0
