"""Reads of statements."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.disclosure.model import Disclosed
from folkmoot.domain.disclosure.tables import IS_REFUSED, IS_WAITING, disclosures
from folkmoot.kit.db import Moment, Tx, param, rows, values

_d = disclosures.c
_DUE = rows(
    sa.select(disclosures)
    .where(IS_WAITING, _d.next_at <= param("now", Moment))
    .order_by(_d.next_at, _d.id)
    .limit(param("limit", sa.Integer())),
    Disclosed,
)
_DECIDED = rows(
    sa.select(disclosures)
    .where(
        _d.decided_at >= param("since", Moment),
        _d.decided_at < param("until", Moment),
        sa.tuple_(_d.decided_at, _d.id)
        > sa.tuple_(param("at", Moment), param("after", _d.id.type)),
    )
    .order_by(_d.decided_at, _d.id)
    .limit(param("limit", sa.Integer())),
    Disclosed,
)
_REFUSED = rows(
    sa.select(disclosures)
    .where(IS_REFUSED)
    .order_by(_d.id.desc())
    .limit(param("limit", sa.Integer())),
    Disclosed,
)
_COUNT_WAITING = values(sa.select(sa.func.count()).select_from(disclosures).where(IS_WAITING), int)
_COUNT_REFUSED = values(sa.select(sa.func.count()).select_from(disclosures).where(IS_REFUSED), int)


class Sending(msgspec.Struct, frozen=True):
    """How far statements are sent."""

    waiting: int
    refused: int
    problem: str


def list_due(tx: Tx, *, limit: int) -> list[Disclosed]:
    """Statements that wait and whose turn it is, those that waited longest first."""
    return tx.all(_DUE, now=tx.now, limit=limit)


def list_decided(
    tx: Tx, since: int, until: int, *, after: Disclosed | None = None, limit: int = 500
) -> list[Disclosed]:
    """Statements of decisions taken in a time, in their order, from one of them on."""
    at, last = (after.decided_at, after.id) if after else (since, 0)
    return tx.all(_DECIDED, since=since, until=until, at=at, after=last, limit=limit)


def list_refused(tx: Tx, *, limit: int = 20) -> list[Disclosed]:
    """Statements that were not taken as they are, newest first."""
    return tx.all(_REFUSED, limit=limit)


def get_sending(tx: Tx) -> Sending:
    """How many wait, how many were refused, and what stood in the way of the next last time."""
    waiting = tx.first(_DUE_FIRST)
    return Sending(
        waiting=tx.one(_COUNT_WAITING),
        refused=tx.one(_COUNT_REFUSED),
        problem=waiting.problem if waiting else "",
    )


_DUE_FIRST = rows(
    sa.select(disclosures)
    .where(IS_WAITING)
    .order_by(_d.next_at, _d.id)
    .limit(sa.literal_column("1")),
    Disclosed,
)
