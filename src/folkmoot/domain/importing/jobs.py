"""Looks through what is brought in, and brings it in: many small transactions, each of which
notes how far it came, so that a crash repeats no more than what it was at.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import IO, Any

import msgspec
import structlog

from folkmoot.domain.accounts.model import Account
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.auth.model import Sweep
from folkmoot.domain.importing import actions, queries
from folkmoot.domain.importing.actions import Ready
from folkmoot.domain.importing.model import (
    IMPORTS,
    ArchiveTooLong,
    Ear,
    Import,
    ImportRow,
    ImportToDo,
    Incoming,
    Lost,
    NotAnArchive,
    PastMedia,
    Preview,
    RowState,
)
from folkmoot.domain.media import jobs as media
from folkmoot.domain.media.model import (
    Attachment,
    Focus,
    TooManyMedia,
    UploadTooLarge,
    check_together,
    file_key,
)
from folkmoot.domain.portability.jobs import remove_orphans
from folkmoot.domain.portability.model import Kind, State
from folkmoot.kit.context import Context
from folkmoot.kit.errors import Invalid
from folkmoot.kit.json_items import iter_items
from folkmoot.kit.storage import NoSuchFile
from folkmoot.kit.unpack import Archive, Bounds, open_archive

log = structlog.get_logger("importing")

_OUTBOX = "outbox.json"
_ACTOR = "actor.json"
_ACTOR_BYTES = 1_000_000
_PINNED = "featured.json"
_MOST_PINNED = 100
_CHUNK = 256 * 1024


class Opened(msgspec.Struct, frozen=True):
    """An archive with its posts: where in it they lie, whose they are."""

    archive: Archive
    root: str
    owner: str
    items: Iterator[Any]


async def keep_upload(context: Context, account_id: int, file: IO[bytes]) -> str:
    """Puts an archive that was sent into the store; its key."""
    key = file_key(IMPORTS, account_id, ".archive")
    put = context.storage.put
    await asyncio.to_thread(put, key, file, mime="application/octet-stream")
    return key


async def check(context: Context, payload: ImportToDo, *, ear: Ear) -> None:
    """The job: looks through an archive, and notes what is in it for the member to see."""
    found = await context.db.read(queries.find_import, payload.import_id)
    if found is None or found.state != State.WAITING:
        return
    try:
        async with _open(context, found, ear) as opened:
            preview = await _look_through(context, found, opened, ear)
    except Invalid as refusal:
        await context.db.write(actions.stop_import, found.id, refusal.sentence)
        return
    await context.db.write(actions.end_reading, found.id, preview)


async def _look_through(context: Context, found: Import, opened: Opened, ear: Ear) -> Preview:
    preview = Preview()
    account = await context.db.read(get_account, found.account_id)
    while some := await asyncio.to_thread(_understand, opened, ear, 500):
        uris = [one.uri for one in some if isinstance(one, Incoming)]
        known = await context.db.read(queries.list_imported, account, uris)
        for one in some:
            _count(preview, one, opened, known=known)
        if preview.posts > (most := context.settings.portability.import_posts):
            raise ArchiveTooLong(most=most)
    return preview


def _understand(opened: Opened, ear: Ear, count: int) -> list[Incoming | Invalid | None]:
    """The next items of an archive: posts, what is wrong with those that are none, None for
    boosts."""
    made: list[Incoming | Invalid | None] = []
    for item in itertools.islice(opened.items, count):
        try:
            made.append(ear.item(item, opened.owner))
        except Invalid as refusal:
            made.append(refusal)
    return made


def _count(
    preview: Preview, one: Incoming | Invalid | None, opened: Opened, *, known: dict[str, Any]
) -> None:
    if one is None:
        preview.boosts += 1
        return
    preview.posts += 1
    if isinstance(one, Invalid):
        preview.broken += 1
        return
    preview.known += one.uri in known
    preview.media += len(one.media)
    preview.missing += sum(_place(opened, each) is None for each in one.media)
    preview.first_at = min(one.at, preview.first_at or one.at)
    preview.last_at = max(one.at, preview.last_at or one.at)


def _place(opened: Opened, past: PastMedia) -> str | None:
    """Where in the archive a file lies that a post names."""
    return next(
        (name for name in (opened.root + past.place, past.place) if name in opened.archive.sizes),
        None,
    )


async def apply(context: Context, payload: ImportToDo, *, ear: Ear) -> None:
    """The job: brings in what the member said yes to."""
    found = await context.db.read(queries.find_import, payload.import_id)
    if found is None or found.state != State.RUNNING:
        return
    if found.kind == Kind.POSTS:
        try:
            async with _open(context, found, ear) as opened:
                await _bring_posts(context, found, opened, ear)
                pinned = await asyncio.to_thread(_pinned, opened)
                await context.db.write(actions.pin_again, found.id, pinned)
        except Invalid as refusal:
            await context.db.write(actions.stop_import, found.id, refusal.sentence)
            return
    else:
        while await context.db.write(actions.apply_rows, found.id):
            pass
        while await context.db.write(actions.replace_some, found.id):
            pass
    await context.db.write(actions.finish, found.id)


async def _bring_posts(context: Context, found: Import, opened: Opened, ear: Ear) -> None:
    account = await context.db.read(get_account, found.account_id)
    position = found.position
    await asyncio.to_thread(_skip, opened.items, position)
    while some := await asyncio.to_thread(_understand, opened, ear, actions.ROWS):
        uris = [one.uri for one in some if isinstance(one, Incoming)]
        known = await context.db.read(queries.list_imported, account, uris)
        ready = [
            await _prepare(context, account, opened, one, at, known=known)
            for at, one in enumerate(some, position)
        ]
        position += len(some)
        if not await context.db.write(actions.import_some, found.id, position, ready):
            return


def _pinned(opened: Opened) -> list[str]:
    """The posts that stood on top of the profile, by URI, where the archive says so."""
    name = opened.root + _PINNED
    if opened.archive.sizes.get(name, _ACTOR_BYTES + 1) > _ACTOR_BYTES:
        return []
    try:
        with opened.archive.open(name) as file:
            items = list(itertools.islice(iter_items(file, "orderedItems"), _MOST_PINNED))
    except Invalid:
        return []
    return [item for item in items if isinstance(item, str)]


def _skip(items: Iterator[Any], count: int) -> None:
    for _ in itertools.islice(items, count):
        pass


async def _prepare(
    context: Context,
    account: Account,
    opened: Opened,
    one: Incoming | Invalid | None,
    position: int,
    *,
    known: dict[str, Any],
) -> Ready:
    """Takes the media of a post in, before the transaction that writes it. Media that cannot be
    are left out, and the member is told; the post stands without them."""
    if one is None:
        return Ready(position=position)
    if isinstance(one, Invalid):
        return Ready(position=position, lost=Lost(), reason=one.sentence)
    if one.uri in known:
        return Ready(position=position, post=one)
    taken: list[Attachment] = []
    reasons: list[str] = []
    most = context.settings.limits.attachments
    for past in one.media:
        try:
            if len(taken) == most:
                raise TooManyMedia(most=most)
            new = await _take_media(context, account, opened, past)
            check_together([*taken, new], most)
            taken.append(new)
        except Invalid as refusal:
            reasons.append(f"Brought in without {past.place}: {refusal.sentence}")
    ids = tuple(attachment.id for attachment in taken)
    return Ready(position=position, post=one, media_ids=ids, reason=". ".join(reasons))


class MediaMissing(Invalid):
    """It is not in the archive"""


async def _take_media(
    context: Context, account: Account, opened: Opened, past: PastMedia
) -> Attachment:
    name = _place(opened, past)
    if name is None:
        raise MediaMissing
    with tempfile.TemporaryFile(prefix="folkmoot-") as file:
        size = await asyncio.to_thread(_copy_out, context, opened.archive, name, file)
        attachment = await media.accept_upload(
            context,
            account.id,
            file=file,
            size=size,
            description=past.description[: context.settings.limits.alt_chars],
            focus=Focus(*past.focus) if past.focus else None,
            wait=True,
        )
    if attachment.failure:
        raise Invalid(attachment.failure)
    return attachment


def _copy_out(context: Context, archive: Archive, name: str, target: IO[bytes]) -> int:
    limits = context.settings.media
    most = max(limits.image_bytes, limits.video_bytes)
    if archive.sizes[name] > most:
        raise UploadTooLarge(bytes_max=most)
    with archive.open(name) as source:
        shutil.copyfileobj(source, target, _CHUNK)
    size = target.tell()
    target.seek(0)
    return size


@asynccontextmanager
async def _open(context: Context, found: Import, ear: Ear) -> AsyncIterator[Opened]:
    """The archive of an import; an Invalid when it is none, or broken."""
    with ExitStack() as stack:
        opened = await asyncio.to_thread(_open_now, context, found, ear, stack)
        yield opened


def _open_now(context: Context, found: Import, ear: Ear, stack: ExitStack) -> Opened:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-")))
    bounds = Bounds(unpacked_bytes=context.settings.portability.import_unpacked_bytes)
    file = _fetched(context, found.key, folder)
    archive = stack.enter_context(open_archive(file, bounds, folder))
    # Some pack the folder and not what is in it.
    roots = [n.removesuffix(_OUTBOX) for n in archive.sizes if Path(n).name == _OUTBOX]
    root = min(roots, key=len, default=None)
    if root is None or archive.sizes.get(root + _ACTOR, _ACTOR_BYTES + 1) > _ACTOR_BYTES:
        raise NotAnArchive
    with archive.open(root + _ACTOR) as entry:
        try:
            actor = msgspec.json.decode(entry.read())
        except (msgspec.DecodeError, RecursionError) as error:
            raise NotAnArchive from error
    outbox = stack.enter_context(archive.open(root + _OUTBOX))
    return Opened(archive, root, ear.owner(actor), iter_items(outbox, "orderedItems"))


def _fetched(context: Context, key: str, folder: Path) -> Path:
    """The archive as a file on this machine."""
    local = context.storage.local_path(key)
    if local is not None and local.exists():
        return local
    target = folder / "archive"
    try:
        with target.open("wb") as file:
            for chunk in context.storage.read(key):
                file.write(chunk)
    except NoSuchFile as error:
        raise NotAnArchive from error
    return target


async def failed_rows(context: Context, import_id: int) -> AsyncIterator[list[ImportRow]]:
    """What could not be brought in, read a stretch at a time."""
    last = -1
    while rows := await context.db.read(
        queries.list_rows, import_id, RowState.FAILED, after=last, limit=500
    ):
        yield rows
        last = rows[-1].position


async def sweep(context: Context, payload: Sweep) -> None:
    """The repeating job: forgets imports that nobody asks for any more, and files that a crash
    left behind."""
    while await context.db.write(actions.drop_expired):
        pass
    known = queries.list_known_import_keys
    await asyncio.to_thread(remove_orphans, context, IMPORTS, known)
