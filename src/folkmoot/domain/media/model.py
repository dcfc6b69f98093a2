"""Attachments as values, where their files lie, and what a post may carry."""

import math
import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId
from folkmoot.kit.errors import Invalid, NotFound
from folkmoot.kit.ids import parse_id

AttachmentId = NewType("AttachmentId", int)

READABLE_TYPES = (
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"),
    *("video/mp4", "video/quicktime", "video/webm", "video/ogg", "video/x-matroska"),
    *("audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a", "audio/aac"),
    *("audio/ogg", "audio/vorbis", "audio/webm", "audio/flac", "audio/3gpp", "audio/x-ms-asf"),
    *("audio/wav", "audio/wave", "audio/x-wav", "audio/x-pn-wave", "audio/vnd.wave"),
)
"""What may be uploaded, under every name that clients know it by."""


ATTACHMENTS = "attachments"
UPLOADS = "uploads"
AVATARS = "avatars"
HEADERS = "headers"
FOLDERS = (ATTACHMENTS, UPLOADS, AVATARS, HEADERS)
"""Where files lie in the store. Uploads, as they came, hold metadata and are shown to nobody."""


class Kind(StrEnum):
    """A gifv is a moving picture without sound, played again and again."""

    IMAGE = "image"
    GIFV = "gifv"
    VIDEO = "video"
    AUDIO = "audio"


class State(StrEnum):
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class AttachmentNotFound(NotFound):
    """Record not found"""


class AttachmentInUse(Invalid):
    """Media attachment is currently used by a status"""


class UploadUnknown(Invalid):
    """File type of uploaded media could not be verified: {readable} can be uploaded"""


class UploadMissing(Invalid):
    """File can't be blank"""


class UploadTooLarge(Invalid):
    """File must be less than {bytes_max} bytes"""


class UploadGone(Invalid):
    """The uploaded file is not there any more"""


class ProcessingFailed(Invalid):
    """Error processing uploaded media: {why}"""


class DescriptionTooLong(Invalid):
    """Description is too long (maximum is {most} characters)"""


class FocusInvalid(Invalid):
    """Focus must be two numbers between -1 and 1, as in 0.5,-0.25"""


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


class Size(msgspec.Struct, frozen=True):
    width: int
    height: int


class Focus(msgspec.Struct, frozen=True):
    """Where to look in a crop, each way from -1 to 1, from the middle, upwards positive."""

    x: float
    y: float


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of the files. Pictures have a size, sounds a length, films both."""

    original: Size | None = None
    preview: Size | None = None
    focus: Focus | None = None
    duration_s: float = 0
    length: str = ""
    frame_rate: str = ""
    fps: int = 0
    bitrate: int = 0
    audio_encode: str = ""
    audio_rate_hz: int = 0
    audio_channels: str = ""


LEAST_QUALITY = 50
"""Pictures with less in them are not known again by their hashes: Meta, whose PDQ it is, advises so
(README of pdq in github.com/facebook/ThreatExchange)."""


class PictureHash(msgspec.Struct, frozen=True, omit_defaults=True):
    """By what a picture is known again (`kit.pdq`), and from 0 to 100 how surely. `chosen` is one
    that the member chose to stand for the attachment, not what it shows itself.
    """

    pdq: str
    quality: int
    chosen: bool = False

    @property
    def is_sure(self) -> bool:
        return self.quality >= LEAST_QUALITY


class Attachment(msgspec.Struct):
    """A row of attachments, in the table's order."""

    id: AttachmentId
    account_id: AccountId
    post_id: int | None
    position: int
    kind: str
    state: str
    upload: str
    original: str
    preview: str
    mime: str
    description: str
    blurhash: str
    meta: str
    failure: str
    bytes: int
    created_at: int
    scheduled_id: int | None = None
    loose_at: int | None = None
    hashes: str = "[]"


class AttachmentKeys(msgspec.Struct):
    upload: str
    original: str
    preview: str


class PortraitKeys(msgspec.Struct):
    avatar: str
    avatar_static: str
    header: str
    header_static: str


class Portrait(msgspec.Struct, frozen=True):
    """An avatar or header that is stored: its files, the second one without motion, and the hash by
    which it is known again; empty where there is too little in it for that.
    """

    key: str
    static_key: str
    pdq: str = ""


class Made(msgspec.Struct, frozen=True):
    """What processing made of an upload: files that are stored already, and what is in them.
    `hashes` are of the pictures it shows: itself or a film's frame, and one chosen in its place.
    """

    kind: Kind
    original: str
    preview: str
    mime: str
    blurhash: str
    bytes: int
    meta: Meta
    hashes: tuple[PictureHash, ...] = ()


class MediaChange(msgspec.Struct, frozen=True):
    """What an author says anew of an attachment; None leaves as it is. `preview` holds another
    picture as its preview, with its blurhash.
    """

    id: AttachmentId
    description: str | None = None
    focus: Focus | None = None
    preview: Made | None = None


def decode_meta(attachment: Attachment) -> Meta:
    return msgspec.json.decode(attachment.meta or "{}", type=Meta)


def encode_meta(meta: Meta) -> str:
    return msgspec.json.encode(meta).decode()


def decode_hashes(attachment: Attachment) -> tuple[PictureHash, ...]:
    if attachment.hashes == "[]":
        return ()
    return msgspec.json.decode(attachment.hashes, type=tuple[PictureHash, ...])


def encode_hashes(hashes: Iterable[PictureHash]) -> str:
    return msgspec.json.encode(list(hashes)).decode()


def parse_focus(text: str) -> Focus:
    """The point of `x,y`, brought inside the picture; FocusInvalid when it is none."""
    x, comma, y = text.partition(",")
    try:
        parts = float(x), float(y)
    except ValueError:
        raise FocusInvalid from None
    if not comma or not all(math.isfinite(part) for part in parts):
        raise FocusInvalid
    return Focus(*(max(-1.0, min(1.0, part)) for part in parts))


def check_together(attachments: Sequence[Attachment], most: int) -> None:
    """Refuses what cannot stand together on a post."""
    if len(attachments) > most:
        raise TooManyMedia(most=most)
    if len(attachments) > 1 and any(a.kind in (Kind.VIDEO, Kind.AUDIO) for a in attachments):
        raise MediaMixed
    if any(a.state == State.PROCESSING for a in attachments):
        raise MediaNotReady
    if any(a.state == State.FAILED for a in attachments):
        raise MediaFailed


def id_of_key(key: str) -> int:
    """The attachment or account that a file was stored for; 0 when the key does not say."""
    return parse_id(key.rpartition("/")[2].partition("-")[0])


def file_key(folder: str, identifier: int, suffix: str) -> str:
    """A key under which a new file can be stored and that nobody can guess.

    It changes with every file, so that caches may keep what they have for ever.
    """
    token = secrets.token_hex(8)
    return f"{folder}/{token[:3]}/{identifier}-{token}{suffix}"
