"""MediaAttachment."""

from typing import Any

import msgspec

from folkmoot.domain.media.model import (
    Attachment,
    Kind,
    Meta,
    Size,
    State,
    decode_meta,
)
from folkmoot.surfaces.app import App


class MediaAttachment(msgspec.Struct, kw_only=True):
    """A picture, film or sound of a status; `url` is null while it is processed."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: dict[str, Any]
    description: str | None
    blurhash: str | None


def build_attachment(app: App, attachment: Attachment) -> MediaAttachment:
    """The entity of an attachment."""
    ready = attachment.state == State.READY
    picture = attachment.original if attachment.kind == Kind.IMAGE else ""
    return MediaAttachment(
        id=str(attachment.id),
        type=attachment.kind,
        url=app.media_url(attachment.original) if ready else None,
        preview_url=app.media_url(attachment.preview or picture) if ready else None,
        meta=_meta(decode_meta(attachment)),
        description=attachment.description or None,
        blurhash=attachment.blurhash or None,
    )


def _meta(meta: Meta) -> dict[str, Any]:
    """Mastodon's mixture: facts of films and sounds on top, sizes of both files below."""
    told: dict[str, Any] = {}
    if meta.focus is not None:
        told["focus"] = {"x": meta.focus.x, "y": meta.focus.y}
    if meta.length:
        told |= _recording(meta)
    elif meta.original is not None:
        told["original"] = _size(meta.original)
    if meta.preview is not None:
        told["small"] = _size(meta.preview)
    return told


def _recording(meta: Meta) -> dict[str, Any]:
    told: dict[str, Any] = {"length": meta.length, "duration": round(meta.duration_s, 2)}
    original: dict[str, Any] = {"duration": meta.duration_s, "bitrate": meta.bitrate}
    if meta.original is not None:
        told |= {"fps": meta.fps, **_size(meta.original)}
        size = {"width": meta.original.width, "height": meta.original.height}
        original = {**size, "frame_rate": meta.frame_rate, **original}
    if meta.audio_encode:
        told["audio_encode"] = meta.audio_encode
        # The name is Mastodon's: it holds the sampling rate.
        told["audio_bitrate"] = f"{meta.audio_rate_hz} Hz"
        told["audio_channels"] = meta.audio_channels
    return told | {"original": original}


def _size(size: Size) -> dict[str, Any]:
    return {
        "width": size.width,
        "height": size.height,
        "size": f"{size.width}x{size.height}",
        "aspect": size.width / max(1, size.height),
    }
