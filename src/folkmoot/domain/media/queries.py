"""Reads of attachments."""

from collections import defaultdict

import sqlalchemy as sa

from folkmoot.domain.media.model import Attachment
from folkmoot.domain.media.tables import attachments
from folkmoot.kit.db import Tx, rows, within

_OF_POSTS = rows(
    sa.select(attachments)
    .where(within(attachments.c.post_id, "post_ids"))
    .order_by(attachments.c.post_id, attachments.c.position),
    Attachment,
)


def list_attachments(tx: Tx, post_ids: list[int]) -> dict[int, list[Attachment]]:
    """The attachments of each of these posts, in order."""
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if post_ids:
        for attachment in tx.all(_OF_POSTS, post_ids=post_ids):
            if attachment.post_id is not None:
                found[attachment.post_id].append(attachment)
    return found
