"""Closing polls when their time is up."""

from folkmoot.domain.polls.actions import PollDue, close_poll
from folkmoot.kit.context import Context


async def close(context: Context, due: PollDue) -> None:
    await context.db.write(close_poll, due.poll_id)
