"""Durable follow-ups: what is older than the settings say is forgotten."""

import msgspec

from folkmoot.domain.notifications import actions, queries
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.ids import first_at

_AT_ONCE = 500


class Prune(msgspec.Struct):
    """Forgets old notifications."""


async def prune(context: Context, job: Prune) -> None:
    """In small portions, so that nobody who writes meanwhile waits long."""
    while await context.db.write(_prune_some):
        pass


def _prune_some(tx: Tx) -> int:
    oldest = tx.now - tx.settings.retention.notification_days * clock.DAY
    found = queries.list_older(tx, first_at(oldest), _AT_ONCE)
    actions.forget(tx, found)
    return len(found)
