"""Reads of earlier versions."""

import sqlalchemy as sa

from folkmoot.domain.posts.model import PostId
from folkmoot.domain.revisions.model import Version
from folkmoot.domain.revisions.tables import post_edits
from folkmoot.kit.db import Tx, param, rows

_OF_POST = rows(
    sa.select(post_edits).where(post_edits.c.post_id == param("post_id")).order_by(post_edits.c.id),
    Version,
)


def list_versions(tx: Tx, post_id: PostId) -> list[Version]:
    """What a post was before each of its edits, oldest first; what it is now is not among them."""
    return tx.all(_OF_POST, post_id=post_id)
