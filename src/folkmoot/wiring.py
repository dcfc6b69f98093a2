"""The only file that knows everybody: routes, who reacts to which fact, job handlers."""

import importlib
import importlib.util
import pkgutil
from typing import Any

from litestar import Litestar

from folkmoot import domain
from folkmoot.domain.interactions import reactions as interactions
from folkmoot.domain.posts.events import PostBoosted, PostDeleted, PostPublished
from folkmoot.domain.timelines import reactions as timelines
from folkmoot.kit.db import Database
from folkmoot.kit.events import Facts
from folkmoot.kit.ratelimit import Limiter, MemoryLimiter, RedisLimiter
from folkmoot.kit.settings import Settings
from folkmoot.surfaces.app import App
from folkmoot.surfaces.mastodon import statuses as mastodon_statuses
from folkmoot.surfaces.mastodon import timelines as mastodon_timelines
from folkmoot.surfaces.mastodon.dispatch import route_handlers
from folkmoot.surfaces.mastodon.operations import Operation

MASTODON = (mastodon_statuses.router, mastodon_timelines.router)


def facts() -> Facts:
    """Who reacts to what, in the order of the rooms."""
    made = Facts()
    made.on(PostPublished, timelines.place_post)
    made.on(PostBoosted, timelines.place_boost)
    made.on(PostDeleted, interactions.forget_post, timelines.forget_post)
    return made


def operations() -> list[Operation]:
    """Every operation of the client API."""
    return [operation for router in MASTODON for operation in router.operations]


def load_tables() -> None:
    """Imports every room's tables, so that the schema is whole."""
    for room in pkgutil.iter_modules(domain.__path__, "folkmoot.domain."):
        if importlib.util.find_spec(f"{room.name}.tables"):
            importlib.import_module(f"{room.name}.tables")
    importlib.import_module("folkmoot.kit.jobs")


def build_app(settings: Settings) -> App:
    """The instance, with its database open."""
    return App(settings, Database(settings, facts=facts()), _limiter(settings))


def build_asgi(app: App) -> Any:
    """The ASGI application of an instance."""
    return Litestar(
        route_handlers=route_handlers(app, operations()),
        openapi_config=None,
        on_startup=app.on_start,
        on_shutdown=[*app.on_stop, app.db.close],
    )


def _limiter(settings: Settings) -> Limiter:
    if settings.redis.url:
        return RedisLimiter(settings.redis.url, settings.redis.prefix)
    return MemoryLimiter()
