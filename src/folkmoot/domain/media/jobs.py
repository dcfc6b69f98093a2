"""What takes long: taking uploads in, making clean files of them, removing files.

Pictures are finished at once; films, sounds and moving pictures are stored as they came and
finished by a durable job, so that a crash after the answer loses nothing.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

import msgspec
import structlog

from folkmoot.domain.media import actions, queries
from folkmoot.domain.media.actions import FilesToErase, UploadToProcess
from folkmoot.domain.media.model import (
    ATTACHMENTS,
    AVATARS,
    FOLDERS,
    HEADERS,
    UPLOADS,
    Attachment,
    AttachmentId,
    Focus,
    Kind,
    Made,
    MediaChange,
    Meta,
    PictureHash,
    Portrait,
    Size,
    State,
    UploadGone,
    UploadTooLarge,
    UploadUnknown,
    file_key,
    id_of_key,
)
from folkmoot.kit import av, clock, images
from folkmoot.kit.av_probe import NoFfmpeg
from folkmoot.kit.confine import Limits, find_program
from folkmoot.kit.context import Context
from folkmoot.kit.errors import Invalid
from folkmoot.kit.ids import new_id
from folkmoot.kit.settings import Settings
from folkmoot.kit.sniff import HEAD_BYTES, HEIC, FileType, sniff
from folkmoot.kit.storage import NoSuchFile, Stored

log = structlog.get_logger("media")

T = TypeVar("T")
P = ParamSpec("P")

# Threads of their own, for work that is waited for: neither blocks what answers requests.
_PICTURES = ThreadPoolExecutor(4, "pictures")
_FILMS = ThreadPoolExecutor(2, "films")
_ORPHAN_AGE = 24 * clock.HOUR
_BATCH = 500
# Meanwhile whoever waits for an upload is processing it; the job is there in case they die.
_HEAD_START = 15 * clock.MINUTE


class Sweep(msgspec.Struct):
    """A repeating job: delete uploads that no post took up."""


class SweepFiles(msgspec.Struct):
    """A repeating job: remove files that nothing refers to, left behind by a crash."""


async def accept_upload(
    context: Context,
    account_id: int,
    *,
    file: IO[bytes],
    size: int,
    description: str = "",
    focus: Focus | None = None,
    preview: bytes | None = None,
    wait: bool = False,
) -> Attachment:
    """Takes an upload in. Pictures come back ready; other media are processing, unless `wait`.

    `preview` is a picture the member chose to stand for it. Raises an Invalid that says what is
    wrong with the file or its description.
    """
    actions.check_description(context.settings, description)
    said = MediaChange(AttachmentId(new_id()), description, focus)
    finished, made = await _in(_PICTURES, _take_in, context, said.id, file, size, preview)
    if finished:
        return await context.db.write(actions.add_finished, account_id, said, made)
    process_at = clock.now() + _HEAD_START if wait else 0
    attachment = await context.db.write(
        actions.add_unfinished, account_id, said, made, process_at=process_at
    )
    if wait:
        await process_upload(context, UploadToProcess(said.id))
        return await context.db.read(queries.get_own_attachment, account_id, said.id)
    return attachment


async def process_upload(context: Context, payload: UploadToProcess) -> None:
    """The job: makes clean files of a stored upload."""
    attachment = await context.db.read(queries.find_attachment, payload.attachment_id)
    if attachment is None or attachment.state != State.PROCESSING:
        return
    try:
        made = await _in(_FILMS, _process, context, attachment)
    except Invalid as refusal:
        log.info("upload failed", attachment=attachment.id, why=refusal.sentence, **refusal.facts)
        await context.db.write(actions.fail_attachment, attachment.id, refusal.sentence)
        return
    if not await context.db.write(actions.finish_attachment, attachment.id, made):
        await _in(_PICTURES, context.storage.delete, _keys(made.original, made.preview))


async def make_preview(
    context: Context, account_id: int, attachment_id: int, picture: bytes
) -> Made:
    """Another picture to stand for one's own attachment, stored, for a MediaChange."""
    attachment = await context.db.read(queries.get_own_attachment, account_id, attachment_id)
    return await _in(_PICTURES, _preview, context, attachment.id, picture)


async def store_avatar(context: Context, account_id: int, picture: bytes) -> Portrait:
    """Stores an avatar, 400 by 400 pixels at most; whoever replaces one discards the old files."""
    return await _in(_PICTURES, _portrait, context, AVATARS, account_id, picture, images.AVATAR)


async def store_header(context: Context, account_id: int, picture: bytes) -> Portrait:
    """Stores a header, 1500 by 500 pixels at most."""
    return await _in(_PICTURES, _portrait, context, HEADERS, account_id, picture, images.HEADER)


async def erase(context: Context, payload: FilesToErase) -> None:
    """The job: removes files."""
    await _in(_PICTURES, context.storage.delete, payload.keys)


