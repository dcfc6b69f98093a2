"""What a server process runs: the ASGI application of the settings in force."""

from typing import Any

from folkmoot import wiring
from folkmoot.kit import log
from folkmoot.kit.settings_sources import load


def application() -> Any:
    """The application, made when the process starts."""
    settings = load().settings
    log.configure(settings.log)
    return wiring.build_asgi(wiring.build_app(settings))
