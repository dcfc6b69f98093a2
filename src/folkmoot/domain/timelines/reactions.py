"""What feeds do when posts appear and go."""

import sqlalchemy as sa

from folkmoot.domain.posts.events import PostBoosted, PostDeleted, PostPublished
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.timelines import actions
from folkmoot.domain.timelines.tables import feed_entries
from folkmoot.kit.db import Tx, command, param

_FORGET = command(sa.delete(feed_entries).where(feed_entries.c.post_id == param("post_id")))


def place_post(tx: Tx, fact: PostPublished) -> None:
    if fact.post.visibility != Visibility.DIRECT:
        actions.place_post(tx, fact.post)
    tx.signal("post", fact.post.id)


def place_boost(tx: Tx, fact: PostBoosted) -> None:
    actions.place_post(tx, fact.boost, original=fact.original)
    tx.signal("post", fact.boost.id)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    tx.run(_FORGET, post_id=fact.post.id)
    tx.signal("post.deleted", fact.post.id)