async def sweep(context: Context, payload: Sweep) -> None:
    """The repeating job: forgets uploads that no post took up, and admits what got stuck."""
    del payload
    while await context.db.write(actions.delete_loose):
        pass
    await context.db.write(actions.fail_stuck)


async def sweep_files(context: Context, payload: SweepFiles) -> None:
    """The repeating job: removes files that nothing refers to."""
    del payload
    await _in(_PICTURES, _sweep_files, context)


def check_picture_size(settings: Settings, size: int) -> None:
    """UploadTooLarge for a picture that is; before it is read into memory."""
    if size > settings.media.image_bytes:
        raise UploadTooLarge(bytes_max=settings.media.image_bytes)


async def _in(
    threads: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, partial(work, *args, **kwargs))


def _keys(*keys: str) -> list[str]:
    return [key for key in keys if key]


def _take_in(
    context: Context, attachment_id: AttachmentId, file: IO[bytes], size: int, preview: bytes | None
) -> tuple[bool, Made]:
    """Finished files, or the upload as it came; which of the two comes first."""
    file.seek(0)
    type = sniff(file.read(HEAD_BYTES))
    file.seek(0)
    if type is None or type == HEIC:
        raise UploadUnknown(readable="JPEG, PNG, GIF, WebP, AVIF, video and audio")
    if type.family == "image":
        check_picture_size(context.settings, size)
        picture = context.darkroom.develop(file.read(), images.ATTACHMENT)
        if not (picture.animated and _has_ffmpeg()):
            made = _stored_picture(context, attachment_id, picture)
            return True, made if preview is None else _with_preview(context, made, preview)
        file.seek(0)
    elif size > context.settings.media.video_bytes:
        raise UploadTooLarge(bytes_max=context.settings.media.video_bytes)
    elif not _has_ffmpeg():
        raise NoFfmpeg
    return False, _kept(context, attachment_id, file, size, type, preview)


def _has_ffmpeg() -> bool:
    return find_program("ffmpeg") is not None and find_program("ffprobe") is not None


def _kept(
    context: Context,
    attachment_id: AttachmentId,
    file: IO[bytes],
    size: int,
    type: FileType,
    preview: bytes | None,
) -> Made:
    """The upload as it came, in the store, with what can be said of it already."""
    kinds = {"image": Kind.GIFV, "video": Kind.VIDEO, "audio": Kind.AUDIO}
    chosen = None if preview is None else _preview(context, attachment_id, preview)
    key = file_key(UPLOADS, attachment_id, type.suffix)
    context.storage.put(key, file, mime="application/octet-stream")
    return Made(
        kind=kinds[type.family],
        original=key,
        preview=chosen.preview if chosen else "",
        mime="",
        blurhash=chosen.blurhash if chosen else "",
        bytes=size,
        meta=chosen.meta if chosen else Meta(),
        hashes=chosen.hashes if chosen else (),
    )


def _stored_picture(context: Context, attachment_id: AttachmentId, picture: images.Picture) -> Made:
    original, small = picture.renditions["original"], picture.renditions["small"]
    return Made(
        kind=Kind.IMAGE,
        original=_put(context, ATTACHMENTS, attachment_id, original),
        preview=_put(context, ATTACHMENTS, attachment_id, small),
        mime=original.mime,
        blurhash=picture.blurhash,
        bytes=len(original.data) + len(small.data),
        meta=Meta(original=_size(original), preview=_size(small)),
        hashes=_hashes(picture),
    )


def _hashes(picture: images.Picture, *, chosen: bool = False) -> tuple[PictureHash, ...]:
    return (PictureHash(picture.pdq, picture.quality, chosen),)


def _with_preview(context: Context, made: Made, preview: bytes) -> Made:
    chosen = _preview(context, id_of_key(made.original), preview)
    context.storage.delete([made.preview])
    meta = msgspec.structs.replace(made.meta, preview=chosen.meta.preview)
    return msgspec.structs.replace(
        made,
        preview=chosen.preview,
        blurhash=chosen.blurhash,
        meta=meta,
        hashes=(*made.hashes, *chosen.hashes),
    )


def _preview(
    context: Context,
    attachment_id: int,
    data: bytes,
    wanted: tuple[images.Want, ...] = images.CHOSEN_THUMBNAIL,
) -> Made:
    """A picture that stands for something else, stored."""
    picture = context.darkroom.develop(data, wanted)
    small = picture.renditions["small"]
    return Made(
        kind=Kind.IMAGE,
        original="",
        preview=_put(context, ATTACHMENTS, attachment_id, small),
        mime="",
        blurhash=picture.blurhash,
        bytes=len(small.data),
        meta=Meta(preview=_size(small)),
        hashes=_hashes(picture, chosen=wanted is images.CHOSEN_THUMBNAIL),
    )


