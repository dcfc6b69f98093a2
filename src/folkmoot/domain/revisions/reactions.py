"""What earlier versions do when a post goes: they go with it."""

import sqlalchemy as sa

from folkmoot.domain.posts.events import PostDeleted
from folkmoot.domain.revisions.tables import post_edits
from folkmoot.kit.db import Tx, command, param

_FORGET = command(sa.delete(post_edits).where(post_edits.c.post_id == param("post_id")))


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    if fact.post.edited_at is not None:
        tx.run(_FORGET, post_id=fact.post.id)
