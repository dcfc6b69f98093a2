"""The log: one line an event, for people or for machines, on standard error.

Rooms and surfaces say `log = structlog.get_logger("posts")` and speak in events with named facts:
`log.info("post published", post=id)`. Secrets are masked whatever they are called with.
"""

import logging
import re
import secrets
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO

import msgspec
import structlog

from folkmoot.kit.settings import Log

MASK = "••••••"
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|private|otp|recovery|session_key|dsn",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"(?P<bearer>\bBearer\s+)[\w.~+/=-]+|(?P<login>://[^\s:/@]*:)[^\s/@]+(?=@)"
    r"|(?P<query>[?&](?:access_token|token|code|client_secret)=)[^&\s]+",
    re.IGNORECASE,
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

EventDict = MutableMapping[str, Any]


def configure(settings: Log, *, out: TextIO | None = None) -> None:
    """Sets up structlog and, through the same lines, the standard library's logging."""
    stream = sys.stderr if out is None else out
    machine = settings.format == "json" or (settings.format == "auto" and not stream.isatty())
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked,
    ]
    if machine:
        ending: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json),
        ]
    else:
        # Plain tracebacks: Rich's would print local values, which may be secret, and take long.
        plain = structlog.dev.plain_traceback
        ending = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_lines_to(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


@contextmanager
def bound_request(given: str | None = None, **facts: Any) -> Iterator[str]:
    """Binds a request's id to every line logged inside. A well-formed `given` id (from a proxy)
    is kept; otherwise one is made."""
    request = given if given and _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    with structlog.contextvars.bound_contextvars(request=request, **facts):
        yield request


def masked(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Hides what must not be read in a log: by the fact's name, and by its look inside texts."""
    for name, value in event.items():
        event[name] = MASK if _is_secret(name) and value else _masked_value(value)
    return event


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRET_TEXT.sub(_keep_prefix, value)
    if isinstance(value, dict):
        return {
            key: MASK if isinstance(key, str) and _is_secret(key) else _masked_value(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_masked_value(inner) for inner in value]
    return value


def _keep_prefix(match: re.Match[str]) -> str:
    return (match["bearer"] or match["login"] or match["query"]) + MASK


@lru_cache(maxsize=1_024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


class _Lines(structlog.WriteLogger):
    """Writes lines, and knows by which name it was asked for."""

    def __init__(self, stream: TextIO, name: str) -> None:
        super().__init__(stream)
        self.name = name


def _lines_to(stream: TextIO) -> Callable[..., _Lines]:
    return lambda *names: _Lines(stream, ".".join(names))


def _logger_name(logger: Any, _method: str, event: EventDict) -> EventDict:
    """Adds who speaks: a room or surface, or the library whose record this is."""
    record = event.get("_record")
    name = record.name if record else logger.name
    if name:
        event["logger"] = name
    return event
