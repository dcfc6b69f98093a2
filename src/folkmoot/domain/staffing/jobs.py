"""Forgetting what is too old to tell anything."""

import msgspec

from folkmoot.domain.staffing.actions import forget_old_hours
from folkmoot.kit.context import Context


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: forget counts of long ago."""


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets counts of hours longer than half a year ago."""
    del payload
    await context.db.write(forget_old_hours)
