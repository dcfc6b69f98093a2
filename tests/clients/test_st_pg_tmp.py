"""Schemathesis makes requests of our OpenAPI document, fitting and unfitting ones, and holds every
answer to it: as a member, as the owner, as an application and as a visitor. By hand, for longer:
`FOLKMOOT_EXAMPLES=200 pytest tests/clients/test_schemathesis.py`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.clients.live import SRC, Live, serve

from folkmoot.cli.testing import CLIENT_ID, CLIENT_SECRET, TOKEN
from furnished import furnish, furnish_team

HERE = Path(__file__).parent
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
# They never end; tests/surfaces/mastodon/test_streaming.py listens to them.
STREAMS = "^/api/v1/streaming/(user|public|hashtag|list|direct)"

pytestmark = [pytest.mark.clients, pytest.mark.slow]


class Caller:
    """A client of the server, as `furnish` knows members."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=30)

    def request(self, method: str, path: str, **more: object) -> httpx.Response:
        return self._client.request(method, path, **more)  # type: ignore[arg-type]

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, **body: object) -> httpx.Response:
        return self.request("POST", path, json=body)

    def patch(self, path: str, **body: object) -> httpx.Response:
        return self.request("PATCH", path, json=body)


@pytest.fixture(scope="module")
def live(tmp_path_factory, fresh_database):
    folder = tmp_path_factory.mktemp("schemathesis")
    with serve(folder, fresh_database(folder)) as running:
        subprocess.run(
            [sys.executable, "-m", "folkmoot", "--config", running.config, "testing", "seed"],
            env={**os.environ, "FOLKMOOT_TESTING": "1", "PYTHONPATH": str(SRC)},
            check=True,
        )
        yield running


@pytest.fixture(scope="module")
def things(live: Live) -> dict[str, str]:
    member, owner = Caller(live.url, TOKEN), Caller(live.url, f"{TOKEN}_2")
    made = furnish(member, owner)
    member_id = member.get("/api/v1/accounts/verify_credentials").json()["id"]
    return made | furnish_team(owner, member_id)


def token_of(who: str, url: str) -> str:
    known = {"visitor": "", "member": TOKEN, "owner": f"{TOKEN}_2"}
    if who in known:
        return known[who]
    grant = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "read write follow push",
    }
    token: str = httpx.post(f"{url}/oauth/token", json=grant).json()["access_token"]
    return token


@pytest.mark.timeout(3_700)
# The member comes last: what a member may delete, the others could not look at.
@pytest.mark.parametrize(
    ("who", "examples"), [("visitor", 1), ("application", 1), ("member", 4), ("owner", 2)]
)
def test_every_answer_is_documented(
    live: Live, things: dict[str, str], who: str, examples: int, tmp_path: Path
) -> None:
    token = token_of(who, live.url)
    found = subprocess.run(
        [
            *(Path(sys.executable).with_name("st"), "run", f"{live.url}/api/openapi.json"),
            *("--seed", "7", "--max-examples", os.environ.get("FOLKMOOT_EXAMPLES", str(examples))),
            *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
            *("--exclude-path-regex", STREAMS, "--generation-database", "none"),
            *("--continue-on-failure", "--no-color", "--request-timeout", "30"),
            *(("--header", f"Authorization: Bearer {token}") if token else ()),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "FOLKMOOT_THINGS": json.dumps(things),
            "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py"),
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=3_600,
    )
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2_000:]
    assert "Test cases:" in found.stdout
