"""What a database wants done now and then, whatever it holds."""

import msgspec

from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx


class Optimise(msgspec.Struct):
    """Keeps the planner's statistics fresh."""


async def optimise(context: Context, payload: Optimise) -> None:
    """Without fresh statistics a page can cost eight times as much.

    PostgreSQL's autovacuum does this by itself.
    """
    if context.db.dialect == "sqlite":
        await context.db.write(_optimise)


def _optimise(tx: Tx) -> None:
    tx.script("PRAGMA analysis_limit=1000")
    tx.script("PRAGMA optimize=0x10002")
