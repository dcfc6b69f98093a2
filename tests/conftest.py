"""Fixtures: a database of its own for each test, an instance on it, members who call its API."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import structlog

import answers
from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.auth.actions import create_user, save_user
from folkmoot.domain.oauth.actions import issue_token
from folkmoot.kit import ids
from folkmoot.kit.db import Database, Tx
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings import (
    DatabaseSettings,
    Mail,
    Media,
    RateLimits,
    Secrets,
    Settings,
)
from folkmoot.surfaces.app import App

# Rich's tracebacks render whole test worlds, for minutes; a plain one is read faster, too.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

POSTGRESQL = os.environ.get("FOLKMOOT_TEST_DATABASE", "")
if not POSTGRESQL.startswith("postgres"):
    POSTGRESQL = ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leaves out what is marked for another database, or for a server that is not there."""
    if item.get_closest_marker("postgres") and not POSTGRESQL:
        pytest.skip("runs on PostgreSQL only")
    if item.get_closest_marker("sqlite") and POSTGRESQL:
        pytest.skip("runs on SQLite only")
    if item.get_closest_marker("redis") and not os.environ.get("FOLKMOOT_TEST_REDIS"):
        pytest.skip("needs a Redis server in FOLKMOOT_TEST_REDIS")


@pytest.fixture(autouse=True)
def _ids_of_now() -> None:
    """Ids never go back within a process: one test that moves the clock would date the next."""
    ids._source._ms = 0


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """Gives the address of an empty, migrated database: a copied file, or a cleared server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if POSTGRESQL:
        url = _own_database(POSTGRESQL, f"folkmoot_{worker}")
        migrate(Settings(database=DatabaseSettings(url=url)))
        return lambda folder: _cleared(url)
    template = tmp_path_factory.mktemp("template") / "template.db"
    migrate(Settings(database=DatabaseSettings(url=f"sqlite:///{template}")))

    def copy(folder: Path) -> str:
        shutil.copy(template, folder / "folkmoot.db")
        return f"sqlite:///{folder / 'folkmoot.db'}"

    return copy


def _own_database(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rpartition("/")[0] + "/" + name


def _cleared(url: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename <> 'alembic_version'"
        ).fetchall()
        connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for (name,) in names))
    return url


@pytest.fixture
def settings(tmp_path: Path, fresh_database: Callable[[Path], str]) -> Settings:
    """Settings of an instance in a folder of its own; a test may override this fixture."""
    return Settings(
        database=DatabaseSettings(url=fresh_database(tmp_path), readers=2, pool_size=2),
        media=Media(folder=tmp_path / "media"),
        mail=Mail(folder=tmp_path / "mail"),
        rate_limits=RateLimits(enabled=False),
        secrets=Secrets(**fresh_secrets()),
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    """A running instance."""
    made = wiring.build_app(settings)
    yield made
    made.context.close()
    made.db.close()


@pytest.fixture
def db(app: App) -> Database:
    """Its database: `db.write_now(action, …)`, `db.read_now(query, …)`."""
    return app.db


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def run_jobs(app: App, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
    """Works through every job that is due, and those that follow from them."""

    def run() -> None:
        worker = wiring.build_worker(app)
        while loop.run_until_complete(worker.run_due()):
            pass

    return run


@pytest.fixture
def letters(app: App, run_jobs: Callable[[], None]) -> Callable[[], list[EmailMessage]]:
    """Runs the jobs and gives the letters written since the last call, oldest first."""
    seen: set[Path] = set()

    def fresh() -> list[EmailMessage]:
        run_jobs()
        files = sorted(set(app.settings.mail.folder.glob("*.eml")) - seen)
        seen.update(files)
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    return fresh


class Client:
    """Calls the API over ASGI, synchronously; as a member when it has a token."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop, token: str = "") -> None:
        self._asgi = asgi
        self._loop = loop
        self.token = token

    def request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = dict(kwargs.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._asgi, raise_app_exceptions=False)
            base = "http://127.0.0.1:8080"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, headers=headers, **kwargs)

        response = self._loop.run_until_complete(send())
        answers.check(response)
        return response

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.request("GET", path, params=params)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.request("POST", path, json=body)

    def put(self, path: str, **body: Any) -> httpx.Response:
        return self.request("PUT", path, json=body)

    def patch(self, path: str, **body: Any) -> httpx.Response:
        return self.request("PATCH", path, json=body)

    def delete(self, path: str, **params: Any) -> httpx.Response:
        return self.request("DELETE", path, params=params)


class Member(Client):
    """A member with an account and a token for every scope."""

    def __init__(self, asgi: Any, loop: asyncio.AbstractEventLoop, token: str, account: Account):
        super().__init__(asgi, loop, token)
        self.account = account
        self.id = str(account.id)

    def with_token(self, token: str) -> "Member":
        """The same member with another application."""
        return Member(self._asgi, self._loop, token, self.account)


@pytest.fixture
def visitor(app: App, loop: asyncio.AbstractEventLoop) -> Client:
    """Somebody without an account."""
    return Client(wiring.build_asgi(app), loop)


@pytest.fixture
def join(app: App, loop: asyncio.AbstractEventLoop) -> Callable[..., Member]:
    """Makes a member: `ada = join("ada")`."""
    asgi = wiring.build_asgi(app)

    def make(username: str, *, role: str = "member", scopes: str = "", app_id: int = 1) -> Member:
        account, token = app.db.write_now(_member, username, role, scopes or ALL_SCOPES, app_id)
        return Member(asgi, loop, token, account)

    return make


ALL_SCOPES = "read write follow push profile"


def _member(tx: Tx, username: str, role: str, scopes: str, app_id: int) -> tuple[Account, str]:
    account = create_account(tx, username, base_url=tx.settings.server.base_url)
    user = create_user(tx, account.id, email=f"{username}@example.test", role=role)
    if role != "member":
        save_user(tx, user, second_factor_at=tx.now)
    return account, issue_token(tx, app_id, account_id=account.id, scopes=scopes)


@pytest.fixture
def ada(join: Callable[..., Member]) -> Member:
    return join("ada")


@pytest.fixture
def bo(join: Callable[..., Member]) -> Member:
    return join("bo")


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks S3, on loopback, of this test run's own."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str) -> str:
    import boto3

    name = f"media-{secrets.token_hex(6)}"
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket=name)
    return name


def decode(response: httpx.Response, into: Any) -> Any:
    """A response's body checked against an entity."""
    return msgspec.json.decode(response.content, type=into, strict=True)
