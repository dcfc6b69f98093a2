"""Measures bringing in an archive and packing one: CPU, peak memory, the longest write.

`python bench/portability.py --posts 50000` prints one table and writes JSON. Each of the two runs
in a process of its own; a smaller number beside it shows whether memory grows with the posts.
"""

import argparse
import asyncio
import io
import json
import multiprocessing
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from folkmoot import wiring
from folkmoot.domain.accounts.actions import create_account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.actions import create_user
from folkmoot.domain.importing import actions as importing
from folkmoot.domain.importing.jobs import keep_upload
from folkmoot.domain.importing.model import ImportToDo
from folkmoot.domain.importing.queries import find_import
from folkmoot.domain.portability import actions as portability
from folkmoot.domain.portability.model import ArchiveToPack, Kind
from folkmoot.domain.portability.queries import find_export
from folkmoot.kit.db import Tx
from folkmoot.kit.db.schema import migrate
from folkmoot.kit.fresh_secrets import fresh_secrets
from folkmoot.kit.settings import DatabaseSettings, Mail, Media, Secrets, Settings
from folkmoot.surfaces.app import App

THERE = "https://old.example/users/ada"
THREAD = 500
"""Every so many posts a thread begins anew."""


def write_archive(target: Path, posts: int, media: int) -> None:
    """An archive as Mastodon packs it: threads of 500, `media` posts with a picture."""
    made = io.BytesIO()
    Image.effect_noise((640, 480), 60).save(made, "JPEG")
    every = posts // media if media else 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("actor.json", json.dumps({"id": THERE, "type": "Person"}))
        with file.open("outbox.json", "w") as outbox:
            outbox.write(b'{"type":"OrderedCollection","orderedItems":[')
            for n in range(posts):
                shown = every and n % every == 0
                outbox.write((b",\n" if n else b"") + json.dumps(_item(n, bool(shown))).encode())
            outbox.write(b"]}")
        for n in range(0, posts, every) if every else ():
            file.writestr(_place(n), made.getvalue())


def _place(n: int) -> str:
    return f"media_attachments/files/{n}/original/a.jpg"


def _item(n: int, shown: bool) -> dict[str, Any]:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_500_000_000 + n * 600))
    text = f"Post {n} of a member who has been there for long, #wood and a few words more. " * 3
    note = {
        "id": f"{THERE}/statuses/{n}",
        "type": "Note",
        "summary": "careful" if n % 10 == 0 else None,
        "inReplyTo": f"{THERE}/statuses/{n - 1}" if n % THREAD else None,
        "published": at,
        "attributedTo": THERE,
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [f"{THERE}/followers"],
        "content": f"<p>{text}</p>",
        "contentMap": {"en": f"<p>{text}</p>"},
        "attachment": [{"type": "Document", "url": _place(n), "name": "grey"}] if shown else [],
        "tag": [],
    }
    return {"id": f"{note['id']}/activity", "type": "Create", "actor": THERE, "object": note}


def open_app(folder: Path) -> App:
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder / 'bench.db'}"),
        media=Media(folder=folder / "media"),
        mail=Mail(folder=folder / "mail"),
        secrets=Secrets(**fresh_secrets()),
    )
    migrate(settings)
    return wiring.build_app(settings)


def _own_pages() -> int:
    """Pages of memory that are this process's own: the database, which is mapped, is not."""
    _, resident, shared, *_ = Path("/proc/self/statm").read_text().split()
    return int(resident) - int(shared)


class Watch:
    """Measures what a process does, and its every write."""

    def __init__(self, app: App) -> None:
        self.writes_ms: list[float] = []
        self.most_pages = 0
        self._write = app.db.write
        app.db.write = self._timed  # type: ignore[method-assign]
        self._began, self._cpu = time.perf_counter(), time.process_time()

    async def _timed(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def timed(tx: Tx, *args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            try:
                return work(tx, *args, **kwargs)
            finally:
                self.writes_ms.append((time.thread_time() - began) * 1_000)
                self.most_pages = max(self.most_pages, _own_pages())

        return await self._write(timed, *args, **kwargs)

    def found(self) -> dict[str, float]:
        decoders = resource.getrusage(resource.RUSAGE_CHILDREN)
        writes = sorted(self.writes_ms)
        return {
            "s of CPU": time.process_time() - self._cpu,
            "s of CPU of decoders": decoders.ru_utime + decoders.ru_stime,
            "s in all": time.perf_counter() - self._began,
            "MB at most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "MB at most without mapped files": self.most_pages * resource.getpagesize() / 1024**2,
            "writes": len(writes),
            "ms of CPU of a write, p99": writes[int(len(writes) * 0.99)],
            "ms of CPU of the longest write": writes[-1],
        }


def _join(tx: Tx) -> int:
    account = create_account(tx, "ada", base_url=tx.settings.server.base_url)
    create_user(tx, account.id, email="ada@example.test", role="member")
    return account.id


def bring_in(folder: Path, posts: int) -> dict[str, float]:
    app = open_app(folder)
    watch = Watch(app)

    async def run() -> None:
        me = await app.db.write(_join)
        with (folder / "archive.zip").open("rb") as file:
            key = await keep_upload(app.context, me, file)
        kept = await app.db.write(importing.take_in, me, Kind.POSTS, name="archive.zip", key=key)
        handlers = wiring.job_handlers(app)
        await handlers["importing.check"][0](app.context, ImportToDo(kept.id))
        await app.db.write(importing.begin_import, me, kept.id)
        await handlers["importing.apply"][0](app.context, ImportToDo(kept.id))
        done = await app.db.read(find_import, kept.id)
        assert done, kept
        assert (done.done, done.failed) == (posts, 0), done

    asyncio.run(run())
    app.context.close()
    return watch.found()


def pack(folder: Path, posts: int) -> dict[str, float]:
    app = open_app(folder)
    watch = Watch(app)

    async def run() -> None:
        me = await app.db.read(lambda tx: get_account(tx, _only(tx)))
        asked = await app.db.write(portability.ask_export, me.id)
        handler = wiring.job_handlers(app)["portability.pack"][0]
        await handler(app.context, ArchiveToPack(asked.id))
        done = await app.db.read(find_export, asked.id)
        assert done, asked
        assert (done.state, done.done >= posts) == ("done", True), done

    asyncio.run(run())
    app.context.close()
    return watch.found()


def _only(tx: Tx) -> int:
    return int(tx.script("SELECT id FROM accounts WHERE username = 'ada'")[0][0])


def measured(work: Callable[[Path, int], dict[str, float]], *given: Any) -> dict[str, float]:
    """In a process of its own, so that its peak of memory is of this alone."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--media", type=int, default=500)
    parser.add_argument("--json", type=Path, default=Path("bench-portability.json"))
    given = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    for posts in given.posts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_archive(folder / "archive.zip", posts, given.media)
            found[f"bring in {posts:,}"] = measured(bring_in, folder, posts)
            found[f"pack {posts:,}"] = measured(pack, folder, posts)
    print("| what | " + " | ".join(found) + " |\n|---|" + "--:|" * len(found))
    for name in next(iter(found.values())):
        print(f"| {name} | " + " | ".join(f"{each[name]:,.1f}" for each in found.values()) + " |")
    given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
