"""Writes of attachments: taken in, finished, described, put onto posts and taken off again,
deleted with their files.
"""

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.media.model import (
    Attachment,
    AttachmentId,
    AttachmentInUse,
    DescriptionTooLong,
    Made,
    MediaChange,
    MediaNotFound,
    State,
    check_together,
    decode_hashes,
    decode_meta,
    encode_hashes,
    encode_meta,
)
from folkmoot.domain.media.queries import (
    find_attachment,
    get_own_attachment,
    list_all_of_post,
    list_loose,
    list_of_account,
    list_own_attachments,
)
from folkmoot.domain.media.tables import attachments
from folkmoot.kit import clock, jobs
from folkmoot.kit.db import Id, Moment, Tx, command, insert_all, param, within
from folkmoot.kit.settings import Settings

PROCESS = "media.process"
ERASE = "media.erase"

# What is still processing after so long has been given up by every worker.
_STUCK = 12 * clock.HOUR
_SWEEP = 200
_CHANGING = (
    *("kind", "state", "upload", "original", "preview", "mime"),
    *("description", "blurhash", "meta", "failure", "bytes", "hashes"),
)

_ATTACH = command(
    sa.update(attachments)
    .where(attachments.c.id == param("attachment_id"))
    .values(
        post_id=param("to_post_id", Id),
        position=param("at_position", sa.SmallInteger()),
        scheduled_id=sa.null(),
        loose_at=sa.null(),
    )
)
_TAKE_OFF = command(
    sa.update(attachments)
    .where(
        attachments.c.post_id == param("from_post_id"),
        attachments.c.position >= sa.literal_column("0"),
    )
    .values(position=sa.literal_column("-1"))
)
_HOLD = command(
    sa.update(attachments)
    .where(within(attachments.c.id, "ids"))
    .values(scheduled_id=param("for_id", Id), loose_at=sa.null())
)
_LET_GO = command(
    sa.update(attachments)
    .where(attachments.c.scheduled_id == param("for_id"))
    .values(scheduled_id=sa.null(), loose_at=param("at", Moment))
)
_LOOSEN = command(
    sa.update(attachments)
    .where(
        attachments.c.post_id == param("from_post_id"),
        attachments.c.position >= sa.literal_column("0"),
    )
    .values(post_id=sa.null(), loose_at=param("at", Moment))
)
_INSERT = insert_all(attachments)
_SAVE = command(
    sa.update(attachments)
    .where(attachments.c.id == param("attachment_id"))
    .values(
        {
            column: param(f"new_{column.name}")
            for column in attachments.columns
            if column.name in _CHANGING
        }
    )
)
_FAIL_STUCK = command(
    sa.update(attachments)
    .where(
        attachments.c.loose_at < param("before", Moment),
        attachments.c.state == param("processing"),
    )
    .values(state=param("failed"), failure=param("why"))
)
_DELETE = command(sa.delete(attachments).where(within(attachments.c.id, "ids")))


class UploadToProcess(msgspec.Struct, frozen=True):
    """The payload of the job that makes clean files of an upload."""

    attachment_id: AttachmentId


class FilesToErase(msgspec.Struct, frozen=True):
    """The payload of the job that removes files from the store."""

    keys: list[str]


def add_finished(tx: Tx, account_id: int, said: MediaChange, made: Made) -> Attachment:
    """Adds an upload whose files are stored and finished."""
    attachment = _new_attachment(tx, account_id, said, made)
    attachment.state, attachment.original = State.READY, made.original
    tx.insert(_INSERT, attachment)
    return attachment


def add_unfinished(
    tx: Tx, account_id: int, said: MediaChange, begun: Made, *, process_at: int = 0
) -> Attachment:
    """Adds an upload that is stored as it came (`begun.original`), to be processed by a job.

    `begun.preview` is a picture the member chose for it, if any.
    """
    attachment = _new_attachment(tx, account_id, said, begun)
    attachment.state, attachment.upload = State.PROCESSING, begun.original
    tx.insert(_INSERT, attachment)
    jobs.enqueue(tx, PROCESS, UploadToProcess(attachment.id), at=process_at)
    return attachment


