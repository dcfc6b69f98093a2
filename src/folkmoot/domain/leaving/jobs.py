"""Durable work of many small steps: each is one transaction, and knows where the last one ended."""

from folkmoot.domain.leaving import actions
from folkmoot.domain.leaving.model import AccountToDelete, Sweep
from folkmoot.kit.context import Context


async def delete_account(context: Context, payload: AccountToDelete) -> None:
    """The job: deletes an account whose time has come, some at a time. One that is kept after
    all, or was asked for anew and has more time, is left alone.
    """
    if not await context.db.write(actions.begin_deletion, payload.account_id):
        return
    while await context.db.write(actions.continue_deletion, payload.account_id):
        pass


async def sweep(context: Context, payload: Sweep) -> None:
    """The repeating job: forgets what ran out, takes up what got stuck."""
    await context.db.write(actions.resume_overdue)
