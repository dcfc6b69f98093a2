"""/api/v1/media, /api/v2/media"""

from typing import Annotated

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.media import actions, jobs, queries
from folkmoot.domain.media.model import (
    Attachment,
    AttachmentId,
    Made,
    MediaChange,
    ProcessingFailed,
    State,
    UploadMissing,
    parse_focus,
)
from folkmoot.kit.db import Tx
from folkmoot.surfaces.mastodon.entities.media_attachment import (
    MediaAttachment,
    build_attachment,
)
from folkmoot.surfaces.mastodon.operations import (
    NEEDED,
    Answer,
    Call,
    Router,
    Upload,
)
from folkmoot.surfaces.mastodon.pictures import read_picture

router = Router("media")


class UploadParams(msgspec.Struct):
    """A file and what its author says about it."""

    file: Annotated[Upload | None, NEEDED] = None
    thumbnail: Upload | str | None = None
    description: str | None = None
    focus: str | None = None


class ChangeParams(msgspec.Struct):
    """What is to be said instead; what is absent stays."""

    thumbnail: Upload | str | None = None
    description: str | None = None
    focus: str | None = None


@router.post(
    "/api/v2/media", scope="write:media", returns=MediaAttachment, rate="media", also=(202,)
)
async def upload(call: Call, params: UploadParams) -> Answer:
    """Takes a file in: 200 when it is ready, 202 while it is being processed."""
    attachment = await _upload(call, params, wait=False)
    return _answer(call, attachment, unfinished=202)


@router.post(
    "/api/v1/media", scope="write:media", returns=MediaAttachment, rate="media", also=(202,)
)
async def upload_and_wait(call: Call, params: UploadParams) -> Answer:
    """Takes a file in and answers when it is ready."""
    attachment = await _upload(call, params, wait=True)
    return _answer(call, attachment, unfinished=202)


@router.get("/api/v1/media/{id}", scope="write:media", returns=MediaAttachment, also=(206,))
def show(call: Call) -> Answer:
    """One's own medium: 200 when it is ready, 206 while it is being processed."""
    attachment = queries.get_own_attachment(call.tx, call.me.account_id, call.id())
    return _answer(call, attachment, unfinished=206)


@router.put("/api/v1/media/{id}", scope="write:media", returns=MediaAttachment, also=(206,))
async def change(call: Call, params: ChangeParams) -> Answer:
    """Changes what is said about a medium before it is posted."""
    account_id, attachment_id = call.me.account_id, AttachmentId(call.id())
    focus = None if params.focus is None else parse_focus(params.focus)
    preview = await read_preview(call, attachment_id, params.thumbnail)
    said = MediaChange(attachment_id, params.description, focus, preview)
    attachment = await call.app.db.write(_describe, account_id, said)
    return _answer(call, attachment, unfinished=206)


@router.delete("/api/v1/media/{id}", scope="write:media")
def delete(call: Call) -> Answer:
    """Deletes a medium that no status shows."""
    actions.delete_upload(call.tx, call.me.account_id, call.id())
    return Answer({})


async def _upload(call: Call, params: UploadParams, *, wait: bool) -> Attachment:
    if params.file is None or params.file.size == 0:
        raise UploadMissing
    return await jobs.accept_upload(
        call.app.context,
        call.me.account_id,
        file=params.file.file,
        size=params.file.size,
        description=params.description or "",
        focus=parse_focus(params.focus) if params.focus else None,
        preview=await read_picture(call, params.thumbnail),
        wait=wait,
    )


async def read_preview(call: Call, attachment_id: int, picture: Upload | str | None) -> Made | None:
    """A picture that is to stand for one's own attachment, stored; None where none was sent."""
    content = await read_picture(call, picture)
    if content is None:
        return None
    return await jobs.make_preview(call.app.context, call.me.account_id, attachment_id, content)


def _describe(tx: Tx, account_id: int, said: MediaChange) -> Attachment:
    queries.get_loose_attachment(tx, account_id, said.id)
    actions.describe_media(tx, AccountId(account_id), [said])
    return queries.get_own_attachment(tx, account_id, said.id)


def _answer(call: Call, attachment: Attachment, *, unfinished: int) -> Answer:
    if attachment.state == State.FAILED:
        raise ProcessingFailed(why=attachment.failure)
    status = 200 if attachment.state == State.READY else unfinished
    return Answer(build_attachment(call.app, attachment), status)
