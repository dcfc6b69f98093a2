"""Reads of tags."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.tags.tables import tags
from folkmoot.kit.db import Tx, rows, within


class _TagId(msgspec.Struct):
    name: str
    id: int


_IDS = rows(sa.select(tags.c.name, tags.c.id).where(within(tags.c.name, "names")), _TagId)


def list_tag_ids(tx: Tx, names: list[str]) -> dict[str, int]:
    """The ids of those normalised names that are known."""
    return {row.name: row.id for row in tx.all(_IDS, names=names)}
