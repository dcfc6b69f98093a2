"""Forgets what ran out."""

from folkmoot.domain.auth.model import Sweep
from folkmoot.domain.oauth import actions
from folkmoot.kit.context import Context


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets codes that ran out."""
    await context.db.write(actions.sweep_codes)
