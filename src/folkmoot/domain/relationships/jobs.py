"""Follow-ups of relationships."""

import msgspec

from folkmoot.domain.relationships import actions
from folkmoot.kit.context import Context


class EndMutes(msgspec.Struct):
    """Lifts the mutes that have run out. Reads pass over them from their moment on anyway."""


async def end_mutes(context: Context, payload: EndMutes) -> None:
    while await context.db.write(actions.end_mutes):
        pass
