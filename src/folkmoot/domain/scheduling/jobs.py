"""Publishing scheduled posts at their moment."""

from folkmoot.domain.scheduling.actions import PostDue, note_failure, publish_scheduled
from folkmoot.kit.context import Context
from folkmoot.kit.errors import Refusal


async def publish(context: Context, due: PostDue) -> None:
    """A refusal undoes the attempt and is kept for the author; any other failure is tried again."""
    try:
        await context.db.write(publish_scheduled, due.scheduled_id)
    except Refusal as refusal:
        await context.db.write(note_failure, due.scheduled_id, refusal.sentence)
