"""Pictures among parameters: files of a form, or data URLs (RFC 2397) where a client sends JSON."""

import asyncio
import base64
import binascii

from folkmoot.domain.media.jobs import check_picture_size
from folkmoot.kit.errors import Invalid
from folkmoot.surfaces.mastodon.operations import Call, Upload


class PictureInvalid(Invalid):
    """A picture must be sent as a file, or as a data URL in base64"""


async def read_picture(call: Call, picture: Upload | str | None) -> bytes | None:
    """The bytes of a picture; None where none was sent. Clients send "" for "unchanged".
    PictureInvalid, UploadTooLarge.
    """
    if isinstance(picture, Upload):
        check_picture_size(call.app.settings, picture.size)
        return bytes(await asyncio.to_thread(picture.file.read)) if picture.size else None
    if not picture:
        return None
    head, comma, data = picture.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        raise PictureInvalid
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureInvalid from error
