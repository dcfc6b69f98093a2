"""Carries the signals of committed transactions to whoever listens, in the event loop."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from folkmoot.kit.db.tx import Signal

Listener = Callable[[Signal], None]


class Bus:
    """Within one process. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, topic: str, listener: Listener) -> None:
        """Calls `listener(signal)` in the event loop for every signal of a topic."""
        self._listeners[topic].append(listener)

    async def start(self) -> None:
        """Delivers from now on; before, nobody listens."""
        self._loop = asyncio.get_running_loop()

    def tell(self, signals: Sequence[Signal]) -> None:
        """Passes signals on; those nobody listens to cost nothing."""
        if self._loop is not None and not self._loop.is_closed():
            wanted = [signal for signal in signals if signal.topic in self._listeners]
            if wanted:
                self._loop.call_soon_threadsafe(self._deliver, wanted)

    def _deliver(self, signals: Sequence[Signal]) -> None:
        for signal in signals:
            for listener in self._listeners[signal.topic]:
                listener(signal)
