"""Writes of markers."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.timelines.tables import markers
from folkmoot.kit.db import Tx, command, param

_FORGET_MARKERS = command(sa.delete(markers).where(markers.c.account_id == param("account_id")))
_SET_MARKER = command(
    postgresql.insert(markers)
    .values({c.name: param(c.name) for c in markers.columns})
    .on_conflict_do_update(
        index_elements=["account_id", "timeline"],
        set_={
            "last_read_id": param("last_read_id"),
            "version": markers.c.version + sa.literal_column("1"),
            "updated_at": param("updated_at"),
        },
    )
)


def set_marker(tx: Tx, account_id: AccountId, timeline: str, last_read_id: int) -> None:
    """Keeps how far somebody has read a timeline."""
    tx.run(
        _SET_MARKER,
        account_id=account_id,
        timeline=timeline,
        last_read_id=last_read_id,
        version=1,
        updated_at=tx.now,
    )


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the markers of an account that goes."""
    tx.run(_FORGET_MARKERS, account_id=account_id)
