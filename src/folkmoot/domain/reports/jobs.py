"""Letting go of who visitors are."""

import msgspec

from folkmoot.domain.reports.actions import forget_contacts
from folkmoot.kit.context import Context


class Sweep(msgspec.Struct, frozen=True):
    """A repeating job: forget the names and addresses that no letter needs any more."""


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets them."""
    del payload
    await context.db.write(forget_contacts)
