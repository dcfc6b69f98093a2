"""Reads of how much the place is used."""

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.tables import users
from folkmoot.domain.discovery.model import Usage
from folkmoot.kit import clock
from folkmoot.kit.db import Moment, Tx, param, rows

_zero = sa.literal_column("0", sa.Integer)


def _active_since(name: str) -> sa.ColumnElement[int]:
    is_active = users.c.last_active_at >= param(name, Moment)
    counted = sa.case((is_active, sa.literal_column("1", sa.Integer)), else_=_zero)
    return sa.func.coalesce(sa.func.sum(counted), _zero)


_USAGE = rows(
    sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(accounts.c.posts_count), _zero),
        _active_since("month"),
        _active_since("half_year"),
    )
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        accounts.c.suspended_at.is_(None),
    ),
    Usage,
)


def count_usage(tx: Tx) -> Usage:
    """Counts members and their posts: reads one row for each member, so keep what it returns."""
    return tx.one(_USAGE, month=tx.now - 28 * clock.DAY, half_year=tx.now - 180 * clock.DAY)
