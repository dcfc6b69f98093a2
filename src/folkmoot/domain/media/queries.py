"""Reads of attachments."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from folkmoot.domain.media.model import Attachment, AttachmentId
from folkmoot.domain.media.tables import attachments
from folkmoot.kit.db import Tx, param, rows, within

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
_BY_IDS = rows(
    sa.select(attachments).where(
        within(attachments.c.id, "ids"), attachments.c.account_id == param("account_id")
    ),
    Attachment,
)


def list_own_attachments(tx: Tx, account_id: int, ids: Sequence[int]) -> list[Attachment]:
    """Those of the attachments that the account uploaded, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {a.id: a for a in tx.all(_BY_IDS, ids=wanted, account_id=account_id)}
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
