"""A server process for the tests of one client, as operators run it: without the test mode."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.clients.live import Live, serve
from tests.clients.people import Person

PLAIN = {
    "registration": {"mode": "open", "min_age": 0, "confirm_email": False},
    "testing": {"enabled": False},
    # Mastodon.py notices at the next sign of life that its stream was closed.
    "streaming": {"heartbeat_s": 0.2},
}


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[Path], str]
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    with serve(folder, fresh_database(folder), more=PLAIN) as running:
        yield running


@pytest.fixture(scope="module")
def ada(live: Live) -> Person:
    return Person(live, "ada").sign_up()


@pytest.fixture(scope="module")
def bo(live: Live) -> Person:
    return Person(live, "bo").sign_up()
