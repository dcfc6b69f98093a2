"""What is done with files outside transactions."""

import asyncio

from folkmoot.domain.media.actions import FilesToErase
from folkmoot.kit.context import Context


async def erase(context: Context, files: FilesToErase) -> None:
    await asyncio.to_thread(context.storage.delete, files.keys)
