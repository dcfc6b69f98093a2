"""What a server process runs: the ASGI application of the settings in force."""

import gc
from typing import Any


def application() -> Any:
    """The application, made when the process starts; it brings the schema up to date.

    What is made here lives as long as the process: the collector of garbage, which would go
    through it dozens of times meanwhile and again and again later, is shown none of it.
    """
    gc.disable()
    try:
        return _application()
    finally:
        gc.freeze()
        gc.enable()


def _application() -> Any:
    from folkmoot import wiring
    from folkmoot.kit import log
    from folkmoot.kit.db.schema import is_current, migrate
    from folkmoot.kit.settings_sources import load

    settings = load().settings
    if not is_current(settings):
        migrate(settings)
    log.configure(settings.log)
    return wiring.build_asgi(wiring.build_app(settings))
