"""Rate limits: fixed windows, counted in the process or, for several processes, in Redis."""

import threading
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from folkmoot.kit import clock

if TYPE_CHECKING:
    from folkmoot.kit.settings import Rate

_SWEEP_AT = 50_000


class Hit(msgspec.Struct, frozen=True):
    """The state of a limit after a request was counted; `reset_at` in milliseconds."""

    limit: int
    remaining: int
    reset_at: int
    exceeded: bool


class Limiter(Protocol):
    """Counts requests by key and rate."""

    def hit(self, key: str, rate: "Rate") -> Hit: ...


class MemoryLimiter:
    """Counts in this process; forgets windows that are over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, int]] = {}

    def hit(self, key: str, rate: "Rate") -> Hit:
        """Counts one request of `key` and tells whether it is one too many."""
        now = clock.now()
        with self._lock:
            count, ends = self._windows.get(key, (0, 0))
            if ends <= now:
                count, ends = 0, now + rate.window_s * clock.SECOND
                if len(self._windows) >= _SWEEP_AT:
                    self._sweep(now)
            self._windows[key] = (count + 1, ends)
        return Hit(rate.count, max(0, rate.count - count - 1), ends, count >= rate.count)

    def _sweep(self, now: int) -> None:
        self._windows = {k: w for k, w in self._windows.items() if w[1] > now}


class RedisLimiter:
    """Counts in Redis, so that all processes share a limit."""

    def __init__(self, url: str, prefix: str) -> None:
        import redis

        self._redis: Any = redis.Redis.from_url(url)
        self._prefix = prefix

    def hit(self, key: str, rate: "Rate") -> Hit:
        """Counts one request of `key` and tells whether it is one too many."""
        now = clock.now()
        window = rate.window_s * clock.SECOND
        name = f"{self._prefix}rate:{key}:{now // window}"
        pipe = self._redis.pipeline(transaction=False)
        pipe.incr(name)
        pipe.pexpire(name, window)
        count = int(pipe.execute()[0])
        ends = (now // window + 1) * window
        return Hit(rate.count, max(0, rate.count - count), ends, count > rate.count)
