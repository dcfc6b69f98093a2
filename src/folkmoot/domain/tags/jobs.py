"""Follow-ups of tags."""

import msgspec

from folkmoot.domain.tags import actions
from folkmoot.kit.context import Context


class ForgetOldDays(msgspec.Struct):
    """Forgets how much tags were used long ago."""


async def forget_old_days(context: Context, payload: ForgetOldDays) -> None:
    await context.db.write(actions.forget_old_days)
