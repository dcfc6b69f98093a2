"""`folkmoot serve`."""

import os
import tempfile
from pathlib import Path

import rich_click as click

from folkmoot.cli.main import settings_in_use


@click.command("serve")
def command() -> None:
    """Serve the instance until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    # This process only watches over the others: what they import would double memory and start.
    server = settings_in_use().settings.server
    with tempfile.TemporaryDirectory(prefix="folkmoot-metrics-") as shared:
        if server.workers > 1:
            # Read by prometheus_client in each process: their counts add up.
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", shared)
        Granian(
            "folkmoot.cli.asgi:application",
            factory=True,
            interface=Interfaces.ASGI,
            address=server.host,
            port=server.port,
            workers=server.workers,
            websockets=True,
            log_access=False,
            ssl_cert=Path(server.tls_cert) if server.tls_cert else None,
            ssl_key=Path(server.tls_key) if server.tls_key else None,
        ).serve()
