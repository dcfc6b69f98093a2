"""Time as integers: milliseconds since the Unix epoch, UTC. The one place that reads the clock."""

import time
from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(at: int) -> str:
    """RFC 3339 in UTC with milliseconds, `2026-01-31T12:00:00.000Z`."""
    seconds, ms = divmod(at, 1_000)
    return f"{_to_second(seconds)}.{ms:03d}Z"


def iso_day(at: int) -> str:
    """The UTC day of a moment, `2026-01-31`."""
    return _to_second(at // 1_000)[:10]


def spoken(at: int) -> str:
    """A moment inside a sentence, to the minute: `2026-01-31 12:00 UTC`."""
    return f"{_to_second(at // 1_000)[:16].replace('T', ' ')} UTC"


def spoken_span(milliseconds: int) -> str:
    """How long something lasts, inside a sentence: `3 days`, `1 hour`; rounded down."""
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if milliseconds >= size:
            count = milliseconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"


def _to_second(seconds: int) -> str:
    t = time.gmtime(seconds)
    return (
        f"{t.tm_year:04d}-{t.tm_mon:02d}-{t.tm_mday:02d}"
        f"T{t.tm_hour:02d}:{t.tm_min:02d}:{t.tm_sec:02d}"
    )


def from_iso(text: str) -> int:
    """Milliseconds of an ISO 8601 moment or day; without an offset it is taken as UTC.

    Raises ValueError when the text is no such moment.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000)


def day_start(at: int) -> int:
    """Midnight UTC of the day that contains `at`."""
    return at - at % DAY
