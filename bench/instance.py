"""A seeded instance of some size and the server that serves it."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import server as servers
from load import Request, load
from seed import seed, token
from table import Figure

from folkmoot.kit.crypto import encode_key
from folkmoot.kit.settings import (
    DatabaseSettings,
    Media,
    RateLimits,
    Secrets,
    Server,
    Settings,
)

# The same for every instance, since what it seals stands in the databases that are kept.
_SECRET_KEY = encode_key(bytes(32))
_FIRST_PORT = 28_431
SERVER_CORE = 0
_WARM_UP = 300


@dataclass(frozen=True)
class Size:
    """How many accounts, how many others each follows, how many posts."""

    users: int
    follows: int
    posts: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `users,follows,posts`."""
        return cls(*(int(part) for part in text.split(",")))

    def __str__(self) -> str:
        return f"U={self.users:,} F={self.follows:,} P={self.posts:,}"


class Instance:
    """`folder` is its own; with `keep`, a database once seeded is copied from there."""

    def __init__(self, folder: Path, size: Size, number: int, keep: Path | None) -> None:
        self.size = size
        self.port = _FIRST_PORT + number
        self.url = f"http://127.0.0.1:{self.port}"
        self._kept = keep / f"{size.users}-{size.follows}-{size.posts}.db" if keep else None
        self._database = folder / "bench.db"
        self._config = folder / "folkmoot.toml"
        folder.mkdir(parents=True)
        self._config.write_text(
            f'[server]\nbase_url = "{self.url}"\nport = {self.port}\n'
            f'[database]\nurl = "sqlite:///{self._database}"\n'
            f'[media]\nfolder = "{folder}/media"\n[rate_limits]\nenabled = false\n'
            f'[secrets]\nsecret_key = "{_SECRET_KEY}"\n'
        )
        self.thread = ""
        self.accounts: list[str] = []

    def seed(self) -> float:
        """Fills the database; gives the seconds it took."""
        began = time.perf_counter()
        if self._kept and self._kept.exists():
            shutil.copy(self._kept, self._database)
        else:
            seed(
                Settings(
                    server=Server(base_url=self.url, port=self.port),
                    database=DatabaseSettings(url=f"sqlite:///{self._database}"),
                    media=Media(folder=self._database.parent / "media"),
                    secrets=Secrets(secret_key=_SECRET_KEY),
                    rate_limits=RateLimits(enabled=False),
                ),
                users=self.size.users,
                follows=self.size.follows,
                posts=self.size.posts,
            )
            if self._kept:
                self._kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._database, self._kept)
        return time.perf_counter() - began

    def start(self) -> None:
        self.server = servers.folkmoot(self._config, self.url, core=SERVER_CORE)

    def stop(self) -> None:
        self.server.stop()

    def first_page(self) -> tuple[float, float]:
        """Starts and stops: seconds to the first answer, milliseconds of the first home page."""
        self.start()
        result = asyncio.run(load(self.port, self.home, count=1, concurrency=1))
        self.stop()
        if result.failures:
            raise SystemExit("the first home page was refused")
        return self.server.start_s, result.latencies[0] * 1_000

    async def look_around(self) -> None:
        """Finds the thread of twenty and fifty accounts."""
        self.accounts = [
            str((await self.ask(f"/api/v1/accounts/lookup?acct=person{n}"))["id"])
            for n in range(50)
        ]
        path = f"/api/v1/accounts/{self.accounts[0]}/statuses?limit=40&exclude_replies=true"
        max_id = ""
        while page := await self.ask(path + max_id):
            for status in page:
                if "thread of twenty" in status["content"]:
                    self.thread = str(status["id"])
                    return
            max_id = f"&max_id={page[-1]['id']}"
        raise SystemExit("the seeded thread was not found")

    async def ask(self, path: str, *, who: int = 0) -> Any:
        """The answer to one request, decoded."""
        result = await load(self.port, lambda n: self.get(who, path), count=1, concurrency=1)
        return json.loads(result.body)

    def get(self, who: int, path: str) -> Request:
        return ("GET", path, token(who % self.size.users), b"")

    def home(self, who: int) -> Request:
        return self.get(who, "/api/v1/timelines/home")

    def post(self, who: int) -> Request:
        body = json.dumps({"status": f"Load {who}: a post of moderate length #bench"})
        return ("POST", "/api/v1/statuses", token(who % self.size.users), body.encode())

    async def pair(self) -> tuple[int, int]:
        """The number of an account, and of one of its followers."""
        path = f"/api/v1/accounts/{self.accounts[3]}/followers?limit=1"
        (follower,) = await self.ask(path, who=3)
        return 3, int(follower["username"].removeprefix("person"))

    async def cost(self, make: Callable[[int], Request], count: int, concurrency: int) -> Figure:
        """CPU milliseconds of a request."""
        await load(self.port, make, count=max(_WARM_UP, self.size.users), concurrency=concurrency)
        before = self.server.cpu_s()
        result = await load(self.port, make, count=count, concurrency=concurrency)
        return Figure(
            (self.server.cpu_s() - before) / count * 1_000,
            per_s=count / result.seconds,
            p50_ms=result.percentile(0.5),
            p99_ms=result.percentile(0.99),
            failures=result.failures,
            body=result.body,
        )
