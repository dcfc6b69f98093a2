"""Reads of attachments."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.media.model import (
    AVATARS,
    HEADERS,
    Attachment,
    AttachmentId,
    AttachmentKeys,
    AttachmentNotFound,
    PortraitKeys,
)
from folkmoot.domain.media.tables import attachments
from folkmoot.kit.db import Moment, Tx, param, rows, within

_OF_POSTS = rows(
    sa.select(attachments)
    .where(
        within(attachments.c.post_id, "post_ids"),
        attachments.c.position >= sa.literal_column("0"),
    )
    .order_by(attachments.c.post_id, attachments.c.position),
    Attachment,
)

_OF_POST = rows(
    sa.select(attachments)
    .where(attachments.c.post_id == param("post_id"))
    .order_by(attachments.c.position),
    Attachment,
)
_own = (
    sa.select(attachments)
    .where(within(attachments.c.id, "ids"), attachments.c.account_id == param("account_id"))
    .order_by(attachments.c.id)  # who locks several locks them in one order
)
_OWN = rows(_own, Attachment)
_OWN_LOCKED = rows(_own.with_for_update(), Attachment)
_by_id = sa.select(attachments).where(attachments.c.id == param("id"))
_BY_ID = rows(_by_id, Attachment)
_BY_ID_LOCKED = rows(_by_id.with_for_update(), Attachment)
_OF_ACCOUNT = rows(
    sa.select(attachments)
    .where(attachments.c.account_id == param("account_id"))
    .order_by(attachments.c.id)
    .limit(param("limit", sa.Integer())),
    Attachment,
)
_LOOSE = rows(
    sa.select(attachments)
    .where(attachments.c.loose_at.is_not(None), attachments.c.loose_at < param("before", Moment))
    .order_by(attachments.c.loose_at)
    .limit(param("limit", sa.Integer())),
    Attachment,
)
_KEYS_OF_ATTACHMENTS = rows(
    sa.select(attachments.c.upload, attachments.c.original, attachments.c.preview).where(
        within(attachments.c.id, "ids")
    ),
    AttachmentKeys,
)
_KEYS_OF_ACCOUNTS = rows(
    sa.select(
        accounts.c.avatar, accounts.c.avatar_static, accounts.c.header, accounts.c.header_static
    ).where(within(accounts.c.id, "ids")),
    PortraitKeys,
)


def find_attachment(tx: Tx, attachment_id: int, *, lock: bool = False) -> Attachment | None:
    """The attachment of an id, whosever it is. Whoever changes it locks it until the end of the
    transaction, here and where else one may.
    """
    return tx.first(_BY_ID_LOCKED if lock else _BY_ID, id=attachment_id)


def get_own_attachment(
    tx: Tx, account_id: int, attachment_id: int, *, lock: bool = False
) -> Attachment:
    """One's own attachment; AttachmentNotFound when it is not there or somebody else's."""
    found = find_attachment(tx, attachment_id, lock=lock)
    if found is None or found.account_id != account_id:
        raise AttachmentNotFound
    return found


def get_loose_attachment(tx: Tx, account_id: int, attachment_id: int) -> Attachment:
    """The same, but AttachmentNotFound too when a post shows or will show it."""
    found = get_own_attachment(tx, account_id, attachment_id)
    if found.loose_at is None:
        raise AttachmentNotFound
    return found


def list_of_account(tx: Tx, account_id: int, *, limit: int) -> list[Attachment]:
    """The oldest attachments of an account."""
    return tx.all(_OF_ACCOUNT, account_id=account_id, limit=limit)


def list_loose(tx: Tx, *, before: int, limit: int) -> list[Attachment]:
    """Attachments that no post has shown since before a moment, and none will."""
    return tx.all(_LOOSE, before=before, limit=limit)


def list_keys(tx: Tx, folder: str, ids: Sequence[int]) -> set[str]:
    """The keys of all files in the folder that these attachments or accounts still need."""
    of_accounts = folder in (AVATARS, HEADERS)
    found: list[AttachmentKeys] | list[PortraitKeys] = (
        tx.all(_KEYS_OF_ACCOUNTS, ids=list(ids))
        if of_accounts
        else tx.all(_KEYS_OF_ATTACHMENTS, ids=list(ids))
    )
    return {key for keys in found for key in msgspec.structs.astuple(keys) if key}


def list_own_attachments(
    tx: Tx, account_id: int, ids: Sequence[int], *, lock: bool = False
) -> list[Attachment]:
    """Those of the attachments that the account uploaded, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    query = _OWN_LOCKED if lock else _OWN
    found = {a.id: a for a in tx.all(query, ids=wanted, account_id=account_id)}
    return [found[i] for i in map(AttachmentId, wanted) if i in found]


def list_all_of_post(tx: Tx, post_id: int) -> list[Attachment]:
    """Every attachment a post has or had before an edit."""
    return tx.all(_OF_POST, post_id=post_id)


def list_attachments(tx: Tx, post_ids: list[int]) -> dict[int, list[Attachment]]:
    """The attachments of each of these posts, in order."""
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if post_ids:
        for attachment in tx.all(_OF_POSTS, post_ids=post_ids):
            if attachment.post_id is not None:
                found[attachment.post_id].append(attachment)
    return found
