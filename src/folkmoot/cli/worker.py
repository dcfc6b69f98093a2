"""`folkmoot worker`."""

import asyncio
import signal
from typing import TYPE_CHECKING

import rich_click as click

from folkmoot.cli.main import settings_in_use

if TYPE_CHECKING:
    from folkmoot.kit.settings import Settings


@click.command("worker")
def command() -> None:
    """Work on jobs, and serve nothing, until interrupted; as many processes as needed.

    For instances whose servers do not (`jobs.in_server = false`). At SIGTERM it finishes what it
    has begun within `jobs.stop_s` seconds and hands the rest back.
    """
    import uvloop

    from folkmoot.kit import log
    from folkmoot.kit.db.schema import is_current, migrate

    settings = settings_in_use().settings
    if not is_current(settings):
        migrate(settings)
    log.configure(settings.log)
    uvloop.run(_work(settings))


async def _work(settings: "Settings") -> None:
    from folkmoot import wiring

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await wiring.work(wiring.build_app(settings), stopping)
