"""Forgets what ran out."""

from folkmoot.domain.auth.model import Sweep
from folkmoot.domain.sessions import actions
from folkmoot.kit.context import Context


async def sweep(context: Context, payload: Sweep) -> None:
    """Forgets sessions that ran out, and sign-ins beyond their time."""
    await context.db.write(actions.sweep)
