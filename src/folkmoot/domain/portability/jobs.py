"""Durable work of many small steps: each ends in one transaction, and the next begins where it
ended, whichever process is still there to take it.
"""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED

import msgspec
import structlog

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import find_account
from folkmoot.domain.lists.queries import list_lists
from folkmoot.domain.media.model import file_key
from folkmoot.domain.portability import actions, queries
from folkmoot.domain.portability.model import (
    EXPORTS,
    FILES,
    ArchiveToPack,
    Export,
    Kind,
    Line,
    Part,
    Stage,
    State,
    Sweep,
    Voice,
)
from folkmoot.kit import clock
from folkmoot.kit.context import Context
from folkmoot.kit.db import Tx
from folkmoot.kit.storage import NoSuchFile
from folkmoot.kit.zip_parts import Entry
from folkmoot.kit.zip_parts import Part as Zip

log = structlog.get_logger("portability")

_BATCH = 200
_PART_BYTES = 32 * 1024 * 1024
"""A part of an archive is ended when it is so large; one file more may lie in it."""
_ORPHAN_AGE = 24 * clock.HOUR


async def sweep(context: Context, payload: Sweep) -> None:
    """The repeating job: forgets archives that were kept long enough, and files that a crash
    left behind."""
    while await context.db.write(actions.drop_expired):
        pass
    await asyncio.to_thread(remove_orphans, context, EXPORTS, queries.list_known_keys)


def remove_orphans(
    context: Context, folder: str, list_known: Callable[[Tx, list[str]], set[str]]
) -> None:
    """Removes old files of a folder that nothing refers to."""
    before = clock.now() - _ORPHAN_AGE
    old = (found.key for found in context.storage.list(folder) if found.modified_at < before)
    while some := list(itertools.islice(old, _BATCH)):
        known = context.db.read_now(list_known, some)
        context.storage.delete([key for key in some if key not in known])


async def pack(context: Context, payload: ArchiveToPack, *, voice: Voice) -> None:
    """The job: packs an archive, a part at a time. A part that is stored and not yet noted when
    the process dies is packed again; its file is swept.
    """
    while True:
        export = await context.db.read(queries.find_export, payload.export_id)
        if export is None or export.state not in (State.WAITING, State.RUNNING):
            return
        account = await context.db.read(find_account, export.account_id)
        if account is None:
            return
        await _pack_part(context, voice, export, account)


async def _pack_part(context: Context, voice: Voice, export: Export, account: Account) -> None:
    position = await context.db.read(queries.count_parts, export.id)
    with tempfile.TemporaryFile(prefix="folkmoot-") as file:
        with Zip(file, export.bytes) as zipped:
            after = msgspec.structs.replace(export, state=State.RUNNING)
            packer = _Packer(context, voice, account, zipped)
            await packer.fill(after)
            entries: list[Entry] = []
            if after.state == State.DONE:
                earlier = await context.db.read(queries.list_parts, export.id)
                await asyncio.to_thread(zipped.end_file, _entries_of(earlier))
            else:
                entries = await asyncio.to_thread(zipped.end)
        part = Part(
            export_id=export.id,
            position=position,
            key=file_key(EXPORTS, export.id, ".part"),
            size=file.seek(0, 2),
            entries=msgspec.json.encode(entries).decode(),
        )
        file.seek(0)
        put = partial(context.storage.put, part.key, file, mime="application/octet-stream")
        await asyncio.to_thread(put)
    if not await context.db.write(actions.add_part, export, after, part):
        await asyncio.to_thread(context.storage.delete, [part.key])


def _entries_of(parts: list[Part]) -> list[Entry]:
    return [e for part in parts for e in msgspec.json.decode(part.entries, type=list[Entry])]