def _new_attachment(tx: Tx, account_id: int, said: MediaChange, made: Made) -> Attachment:
    return Attachment(
        id=said.id,
        account_id=AccountId(account_id),
        post_id=None,
        position=0,
        kind=made.kind,
        state="",
        upload="",
        original="",
        preview=made.preview,
        mime=made.mime,
        description=check_description(tx.settings, said.description or ""),
        blurhash=made.blurhash,
        meta=encode_meta(msgspec.structs.replace(made.meta, focus=said.focus)),
        failure="",
        bytes=made.bytes,
        created_at=tx.now,
        scheduled_id=None,
        loose_at=tx.now,
        hashes=encode_hashes(made.hashes),
    )


def finish_attachment(tx: Tx, attachment_id: AttachmentId, made: Made) -> bool:
    """Writes down what the job made; False when nobody waits for it any more.

    What the member set meanwhile (where to look, a picture of their own) stays.
    """
    attachment = find_attachment(tx, attachment_id, lock=True)
    if attachment is None or attachment.state != State.PROCESSING:
        return False
    before, meta = decode_meta(attachment), made.meta
    erase_files(tx, [attachment.upload])
    if attachment.preview:
        erase_files(tx, [made.preview])
        meta = msgspec.structs.replace(meta, preview=before.preview)
    else:
        attachment.preview, attachment.blurhash = made.preview, made.blurhash
    attachment.kind, attachment.state, attachment.upload = made.kind, State.READY, ""
    attachment.original, attachment.mime, attachment.bytes = made.original, made.mime, made.bytes
    attachment.meta = encode_meta(msgspec.structs.replace(meta, focus=before.focus))
    attachment.hashes = encode_hashes((*made.hashes, *decode_hashes(attachment)))
    _save(tx, attachment)
    return True


def fail_attachment(tx: Tx, attachment_id: AttachmentId, why: str) -> None:
    """Notes that nothing could be made of an upload, for a reason the member may read."""
    attachment = find_attachment(tx, attachment_id, lock=True)
    if attachment is None or attachment.state != State.PROCESSING:
        return
    erase_files(tx, [attachment.upload])
    attachment.state, attachment.upload, attachment.failure = State.FAILED, "", why
    _save(tx, attachment)


def attach_media(
    tx: Tx, account_id: AccountId, ids: Sequence[int], *, post_id: int, scheduled_id: int = 0
) -> list[Attachment]:
    """Puts one's attachments on a post, in this order, and takes off what it had else.

    They must be loose, on this post already, or held for this scheduled post.
    """
    found = check_media(tx, account_id, ids, post_id=post_id, scheduled_id=scheduled_id)
    tx.run(_TAKE_OFF, from_post_id=post_id)
    for position, attachment in enumerate(found):
        tx.run(_ATTACH, attachment_id=attachment.id, to_post_id=post_id, at_position=position)
    return found


def check_media(
    tx: Tx, account_id: AccountId, ids: Sequence[int], *, post_id: int = 0, scheduled_id: int = 0
) -> list[Attachment]:
    """The attachments, if they may stand together on such a post; MediaNotFound, TooManyMedia,
    MediaMixed, MediaNotReady or MediaFailed otherwise."""
    found = list_own_attachments(tx, account_id, ids, lock=True)
    free = [
        a for a in found if a.post_id in (None, post_id) and a.scheduled_id in (None, scheduled_id)
    ]
    if len(free) < len(set(ids)):
        missing = sorted(set(ids) - {a.id for a in free})
        raise MediaNotFound(ids=", ".join(map(str, missing)))
    check_together(free, tx.settings.limits.attachments)
    return free


def hold_media(tx: Tx, ids: Sequence[int], *, scheduled_id: int) -> None:
    """Keeps attachments for a scheduled post, however long it takes."""
    tx.run(_HOLD, ids=list(ids), for_id=scheduled_id)


def let_media_go(tx: Tx, *, scheduled_id: int) -> None:
    """Ends that: the attachments are loose."""
    tx.run(_LET_GO, for_id=scheduled_id, at=tx.now)


def release_media(tx: Tx, post_id: int) -> None:
    """Takes attachments off a post that goes: they can be used again for a while. What only its
    history showed is deleted.
    """
    gone = [a for a in list_all_of_post(tx, post_id) if a.position < 0]
    delete_attachments(tx, gone)
    tx.run(_LOOSEN, from_post_id=post_id, at=tx.now)


