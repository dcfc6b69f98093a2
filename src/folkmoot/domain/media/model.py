"""Attachments as values."""

from collections.abc import Sequence
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Invalid

AttachmentId = NewType("AttachmentId", int)


class MediaInvalid(Invalid):
    """The media are not valid"""


class MediaNotFound(Invalid):
    """Media {ids} not found or already attached to another post"""


class MediaNotReady(Invalid):
    """Cannot attach files that have not finished processing. Try again in a moment!"""


class MediaFailed(Invalid):
    """Cannot attach files that could not be processed"""


class MediaMixed(Invalid):
    """Cannot attach a video or a sound to a post that has other media"""


class TooManyMedia(Invalid):
    """Cannot attach more than {most} files"""


class Attachment(msgspec.Struct):
    """A row of attachments, in the table's order."""

    id: AttachmentId
    account_id: AccountId
    post_id: int | None
    position: int
    kind: str
    state: str
    original: str
    preview: str
    description: str
    blurhash: str
    meta: str
    bytes: int
    created_at: int
    scheduled_id: int | None = None
    loose_at: int | None = None


class MediaChange(msgspec.Struct, frozen=True):
    """What an author says anew of an attachment; None leaves as it is. `focus` is where to look,
    each way from -1 to 1, from the middle, upwards positive."""

    id: AttachmentId
    description: str | None = None
    focus: tuple[float, float] | None = None


def check_together(attachments: Sequence[Attachment], most: int) -> None:
    """Refuses what cannot stand together on a post."""
    if len(attachments) > most:
        raise TooManyMedia(most=most)
    if len(attachments) > 1 and any(a.kind in ("video", "audio") for a in attachments):
        raise MediaMixed
    if any(a.state == "processing" for a in attachments):
        raise MediaNotReady
    if any(a.state == "failed" for a in attachments):
        raise MediaFailed
