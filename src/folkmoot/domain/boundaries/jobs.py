"""Follow-ups of blocks and mutes."""

import msgspec

from folkmoot.domain.boundaries import actions
from folkmoot.kit.context import Context


class EndMutes(msgspec.Struct):
    """Lifts the mutes that have run out. Reads pass over them from their moment on anyway."""


async def end_mutes(context: Context, payload: EndMutes) -> None:
    while await context.db.write(actions.end_mutes):
        pass
