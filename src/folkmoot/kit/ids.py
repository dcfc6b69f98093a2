"""Ids that sort by time: `milliseconds << 16 | node << 10 | counter`, a 63-bit integer.

Clients turn times into ids by the same shift (Mastodon's snowflakes), so the shift is part of
the protocol. Six bits of node keep processes apart; the counter allows 1,024 ids a millisecond.
"""

import os
import threading

from folkmoot.kit import clock

SHIFT = 16
_COUNTER_BITS = 10
_COUNTERS = 1 << _COUNTER_BITS
MAX_ID = (1 << 63) - 1


class IdSource:
    """Makes ids, unique within the process and between processes of different `node` (0-63)."""

    def __init__(self, node: int | None = None) -> None:
        chosen = int.from_bytes(os.urandom(1)) if node is None else node
        self._node = (chosen & 63) << _COUNTER_BITS
        self._lock = threading.Lock()
        self._ms = 0
        self._count = 0

    def new(self, at: int | None = None) -> int:
        """A fresh id, never smaller than the ones before it; with `at`, one of that moment."""
        if at is not None:
            low = int.from_bytes(os.urandom(2))
            return (at << SHIFT) | low
        with self._lock:
            ms = max(clock.now(), self._ms)
            if ms == self._ms:
                self._count += 1
                if self._count == _COUNTERS:
                    ms, self._count = ms + 1, 0
            else:
                self._count = 0
            self._ms = ms
            return (ms << SHIFT) | self._node | self._count


def parse_id(text: str) -> int:
    """The id that a text names; 0, which nothing has, for a text that is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= MAX_ID else 0


def time_of(identifier: int) -> int:
    """The moment, in milliseconds, at which an id was made."""
    return identifier >> SHIFT


def first_at(at: int) -> int:
    """The smallest id of a moment: everything made before it is smaller."""
    return at << SHIFT


_source = IdSource()
new_id = _source.new