class _Packer:
    """Fills one part of an archive. Each step notes in `after` how far it came."""

    def __init__(self, context: Context, voice: Voice, account: Account, part: Zip) -> None:
        self.zip = part
        self._context = context
        self._voice = voice
        self._account = account

    async def fill(self, after: Export) -> None:
        """Adds what the stage asks for; where that is nothing, what comes next, so that no part
        is empty."""
        if after.stage == Stage.POSTS:
            await self._add_posts(after)
            return
        if after.stage == Stage.MEDIA:
            await self._add_media(after)
        if after.stage == Stage.REST and not self.zip.size:
            await self._add_rest(after)

    async def _add_posts(self, after: Export) -> None:
        """All posts and boosts, in one file: that it is one is Mastodon's doing."""
        with self.zip.open("outbox.json") as entry:
            await self._write(entry, self._voice.begin_collection("outbox.json"))
            count, last = 0, 0
            while found := await self._context.db.read(
                queries.list_packed, self._account.id, after_id=last, limit=_BATCH
            ):
                items = [self._voice.item(packed, self._account) for packed in found]
                await self._write(entry, (b",\n" if count else b"") + b",\n".join(items))
                count, last = count + len(found), found[-1].post.id
                await self._context.db.write(actions.note_progress, after.id, count)
            await self._write(entry, self._voice.end_collection(count))
        after.stage, after.done = Stage.MEDIA, count

    async def _add_media(self, after: Export) -> None:
        """The files of the next posts with any, as many as a part holds."""
        while self.zip.size < _PART_BYTES:
            found = await self._context.db.read(
                queries.list_attached, self._account.id, after_id=after.after_id, limit=20
            )
            if not found:
                after.stage, after.after_id = Stage.REST, 0
                return
            for attachment in found:
                name = self._voice.media_name(attachment.original)
                await asyncio.to_thread(self._add_file, name, attachment.original)
                after.after_id, after.done = attachment.id, after.done + 1
                if self.zip.size >= _PART_BYTES:
                    break

    async def _add_rest(self, after: Export) -> None:
        """What is pinned, liked and bookmarked, the lists, the profile."""
        await self._add_uris("featured.json", queries.list_pins)
        await self._add_uris("likes.json", queries.list_likes)
        bookmarks = partial(queries.list_lines, kind=Kind.BOOKMARKS)
        await self._add_uris("bookmarks.json", bookmarks)
        for kind in FILES:
            with self.zip.open(self._voice.file_name(kind)) as entry:
                async for chunk in csv_chunks(self._context, self._voice, self._account.id, kind):
                    await self._write(entry, chunk)
        for key, name in ((self._account.avatar, "avatar"), (self._account.header, "header")):
            if key:
                await asyncio.to_thread(self._add_file, name + Path(key).suffix, key)
        with self.zip.open("actor.json") as entry:
            await self._write(entry, self._voice.actor(self._account))
        after.state = State.DONE

    async def _add_uris(self, name: str, list_some: Any) -> None:
        with self.zip.open(name) as entry:
            await self._write(entry, self._voice.begin_collection(name))
            count, last = 0, 0
            while found := await self._context.db.read(
                list_some, of_id=self._account.id, after_id=last, limit=_BATCH * 5
            ):
                references = [self._voice.reference(line.uri) for line in found]
                await self._write(entry, (b"," if count else b"") + b",".join(references))
                count, last = count + len(found), found[-1].id
            await self._write(entry, self._voice.end_collection(count))

    async def _write(self, entry: IO[bytes], data: bytes) -> None:
        await asyncio.to_thread(entry.write, data)

    def _add_file(self, name: str, key: str) -> None:
        """Pictures and films are packed already. A file that is gone is left out."""
        try:
            chunks = self._context.storage.read(key)
        except NoSuchFile:
            log.warning("a file is missing from the store", key=key)
            return
        with self.zip.open(name, method=ZIP_STORED) as entry:
            for chunk in chunks:
                entry.write(chunk)


async def csv_chunks(
    context: Context, voice: Voice, account_id: int, kind: Kind
) -> AsyncIterator[bytes]:
    """One of an account's lists as a CSV file, read and written a stretch at a time."""
    yield voice.csv_head(kind)
    if kind is not Kind.LISTS:
        read = partial(queries.list_lines, kind=kind, of_id=account_id)
        async for lines in _stretches(context, read):
            yield voice.csv_lines(kind, lines)
        return
    for one in await context.db.read(list_lists, account_id):
        read = partial(queries.list_listed, list_id=one.id)
        async for lines in _stretches(context, read):
            for line in lines:
                line.title = one.title
            yield voice.csv_lines(kind, lines)


async def _stretches(context: Context, read: Any) -> AsyncIterator[list[Line]]:
    last = 0
    while found := await context.db.read(read, after_id=last, limit=_BATCH * 5):
        yield found
        last = found[-1].id


async def archive_chunks(
    context: Context, export: Export, start: int, end: int
) -> AsyncIterator[bytes]:
    """A packed archive as one file, or what of it lies from `start` up to but not including
    `end`; read a stretch at a time."""
    before = 0
    for part in await context.db.read(queries.list_parts, export.id):
        first, last = max(0, start - before), min(part.size, end - before)
        before += part.size
        if first >= last:
            continue
        chunks = await asyncio.to_thread(context.storage.read, part.key, start=first, end=last)
        while chunk := await asyncio.to_thread(next, chunks, b""):
            yield bytes(chunk)
