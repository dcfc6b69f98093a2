"""Days and moments as people give them to commands."""

import datetime as dt
from typing import Any

import rich_click as click


class Moment(click.ParamType[int]):
    """A day or a moment in ISO 8601, `today` or `tomorrow`, as milliseconds; UTC unless it says
    otherwise.
    """

    name = "moment"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        from folkmoot.kit import clock

        if isinstance(value, int):
            return value
        today = clock.day_start(clock.now())
        named = {"today": today, "tomorrow": today + clock.DAY}
        if value in named:
            return named[value]
        try:
            return clock.from_iso(value)
        except ValueError:
            example = dt.datetime.now(dt.UTC).date().isoformat()
            self.fail(f"{value} is no day or moment such as {example}.", param, ctx)
