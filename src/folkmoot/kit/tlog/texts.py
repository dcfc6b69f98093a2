"""Proofs and requests to witnesses as text (c2sp.org/tlog-proof and tlog-witness)."""

import re
from collections.abc import Sequence

import msgspec

from folkmoot.kit.tlog.merkle import HASH_BYTES
from folkmoot.kit.tlog.notes import NoteBroken, from_base64, to_base64

MAX_PROOF_LINES = 63
MAX_REQUEST_BYTES = 64 * 1024
_PROOF_HEAD = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)


class ProofText(msgspec.Struct, frozen=True):
    """An inclusion proof: which leaf, the hashes beside its way to the root, the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def write_proof(index: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """The text of a proof; `checkpoint` is the whole signed note."""
    lines = [_PROOF_HEAD, f"index {index}", *map(to_base64, hashes)]
    return "\n".join(lines) + "\n\n" + checkpoint


def parse_proof(text: str) -> ProofText:
    """A proof from its text; extra data is left out. Raises NoteBroken."""
    head, _, rest = text.partition("\n")
    if head != _PROOF_HEAD:
        raise NoteBroken("the text is no proof of c2sp.org/tlog-proof@v1")
    if rest.startswith("extra "):
        rest = rest.partition("\n")[2]
    index, hashes, checkpoint = _split(rest, "index")
    return ProofText(index, hashes, checkpoint)


class WitnessRequest(msgspec.Struct, frozen=True):
    """A new checkpoint for a witness, with the proof from the size it knows."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str


def write_request(old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """The body of `add-checkpoint`."""
    lines = [f"old {old}", *map(to_base64, proof)]
    return ("\n".join(lines) + "\n\n" + checkpoint).encode()


def parse_request(body: bytes) -> WitnessRequest:
    """What was sent to `add-checkpoint`. Raises NoteBroken."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteBroken("the request is not UTF-8") from None
    return WitnessRequest(*_split(text, "old"))


def _split(text: str, word: str) -> tuple[int, tuple[bytes, ...], str]:
    """A numbered line, hashes in lines, an empty line, and the rest."""
    above, gap, below = text.partition("\n\n")
    first, *lines = above.split("\n")
    name, _, number = first.partition(" ")
    if not gap or name != word or not _NUMBER.fullmatch(number):
        raise NoteBroken(f"the line “{word}” and its number are missing")
    if len(lines) > MAX_PROOF_LINES:
        raise NoteBroken("the proof has too many lines")
    hashes = tuple(from_base64(line) for line in lines)
    if any(len(each) != HASH_BYTES for each in hashes):
        raise NoteBroken("a line of the proof is no SHA-256 hash")
    return int(number), hashes, below