def delete_media_of(tx: Tx, post_id: int) -> None:
    """Deletes the attachments of a post, those of its history too."""
    delete_attachments(tx, list_all_of_post(tx, post_id))


def delete_attachments(tx: Tx, gone: Iterable[Attachment]) -> None:
    """Deletes attachments now, and their files as soon as this is committed."""
    gone = list(gone)
    erase_files(tx, [key for a in gone for key in (a.upload, a.original, a.preview)])
    if gone:
        tx.run(_DELETE, ids=[a.id for a in gone])


def delete_upload(tx: Tx, account_id: int, attachment_id: int) -> None:
    """Deletes an upload; AttachmentInUse when a post shows or will show it."""
    attachment = get_own_attachment(tx, account_id, attachment_id, lock=True)
    if attachment.loose_at is None:
        raise AttachmentInUse
    delete_attachments(tx, [attachment])


def delete_some_media(tx: Tx, account_id: int) -> bool:
    """Deletes some of what an account ever uploaded; whether any may be left."""
    found = list_of_account(tx, account_id, limit=_SWEEP)
    delete_attachments(tx, found)
    return bool(found)


def delete_loose(tx: Tx) -> int:
    """Deletes some uploads that no post took up in time; returns how many."""
    before = tx.now - tx.settings.retention.unattached_media_hours * clock.HOUR
    found = list_loose(tx, before=before, limit=_SWEEP)
    delete_attachments(tx, found)
    return len(found)


def fail_stuck(tx: Tx) -> int:
    """Says so where processing never came to an end; returns how many there were."""
    return tx.run(
        _FAIL_STUCK,
        processing=State.PROCESSING,
        failed=State.FAILED,
        why="it took too long",
        before=tx.now - _STUCK,
    )


def erase_files(tx: Tx, keys: Iterable[str]) -> None:
    """Removes stored files after the commit, whatever happens to this process (I8)."""
    wanted = sorted({key for key in keys if key})
    if wanted:
        jobs.enqueue(tx, ERASE, FilesToErase(wanted))


def describe_media(tx: Tx, account_id: AccountId, changes: Sequence[MediaChange]) -> bool:
    """Gives one's attachments other descriptions, points to look at or previews; returns whether
    any did change. MediaNotFound for those of others."""
    own = list_own_attachments(tx, account_id, [c.id for c in changes], lock=True)
    found = {a.id: a for a in own}
    missing = [c.id for c in changes if c.id not in found]
    if missing:
        raise MediaNotFound(ids=", ".join(map(str, missing)))
    changed = [_described(tx, found[change.id], change) for change in changes]
    return any(changed)


def _described(tx: Tx, attachment: Attachment, change: MediaChange) -> bool:
    before = attachment.description, attachment.meta, attachment.preview
    if change.description is not None:
        attachment.description = check_description(tx.settings, change.description)
    if change.focus is not None:
        meta = msgspec.structs.replace(decode_meta(attachment), focus=change.focus)
        attachment.meta = encode_meta(meta)
    if change.preview is not None:
        _show_preview(tx, attachment, change.preview)
    if (attachment.description, attachment.meta, attachment.preview) == before:
        return False
    _save(tx, attachment)
    return True


def _show_preview(tx: Tx, attachment: Attachment, chosen: Made) -> None:
    erase_files(tx, [attachment.preview])
    attachment.preview, attachment.blurhash = chosen.preview, chosen.blurhash
    meta = msgspec.structs.replace(decode_meta(attachment), preview=chosen.meta.preview)
    attachment.meta = encode_meta(meta)
    own = (each for each in decode_hashes(attachment) if not each.chosen)
    attachment.hashes = encode_hashes((*own, *chosen.hashes))


def check_description(settings: Settings, text: str) -> str:
    """The description without blanks around it; DescriptionTooLong when it is."""
    most = settings.limits.alt_chars
    if len(text.strip()) > most:
        raise DescriptionTooLong(most=most)
    return text.strip()


def _save(tx: Tx, attachment: Attachment) -> None:
    changed = {f"new_{name}": getattr(attachment, name) for name in _CHANGING}
    tx.run(_SAVE, attachment_id=attachment.id, **changed)
