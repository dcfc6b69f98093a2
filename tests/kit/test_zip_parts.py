"""Parts laid one after another are a zip file like any other."""

import io
import zipfile

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.kit.zip_parts import Entry, Part

NAMES = st.text("abcé/林.", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(NAMES, st.binary(max_size=400), max_size=4), min_size=1))
def test_parts_make_one_file(parts: list[dict[str, bytes]]) -> None:
    whole, entries, expected = b"", b"[]", {}
    for number, files in enumerate(parts):
        file = io.BytesIO()
        part = Part(file, len(whole)).__enter__()
        for name, data in files.items():
            unique = f"{number}/{name}"
            method = zipfile.ZIP_STORED if len(data) % 2 else zipfile.ZIP_DEFLATED
            with part.open(unique, method=method) as entry:
                entry.write(data)
            expected[unique] = data
        known = msgspec.json.decode(entries, type=list[Entry])
        if number == len(parts) - 1:
            part.end_file(known)
        else:
            entries = msgspec.json.encode(known + part.end())
        whole += file.getvalue()
    with zipfile.ZipFile(io.BytesIO(whole)) as made:
        assert made.testzip() is None
        assert {info.filename: made.read(info) for info in made.infolist()} == expected
