"""Which address is answered by what, with limits and refusals as programs expect them."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import asgi
from litestar.handlers import ASGIRouteHandler

from folkmoot.kit.errors import Conflict, NotFound, Refusal
from folkmoot.surfaces.app import App, client_address
from folkmoot.surfaces.public_log import files, witnessing
from folkmoot.surfaces.public_log.replies import Reply, plain, preflight

log = structlog.get_logger("public_log")

_Answer = Callable[[App, Any], Awaitable[Reply]]

# Mounts take everything below; the others are single addresses.
_MOUNTED: dict[str, _Answer] = {
    "/log/tile": files.tile,
    "/log/entries": files.entry,
    "/log/policy": files.policy,
}
_COUNTED = frozenset({"/log/entries", "/log/policy"})
_SINGLE: dict[str, _Answer] = {
    "/log/checkpoint": files.checkpoint,
    "/log/schema.json": files.schema,
    "/.well-known/folkmoot-log": files.pointer,
}


def route_handlers(app: App) -> list[ASGIRouteHandler]:
    """The handlers of the log's files and of the witness."""
    made = [_handler(app, path, answer, mount=True) for path, answer in _MOUNTED.items()]
    made += [_handler(app, path, answer, mount=False) for path, answer in _SINGLE.items()]
    return [*made, _witness(app)]


def _handler(app: App, path: str, answer: _Answer, *, mount: bool) -> ASGIRouteHandler:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            reply = preflight()
        elif method not in ("GET", "HEAD"):
            reply = plain(405, "Only GET is answered here")
        else:
            # Files cost no more than files; what is computed for each who asks is counted.
            refused = _limited(app, scope) if path in _COUNTED else None
            reply = refused or await _answered(answer(app, scope), path)
        await reply.send(scope, send)

    return asgi(path, is_mount=mount, copy_scope=False)(serve)


def _witness(app: App) -> ASGIRouteHandler:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        method, path = scope["method"], scope["path"].strip("/")
        if method == "POST" and path == "add-checkpoint":
            reply = _limited(app, scope)
            if reply is None:
                reply = await _answered(witnessing.add_checkpoint(app, scope, receive), "/witness")
        elif method in ("GET", "HEAD"):
            reply = await _answered(witnessing.checkpoint(app, scope), "/witness")
        else:
            reply = plain(
                404, "A witness answers POST …/add-checkpoint and GET …/<hash>/checkpoint"
            )
        await reply.send(scope, send)

    return asgi("/witness", is_mount=True, copy_scope=False)(serve)


def _limited(app: App, scope: Any) -> Reply | None:
    """Refuses who asks too often."""
    rates = app.settings.rate_limits
    if not rates.enabled:
        return None
    who = client_address(scope, dict(scope["headers"]), app.settings.server.trusted_proxies)
    hit = app.limiter.hit(f"log:i{who}", rates.address)
    return (
        plain(429, "There were too many requests from you in a short time")
        if hit.exceeded
        else None
    )


async def _answered(reply: Awaitable[Reply], path: str) -> Reply:
    try:
        return await reply
    except Refusal as refusal:
        return plain(_status(refusal), refusal.sentence)
    except Exception:
        log.exception("answer failed", path=path)
        return plain(500, "Something broke on our side. Please try again shortly.")


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotFound):
        return 404
    return 409 if isinstance(refusal, Conflict) else 400
