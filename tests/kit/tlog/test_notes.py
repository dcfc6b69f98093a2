"""Notes, keys and cosignatures against the examples of the specifications."""

import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.tlog.merkle import EMPTY_ROOT
from folkmoot.kit.tlog.notes import (
    COSIGNATURE,
    BadSignature,
    Checkpoint,
    KeyBroken,
    NoteBroken,
    Signer,
    cosigned_at,
    is_signed,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    to_base64,
    write_note,
)
from folkmoot.kit.tlog.texts import parse_proof, parse_request, write_proof, write_request
from folkmoot.kit.tlog.tiles import (
    BundleBroken,
    Tile,
    pack_entries,
    parse_path,
    unpack_entries,
)

# c2sp.org/signed-note, "Example".
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuw"
    "HjG1Yu72IneyaQM=\n"
)
# c2sp.org/tlog-checkpoint and tlog-cosignature.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_note_is_signed_by_the_example_key() -> None:
    key = parse_vkey(VKEY)
    assert key.text == VKEY
    assert is_signed(parse_note(NOTE.encode()), key)


def test_every_changed_byte_of_a_note_is_found() -> None:
    key = parse_vkey(VKEY)
    for at in range(len(raw := NOTE.encode())):
        for flip in (1, 0x20, 0x80):
            changed = raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :]
            with contextlib.suppress(NoteBroken):
                assert not is_signed(parse_note(changed), key)


def test_the_example_checkpoint() -> None:
    found = parse_checkpoint(CHECKPOINT)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert found.text == CHECKPOINT
    assert parse_checkpoint(CHECKPOINT + "extension\n") == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\n" + to_base64(EMPTY_ROOT) + "\n",
        "a\n-1\n" + to_base64(EMPTY_ROOT) + "\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + to_base64(EMPTY_ROOT),
        "\n1\n" + to_base64(EMPTY_ROOT) + "\n",
        "a\n١\n" + to_base64(EMPTY_ROOT) + "\n",
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteBroken):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        VKEY + "A",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/fox"),
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(KeyBroken):
        parse_vkey(text)


def test_cosignatures_carry_their_moment() -> None:
    log, witness = Signer("a", os.urandom(32)), Signer("w", os.urandom(32), COSIGNATURE)
    text = Checkpoint("a", 0, EMPTY_ROOT).text
    lines = [log.sign(text), witness.cosign(text, at_s=1_679_315_147)]
    note = parse_note(write_note(text, lines).encode())
    assert is_signed(note, log.vkey)
    assert cosigned_at(note, witness.vkey) == 1_679_315_147
    assert cosigned_at(note, Signer("w", os.urandom(32), COSIGNATURE).vkey) is None
    assert parse_vkey(witness.vkey.text) == witness.vkey
    assert witness.vkey.text.split("+")[2].startswith("B")
    other = Signer("w2", os.urandom(32), COSIGNATURE).cosign(text + "x", at_s=1)
    assert cosigned_at(parse_note(write_note(text, [other]).encode()), witness.vkey) is None


def test_a_cosignature_of_another_text_is_wrong() -> None:
    witness = Signer("w", os.urandom(32), COSIGNATURE)
    text = Checkpoint("a", 0, EMPTY_ROOT).text
    line = witness.cosign(text.replace("a", "b"), at_s=5)
    with pytest.raises(BadSignature, match="w is wrong"):
        cosigned_at(parse_note(write_note(text, [line]).encode()), witness.vkey)


@given(st.binary(max_size=300))
def test_bytes_are_a_note_or_refused(raw: bytes) -> None:
    for read in (parse_note, parse_request):
        with contextlib.suppress(NoteBroken):
            assert read(raw)


def test_proofs_and_requests_as_text() -> None:
    hashes = (EMPTY_ROOT, bytes(32))
    proof = parse_proof(write_proof(7, hashes, NOTE))
    assert (proof.index, proof.hashes, proof.checkpoint) == (7, hashes, NOTE)
    extra = write_proof(7, hashes, NOTE).replace("index", "extra AAAA\nindex", 1)
    assert parse_proof(extra) == proof
    request = parse_request(write_request(0, (), NOTE))
    assert (request.old, request.proof, request.checkpoint) == (0, (), NOTE)
    for broken in ("old 01", "old x", "new 1", "old 1\nAAAA", "old 1\nnot base64"):
        with pytest.raises(NoteBroken):
            parse_request(f"{broken}\n\n{NOTE}".encode())
    with pytest.raises(NoteBroken, match="too many"):
        parse_request(write_request(1, (EMPTY_ROOT,) * 64, NOTE))


@pytest.mark.parametrize(
    ("path", "tile"),
    [
        ("0/000", Tile(0, 0)),
        ("0/x001/x234/067", Tile(0, 1_234_067)),
        ("63/999.p/1", Tile(63, 999, 1)),
        ("entries/x001/000.p/255", Tile(-1, 1_000, 255)),
    ],
)
def test_paths_of_tiles(path: str, tile: Tile) -> None:
    assert parse_path(path) == tile
    assert tile.path == f"tile/{path}"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/0",
        "00/000",
        "64/000",
        "-1/000",
        "0/001/000",
        "0/x000/001",
        "0/x001/x02/003",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p/-1",
        "0/000/",
        "0/000\n",
        "0/٠٠٠",
        "entries/../secret",
        "0/" + "x001/" * 9 + "000",
    ],
)
def test_what_is_no_path(path: str) -> None:
    assert parse_path(path) is None


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_bundles(entries: list[bytes]) -> None:
    packed = pack_entries(entries)
    assert unpack_entries(packed) == entries
    for cut in range(len(packed)):
        with contextlib.suppress(BundleBroken):
            assert unpack_entries(packed[:cut]) == entries[: len(unpack_entries(packed[:cut]))]
