import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from folkmoot.kit import log
from folkmoot.kit.settings import Log


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_for_machines_is_json_with_time_level_and_facts() -> None:
    out = io.StringIO()
    log.configure(Log(format="json"), out=out)
    structlog.get_logger("posts").info("post published", post=7, 语言="中文")
    structlog.get_logger("posts").debug("unseen")
    [line] = lines(out)
    assert line["event"] == "post published"
    assert (line["post"], line["语言"], line["level"]) == (7, "中文", "info")
    assert line["logger"] == "posts"
    assert line["timestamp"].endswith("Z")


def test_a_line_for_people_is_not_json() -> None:
    out = io.StringIO()
    log.configure(Log(format="console", level="debug"), out=out)
    structlog.get_logger().debug("hello", to="all")
    assert "hello" in out.getvalue()
    assert "to=all" in out.getvalue()


def test_secrets_are_masked_by_name_and_by_look() -> None:
    out = io.StringIO()
    log.configure(Log(format="json"), out=out)
    structlog.get_logger().info(
        "request with Bearer hush.hush",
        password="hush",
        form={"client_secret": "hush", "name": "ann", "more": ["Bearer hush"]},
        url="postgresql://folk:hush@db/folk",
        address="/oauth?code=hush&state=1",
    )
    assert "hush" not in out.getvalue()
    [line] = lines(out)
    assert line["form"]["name"] == "ann"
    assert line["url"] == f"postgresql://folk:{log.MASK}@db/folk"
    assert line["address"].endswith("&state=1")


def test_a_request_id_is_on_every_line_inside() -> None:
    out = io.StringIO()
    log.configure(Log(format="json"), out=out)
    logger = structlog.get_logger()
    with log.bound_request("from-a-proxy", account=3) as request:
        logger.info("inside")
    with log.bound_request('evil"\n') as made:
        logger.info("inside too")
    logger.info("outside")
    first, second, third = lines(out)
    assert first["request"] == request == "from-a-proxy"
    assert first["account"] == 3
    assert second["request"] == made
    assert len(made) == 16
    assert "request" not in third


def test_the_libraries_warnings_take_the_same_shape() -> None:
    out = io.StringIO()
    log.configure(Log(format="json"), out=out)
    logging.getLogger("sqlalchemy").warning("slow %s", "query", extra={})
    logging.getLogger("sqlalchemy").info("unseen")
    [line] = lines(out)
    assert (line["event"], line["logger"], line["level"]) == ("slow query", "sqlalchemy", "warning")


def test_an_exception_is_logged_with_its_traceback() -> None:
    out = io.StringIO()
    log.configure(Log(format="json"), out=out)
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    [line] = lines(out)
    assert "RuntimeError: broken" in line["exception"]
