"""/api/v1/custom_emojis"""

import asyncio
import contextlib

import structlog

from folkmoot.domain.instance.model import Emoji
from folkmoot.domain.instance.queries import list_emojis
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon.entities.custom_emoji import CustomEmoji
from folkmoot.surfaces.mastodon.operations import Call, Router

log = structlog.get_logger("emoji")
router = Router("custom_emojis")

_LOOK_EVERY_S = 20.0


@router.get("/api/v1/custom_emojis", returns=list[CustomEmoji])
def list_all(call: Call) -> list[CustomEmoji]:
    """Every custom emoji."""
    return [build_emoji(call.app, emoji) for emoji in list_emojis(call.tx)]


def build_emoji(app: App, emoji: Emoji) -> CustomEmoji:
    """The entity of an emoji."""
    return CustomEmoji(
        shortcode=emoji.shortcode,
        url=app.media_url(emoji.file) or "",
        static_url=app.media_url(emoji.static_file) or "",
        visible_in_picker=emoji.in_picker,
        category=emoji.category or None,
    )


async def load_emoji(app: App) -> None:
    """Reads the emoji anew. What was built with others is forgotten."""
    found = await app.db.read(list_emojis)
    emoji = {f":{each.shortcode}:": build_emoji(app, each) for each in found}
    if emoji != app.emoji:
        app.emoji = emoji
        app.built.clear()


def keep_emoji(app: App) -> None:
    """Has the emoji loaded when the app starts, and whenever they change: at once within the
    instance's processes, within seconds when the command line changed them.
    """
    changed = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    async def watch() -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), _LOOK_EVERY_S)
            changed.clear()
            try:
                await load_emoji(app)
            except Exception:
                # The database is away for a while; the next look will tell.
                log.exception("emoji cannot be read")

    async def start() -> None:
        await load_emoji(app)
        running.append(asyncio.create_task(watch()))

    async def stop() -> None:
        for task in running:
            task.cancel()

    app.bus.listen("emoji", lambda signal: changed.set())
    app.on_start.append(start)
    app.on_stop.append(stop)
