"""Forgetting what is old."""

import msgspec

from folkmoot.domain.deeds import actions
from folkmoot.kit.context import Context


class Sweep(msgspec.Struct):
    """A job: forget old prints."""


async def sweep(context: Context, payload: Sweep) -> None:
    await context.db.write(actions.forget_old_prints)
