"""MediaAttachment."""

from typing import Any

import msgspec

from folkmoot.domain.media.model import Attachment
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
    return MediaAttachment(
        id=str(attachment.id),
        type=attachment.kind,
        url=app.media_url(attachment.original),
        preview_url=app.media_url(attachment.preview) or app.media_url(attachment.original),
        meta=msgspec.json.decode(attachment.meta, type=dict[str, Any]),
        description=attachment.description or None,
        blurhash=attachment.blurhash or None,
    )
