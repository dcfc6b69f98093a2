"""What a database wants done now and then, whatever it holds."""

import msgspec

from folkmoot.kit import clock, jobs
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx


class Optimise(msgspec.Struct):
    """Keeps the planner's statistics fresh."""


class ForgetJobs(msgspec.Struct):
    """Lets go of the record of jobs that were given up long enough ago."""


async def forget_jobs(context: Context, payload: ForgetJobs) -> None:
    """What became of them is in the log, too."""
    del payload
    kept = context.settings.retention.job_days * clock.DAY
    await context.db.write(jobs.forget_given_up, clock.now() - kept)


async def optimise(context: Context, payload: Optimise) -> None:
    """Without fresh statistics a page can cost eight times as much.

    PostgreSQL's autovacuum does this by itself.
    """
    if context.db.dialect == "sqlite":
        await context.db.write(_optimise)


def _optimise(tx: Tx) -> None:
    tx.script("PRAGMA analysis_limit=1000")
    tx.script("PRAGMA optimize=0x10002")
