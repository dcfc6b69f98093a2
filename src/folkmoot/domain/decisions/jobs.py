"""Ending what has run out."""

import msgspec

from folkmoot.domain.decisions.actions import end_due
from folkmoot.kit.context import Context


class EndDue(msgspec.Struct, frozen=True):
    """A repeating job: end decisions whose time is over."""


async def end_decisions(context: Context, payload: EndDue) -> None:
    """Ends what is due, in batches, so that no transaction grows long."""
    del payload
    while await context.db.write(end_due):
        pass