def _portrait(
    context: Context, folder: str, account_id: int, data: bytes, wants: tuple[images.Want, ...]
) -> Portrait:
    bytes_max = context.settings.media.avatar_bytes
    if len(data) > bytes_max:
        raise UploadTooLarge(bytes_max=bytes_max)
    picture = context.darkroom.develop(data, wants)
    renditions = picture.renditions
    (found,) = _hashes(picture)
    pdq = found.pdq if found.is_sure else ""
    key = _put(context, folder, account_id, renditions["original"])
    if not renditions["original"].animated:
        return Portrait(key, key, pdq)
    return Portrait(key, _put(context, folder, account_id, renditions["static"]), pdq)


def _put(context: Context, folder: str, identifier: int, rendition: images.Rendition) -> str:
    key = file_key(folder, identifier, rendition.suffix)
    context.storage.put(key, rendition.data, mime=rendition.mime)
    return key


def _size(rendition: images.Rendition) -> Size:
    return Size(rendition.width, rendition.height)


def _process(context: Context, attachment: Attachment) -> Made:
    with tempfile.TemporaryDirectory(prefix="folkmoot-") as folder:
        workdir = Path(folder)
        try:
            source = _fetched(context, attachment.upload, workdir)
        except NoSuchFile:
            raise UploadGone from None
        if attachment.kind == Kind.GIFV:
            data = source.read_bytes()
            type = sniff(data[:HEAD_BYTES])
            if type is None or not type.demuxer:
                picture = context.darkroom.develop(data, images.ANIMATION)
                rendition = picture.renditions["original"]
                if not rendition.animated:
                    still = context.darkroom.develop(data, images.ATTACHMENT)
                    return _stored_picture(context, attachment.id, still)
                source = workdir / "frames.png"
                source.write_bytes(rendition.data)
        recording = av.record(source, workdir=workdir, limits=_av_limits(context))
        return _stored_recording(context, attachment, recording)


def _fetched(context: Context, key: str, workdir: Path) -> Path:
    """The upload as a file on this machine."""
    local = context.storage.local_path(key)
    if local is not None:
        if not local.exists():
            raise NoSuchFile
        return local
    target = workdir / "upload"
    with target.open("wb") as file:
        for chunk in context.storage.read(key):
            file.write(chunk)
    return target


def _av_limits(context: Context) -> av.AvLimits:
    media = context.settings.media
    run = Limits(
        memory_bytes=media.processing_memory,
        cpu_s=media.processing_s,
        wall_s=media.processing_s * 2.0,
        file_bytes=media.video_bytes * 2,
    )
    return av.AvLimits(
        bytes_max=max(media.video_bytes, media.image_bytes),
        pixels_max=media.video_pixels,
        frame_rate_max=media.video_frame_rate,
        duration_max_s=media.duration_s,
        run=run,
    )


def _stored_recording(context: Context, attachment: Attachment, recording: av.Recording) -> Made:
    frame = None
    hashes: tuple[PictureHash, ...] = ()
    if recording.picture is not None:
        # A film without a picture is still a film.
        with contextlib.suppress(Invalid):
            if attachment.preview:
                hashes = _hashes(context.darkroom.develop(recording.picture, ()))
            else:
                frame = _preview(context, attachment.id, recording.picture, images.THUMBNAIL)
                hashes = frame.hashes
    facts = recording.facts
    key = file_key(ATTACHMENTS, attachment.id, recording.suffix)
    context.storage.put(key, recording.path, mime=recording.mime)
    kinds = {"video": Kind.VIDEO, "loop": Kind.GIFV, "audio": Kind.AUDIO}
    return Made(
        kind=kinds[recording.kind],
        original=key,
        preview=frame.preview if frame else "",
        mime=recording.mime,
        blurhash=frame.blurhash if frame else "",
        bytes=recording.path.stat().st_size + (frame.bytes if frame else 0),
        meta=Meta(
            original=Size(facts.width, facts.height) if facts.width else None,
            preview=frame.meta.preview if frame else None,
            duration_s=facts.duration_s,
            length=facts.length,
            frame_rate=facts.frame_rate,
            fps=facts.fps,
            bitrate=facts.bitrate,
            audio_encode=facts.audio_encode,
            audio_rate_hz=facts.audio_rate_hz,
            audio_channels=facts.audio_channels,
        ),
        hashes=hashes,
    )


def _sweep_files(context: Context) -> None:
    before = clock.now() - _ORPHAN_AGE
    for folder in FOLDERS:
        some: list[Stored] = []
        for stored in context.storage.list(folder):
            if stored.modified_at < before:
                some.append(stored)
            if len(some) == _BATCH:
                _remove_orphans(context, folder, some)
                some = []
        _remove_orphans(context, folder, some)


def _remove_orphans(context: Context, folder: str, found: list[Stored]) -> None:
    if not found:
        return
    ids = sorted({id_of_key(stored.key) for stored in found})
    needed = context.db.read_now(queries.list_keys, folder, ids)
    orphans = [stored.key for stored in found if stored.key not in needed]
    if orphans:
        context.storage.delete(orphans)
