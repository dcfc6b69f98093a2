"""Signed notes, checkpoints and cosignatures (c2sp.org/signed-note, tlog-checkpoint,
tlog-cosignature), with Ed25519. Whatever is not written exactly so is refused.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from folkmoot.kit.tlog.merkle import HASH_BYTES

ED25519 = 1
COSIGNATURE = 4
MAX_NOTE_BYTES = 200_000
_MAX_SIGNATURES = 64
_KEY_BYTES = 32
_TIMESTAMP_BYTES = 8
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_NAME = re.compile(r"[^\s+]+")


class NoteBroken(ValueError):
    """What was read is not written as the specification wants; the text says in which way."""


class KeyBroken(ValueError):
    """The text is not a verifier key."""


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """Strict: only the one way to write these bytes is taken. Raises NoteBroken."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise NoteBroken("something that should be base64 is not") from None
    if to_base64(raw) != text:
        raise NoteBroken("something that should be base64 is written in an unusual way")
    return raw


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with the name it signs under; `kind` is ED25519 or COSIGNATURE."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    @property
    def text(self) -> str:
        """As it is handed around: `name+hash+base64`."""
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def parse_vkey(text: str) -> VerifierKey:
    """A verifier key from its text. Raises KeyBroken."""
    name, _, rest = text.strip().partition("+")
    hashed, _, packed = rest.partition("+")
    try:
        raw = from_base64(packed)
    except NoteBroken as error:
        raise KeyBroken("a key has the form name+hash+base64") from error
    if not _NAME.fullmatch(name) or len(raw) != 1 + _KEY_BYTES:
        raise KeyBroken("a key has the form name+hash+base64, with 33 bytes in base64")
    if raw[0] not in (ED25519, COSIGNATURE):
        raise KeyBroken("only Ed25519 keys are understood")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.id.hex() != hashed:
        raise KeyBroken("the key's hash does not belong to it")
    return key


class Signer:
    """A private key with its name. `seed` is the 32 bytes of RFC 8032."""

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.vkey = VerifierKey(name, kind, raw)

    def sign(self, text: str) -> str:
        """A signature line under a note."""
        return self._line(self._private.sign(text.encode()))

    def cosign(self, text: str, *, at_s: int) -> str:
        """A cosignature line under a checkpoint, for a moment in seconds since the epoch."""
        signature = self._private.sign(_cosigned(text, at_s))
        return self._line(at_s.to_bytes(_TIMESTAMP_BYTES) + signature)

    def _line(self, raw: bytes) -> str:
        return Signature(self.vkey.name, self.vkey.id, raw).line


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


class Signature(msgspec.Struct, frozen=True):
    """A line below a note: whose, the key's id and what it signed."""

    name: str
    key_id: bytes
    raw: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.raw)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it claims to be a key's; whether it holds is another question."""
        return self.name == key.name and self.key_id == key.id


class Note(msgspec.Struct, frozen=True):
    """A text, its final newline included, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]


def parse_note(raw: bytes) -> Note:
    """A note from its bytes. Raises NoteBroken."""
    if len(raw) > MAX_NOTE_BYTES:
        raise NoteBroken("the note is too long")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteBroken("the note is not UTF-8") from None
    if _CONTROL.search(whole):
        raise NoteBroken("the note holds control characters")
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not below:
        raise NoteBroken("the note has no signatures")
    return Note(text + "\n", parse_signatures(below))


def parse_signatures(below: str) -> tuple[Signature, ...]:
    """The lines below a note, or a witness's answer. Raises NoteBroken."""
    if not below.endswith("\n"):
        raise NoteBroken("the last signature's line does not end")
    lines = below[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteBroken("the note has too many signatures")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: str) -> Signature:
    mark, _, rest = line.partition(" ")
    name, _, packed = rest.partition(" ")
    if mark != "—" or not _NAME.fullmatch(name):
        raise NoteBroken("a signature's line is malformed")
    raw = from_base64(packed)
    if len(raw) <= 4:
        raise NoteBroken("a signature is too short")
    return Signature(name, raw[:4], raw[4:])


class BadSignature(NoteBroken):
    """A known key's signature is wrong."""


def is_signed(note: Note, key: VerifierKey) -> bool:
    """Whether a key signed a note; signatures of other keys do not count. Raises BadSignature."""
    found = [each for each in note.signatures if each.is_by(key)]
    for each in found:
        _check(note, key, each)
    return bool(found)


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """The newest moment, in seconds, at which a witness cosigned; None when it did not.

    Raises BadSignature.
    """
    if not is_signed(note, key):
        return None
    found = (each for each in note.signatures if each.is_by(key))
    return max(int.from_bytes(each.raw[:_TIMESTAMP_BYTES]) for each in found)


def _check(note: Note, key: VerifierKey, signature: Signature) -> None:
    message, raw = note.text.encode(), signature.raw
    if key.kind == COSIGNATURE:
        message = _cosigned(note.text, int.from_bytes(raw[:_TIMESTAMP_BYTES]))
        raw = raw[_TIMESTAMP_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
    except (InvalidSignature, ValueError):
        raise BadSignature(f"the signature of {key.name} is wrong") from None


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log says of itself at a moment: how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The body of the note."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from a note's text; lines that extend it are left out. Raises NoteBroken."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteBroken("the note is no checkpoint")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise NoteBroken("the checkpoint's size is no number")
    raw = from_base64(root)
    if len(raw) != HASH_BYTES:
        raise NoteBroken("the checkpoint's root is no SHA-256 hash")
    return Checkpoint(origin, int(size), raw)


def write_note(text: str, lines: Sequence[str]) -> str:
    """A note from its text and the lines that sign it."""
    return text + "\n" + "".join(lines)
