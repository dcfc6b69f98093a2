"""Writes of attachments: onto posts, onto scheduled posts, off them again."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.media.model import (
    Attachment,
    MediaChange,
    MediaInvalid,
    MediaNotFound,
    check_together,
)
from folkmoot.domain.media.queries import list_all_of_post, list_own_attachments
from folkmoot.domain.media.tables import attachments
from folkmoot.kit import jobs
from folkmoot.kit.db import Id, Moment, Tx, command, param, within

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
_DESCRIBE = command(
    sa.update(attachments)
    .where(attachments.c.id == param("attachment_id"))
    .values(description=param("new_description"), meta=param("new_meta"))
)
_DELETE = command(sa.delete(attachments).where(within(attachments.c.id, "ids")))


class FilesToErase(msgspec.Struct, frozen=True):
    """The payload of the job that removes files from the store."""

    keys: list[str]


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
    found = list_own_attachments(tx, account_id, ids)
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
    keys = [key for a in gone for key in (a.original, a.preview) if key]
    if keys:
        jobs.enqueue(tx, "media.erase", FilesToErase(sorted(set(keys))))
    if gone:
        tx.run(_DELETE, ids=[a.id for a in gone])


def describe_media(tx: Tx, account_id: AccountId, changes: Sequence[MediaChange]) -> bool:
    """Gives one's attachments other descriptions or points to look at; returns whether any did
    change. MediaNotFound for those of others."""
    found = {a.id: a for a in list_own_attachments(tx, account_id, [c.id for c in changes])}
    missing = [c.id for c in changes if c.id not in found]
    if missing:
        raise MediaNotFound(ids=", ".join(map(str, missing)))
    changed = False
    for change in changes:
        attachment = found[change.id]
        description, meta = _described(tx, attachment, change)
        if (description, meta) != (attachment.description, attachment.meta):
            row = {"new_description": description, "new_meta": meta}
            tx.run(_DESCRIBE, attachment_id=attachment.id, **row)
            changed = True
    return changed


def _described(tx: Tx, attachment: Attachment, change: MediaChange) -> tuple[str, str]:
    description = attachment.description
    if change.description is not None:
        description = change.description.strip()
        most = tx.settings.limits.alt_chars
        if len(description) > most:
            raise MediaInvalid(f"Description is too long (maximum is {most} characters)")
    meta = attachment.meta
    if change.focus is not None:
        x, y = (max(-1.0, min(1.0, part)) for part in change.focus)
        told: dict[str, Any] = msgspec.json.decode(meta, type=dict[str, Any])
        told["focus"] = {"x": x, "y": y}
        if told != msgspec.json.decode(meta):
            meta = msgspec.json.encode(told).decode()
    return description, meta
