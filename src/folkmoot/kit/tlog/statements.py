"""What somebody holds in their hand to prove that an entry is in a log, and that what it commits
to is what they were told; and the check of it, which needs nothing but the log's key.
"""

from hashlib import sha256
from typing import Any

import msgspec

from folkmoot.kit.tlog.merkle import hash_leaf, root_by_inclusion
from folkmoot.kit.tlog.notes import (
    Checkpoint,
    NoteBroken,
    VerifierKey,
    from_base64,
    is_signed,
    parse_checkpoint,
    parse_note,
)


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The proof of an entry: the leaf's exact text, the inclusion proof (hashes in base64, RFC
    6962) and the signed checkpoint it leads to. With `salt` (hexadecimal) and `private` (exact
    text) it also opens the leaf's commitment.
    """

    log: str
    key: str
    index: int
    leaf: str
    hashes: list[str]
    checkpoint: str
    salt: str | None = None
    private: str | None = None


class StatementBroken(ValueError):
    """The statement proves nothing; the text says why."""


def commit(salt: bytes, private: bytes) -> str:
    """A leaf's commitment to something private. Salts are all of one length, 32 bytes."""
    return sha256(salt + private).hexdigest()


def check_statement(statement: Statement, key: VerifierKey) -> Checkpoint:
    """The checkpoint by which a statement holds. Raises StatementBroken."""
    try:
        note = parse_note(statement.checkpoint.encode())
        checkpoint = parse_checkpoint(note.text)
        hashes = [from_base64(each) for each in statement.hashes]
        if not is_signed(note, key):
            raise StatementBroken("its checkpoint is not signed by the log's key")
    except NoteBroken as error:
        raise StatementBroken(f"its checkpoint or proof is damaged: {error}") from error
    leaf = statement.leaf.encode()
    root = root_by_inclusion(hash_leaf(leaf), statement.index, checkpoint.size, hashes)
    if root != checkpoint.root:
        raise StatementBroken(f"its proof does not lead to the signed tree of {checkpoint.size}")
    if statement.salt is not None and statement.private is not None:
        _check_opening(leaf, statement.salt, statement.private)
    return checkpoint


def _check_opening(leaf: bytes, salt: str, private: str) -> None:
    try:
        content: Any = msgspec.json.decode(leaf)
        opened = commit(bytes.fromhex(salt), private.encode())
    except ValueError as error:
        raise StatementBroken("its leaf or salt cannot be read") from error
    if not isinstance(content, dict) or content.get("commitment") != opened:
        raise StatementBroken("what it says in private is not what the leaf commits to")
