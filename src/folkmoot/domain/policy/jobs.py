"""Letters about new versions."""

from folkmoot.domain.policy.actions import tell_some
from folkmoot.domain.policy.model import MembersToTell
from folkmoot.kit.context import Context


async def tell_members(context: Context, order: MembersToTell) -> None:
    """Writes to some members; the rest are a job of their own, ordered in the same transaction.
    Run twice, some members get two letters.
    """
    await context.db.write(tell_some, order)
