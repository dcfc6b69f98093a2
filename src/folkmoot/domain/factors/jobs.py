"""Forgets what ran out."""

from folkmoot.domain.auth.model import Sweep
from folkmoot.domain.factors import actions
from folkmoot.kit.context import Context


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets challenges that ran out."""
    await context.db.write(actions.sweep_challenges)
