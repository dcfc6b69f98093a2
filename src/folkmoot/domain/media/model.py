"""Attachments as values."""

from typing import NewType

import msgspec

from folkmoot.domain.accounts.model import AccountId

AttachmentId = NewType("AttachmentId", int)


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
