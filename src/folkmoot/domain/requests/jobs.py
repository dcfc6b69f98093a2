"""Ending silences: members are told what was asked about them, whoever is away."""

import msgspec

from folkmoot.domain.requests.actions import tell_due
from folkmoot.kit.context import Context


class TellDue(msgspec.Struct, frozen=True):
    """A repeating job: tell members whose time of silence is over."""


async def tell(context: Context, payload: TellDue) -> None:
    del payload
    while await context.db.write(tell_due):
        pass
