"""A long list is read item by item, and what is broken is said to be."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.kit import json_items
from folkmoot.kit.json_items import JsonBroken, iter_items

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('aé林"\\[]{}, ', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


class Drops(io.BytesIO):
    """Gives three bytes at a time, whatever is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(3)


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, max_size=6), VALUES)
def test_the_items_are_those_of_the_document(items: list[Any], other: Any) -> None:
    text = json.dumps({"before": other, "list": items, "after": other}, ensure_ascii=False)
    assert list(iter_items(Drops(text.encode()), "list")) == items


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"{", b"{}", b'{"list"', b'{"list":[', b'{"list":[1 2]}', b'{"list":[1,'),
        *(b'{"list":{}}', b"\xff\xfe", b'{"list":["\xff"]}', b'{"other":[1]}'),
        b'{"list":[' + b"[" * 100_000,
        b'{"list":["' + b"a" * 3_000_000,
    ],
)
def test_what_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(JsonBroken):
        list(iter_items(io.BytesIO(data), "list"))


def test_memory_is_bounded_by_an_item(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    text = b'{"list":[' + b",".join(b'{"n":"%s"}' % (b"x" * 1000) for _ in range(2000)) + b"]}"
    real = json_items._Text._more

    def more(self: Any) -> None:
        real(self)
        seen.append(len(self._text))

    monkeypatch.setattr(json_items._Text, "_more", more)
    assert sum(1 for _ in iter_items(io.BytesIO(text), "list")) == 2000
    assert max(seen) < 70_000
