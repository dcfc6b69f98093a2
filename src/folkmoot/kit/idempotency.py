"""Remembers what a caller's key has made, so that a repeated request makes nothing twice.

The key is claimed in the transaction that makes the thing: of two requests at once the second
waits for the first, and learns what it made.
"""

import hashlib

import sqlalchemy as sa

from folkmoot.kit import clock
from folkmoot.kit.db import Id, Moment, Tx, command, insert_all, param, table, values

KEPT = clock.HOUR

idempotency_keys = table(
    "idempotency_keys",
    sa.Column("owner_id", Id, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("subject_id", Id, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("idempotency_keys_subject", "subject_id"),
    sa.Index("idempotency_keys_age", "created_at"),
)

_CLAIM = insert_all(idempotency_keys, or_ignore=True)
_OLD = command(sa.delete(idempotency_keys).where(idempotency_keys.c.created_at < param("before")))
_HOLDER = values(
    sa.select(idempotency_keys.c.subject_id).where(
        idempotency_keys.c.owner_id == param("owner_id"), idempotency_keys.c.key == param("key")
    ),
    int,
)
_FORGET = command(
    sa.delete(idempotency_keys).where(idempotency_keys.c.subject_id == param("subject_id"))
)
_FORGET_OWNER = command(
    sa.delete(idempotency_keys).where(idempotency_keys.c.owner_id == param("owner_id"))
)


def claim(tx: Tx, owner_id: int, key: str, subject_id: int) -> int:
    """Ties an owner's key to what is about to be made; returns what the key made before, if it
    was used within the hour, else `subject_id`.
    """
    tx.run(_OLD, before=tx.now - KEPT)
    digest = hashlib.sha256(key.encode()).hexdigest()
    held = {"owner_id": owner_id, "key": digest}
    if tx.run(_CLAIM, **held, subject_id=subject_id, created_at=tx.now):
        return subject_id
    return tx.one(_HOLDER, **held)


def forget(tx: Tx, subject_id: int) -> None:
    """What a key made is gone: the key is free again."""
    tx.run(_FORGET, subject_id=subject_id)


def forget_owner(tx: Tx, owner_id: int) -> None:
    """Frees every key of an owner who goes."""
    tx.run(_FORGET_OWNER, owner_id=owner_id)
