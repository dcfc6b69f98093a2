"""Forgets sign-ups that came to nothing."""

from folkmoot.domain.auth.model import Sweep
from folkmoot.domain.registration.actions import sweep_unconfirmed
from folkmoot.kit.context import Context


async def sweep(context: Context, payload: Sweep) -> None:
    """Removes sign-ups that were never confirmed."""
    while await context.db.write(sweep_unconfirmed):
        pass
