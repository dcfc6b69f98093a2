"""Remembers when things were last used, to write it down for many together: a write for each
use would cost more than the use itself.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

Uses = dict[int, tuple[int, int]]
"""For each thing's id its owner's id and the moment it was last used."""


class LastUses:
    """Collects from any thread; `run` hands over what was collected now and then."""

    def __init__(self) -> None:
        self._noted: Uses = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, thing_id: int, owner_id: int, at: int) -> None:
        """Something was used."""
        self._noted[thing_id] = (owner_id, at)

    def take(self) -> Uses:
        """What was noted since the last time. A note made at this very moment may be lost."""
        noted, self._noted = self._noted, {}
        return noted.copy()

    def start(self, write: Callable[[Uses], Awaitable[None]], *, every_s: float) -> None:
        """Writes every so often, until stopped."""
        self._task = asyncio.create_task(self._run(write, every_s))

    async def stop(self, write: Callable[[Uses], Awaitable[None]]) -> None:
        """Writes what is left."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._hand_over(write)

    async def _run(self, write: Callable[[Uses], Awaitable[None]], every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            await self._hand_over(write)

    async def _hand_over(self, write: Callable[[Uses], Awaitable[None]]) -> None:
        taken = self.take()
        if taken:
            await write(taken)
