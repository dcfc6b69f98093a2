"""What is counted again and again."""

import msgspec

from folkmoot.domain.discovery import actions
from folkmoot.kit.context import Context


class Trends(msgspec.Struct):
    """A job: compute the trends."""


class Weeks(msgspec.Struct):
    """A job: count the use of this week."""


async def compute_trends(context: Context, payload: Trends) -> None:
    await context.db.write(actions.compute_trends)


async def count_weeks(context: Context, payload: Weeks) -> None:
    await context.db.write(actions.record_weeks)
