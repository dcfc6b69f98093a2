"""folkmoot serve"""

import rich_click as click

from folkmoot.kit.settings_sources import load


@click.command()
def serve() -> None:
    """Serve the instance until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    settings = load().settings
    server = settings.server
    Granian(
        "folkmoot.cli.asgi:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=server.host,
        port=server.port,
        workers=server.workers,
        websockets=True,
        log_access=False,
    ).serve()
