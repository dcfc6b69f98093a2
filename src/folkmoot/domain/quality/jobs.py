"""Letting go of what nobody has looked at."""

import msgspec

from folkmoot.domain.quality.actions import drop_old
from folkmoot.kit.context import Context


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: let go of what has waited for too long."""


async def sweep(context: Context, payload: Sweep) -> None:
    """Lets go of what has waited for a month for a second look."""
    del payload
    await context.db.write(drop_old)
