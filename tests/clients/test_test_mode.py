"""What is for test suites alone is shut on a server as operators run it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from mastodon import Mastodon, MastodonIllegalArgumentError
from tests.clients.people import PASSWORD

if TYPE_CHECKING:
    from tests.clients.live import Live
    from tests.clients.people import Person

pytestmark = [pytest.mark.clients, pytest.mark.sqlite]


def test_a_password_is_no_grant(live: Live, ada: Person) -> None:
    assert live.environ["FOLKMOOT_TESTING"] == "1"
    offered = httpx.get(f"{live.url}/.well-known/oauth-authorization-server").json()
    assert "password" not in offered["grant_types_supported"]
    client_id, secret = Mastodon.create_app("Kite", api_base_url=live.url)
    kite = Mastodon(client_id=client_id, client_secret=secret, api_base_url=live.url)
    with pytest.raises(MastodonIllegalArgumentError):
        kite.log_in(f"{ada.name}@example.test", PASSWORD, allow_http=True)


def test_known_tokens_are_not_made(live: Live) -> None:
    command = [sys.executable, "-m", "folkmoot", "--config", str(live.config), "testing", "seed"]
    ran = subprocess.run(command, env=live.environ, check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "tokens that everybody knows" in ran.stderr
