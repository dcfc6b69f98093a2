"""What feeds do when posts appear and go."""

import sqlalchemy as sa

from folkmoot.domain.posts.events import PostBoosted, PostDeleted, PostPublished
from folkmoot.domain.posts.model import Visibility
from folkmoot.domain.relationships.events import (
    AccountBlocked,
    AccountFollowed,
    AccountUnfollowed,
    FollowChanged,
)
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


def fill_home(tx: Tx, fact: AccountFollowed) -> None:
    actions.fill_from(tx, fact.follow)


def refill_home(tx: Tx, fact: FollowChanged) -> None:
    actions.clear_author(tx, fact.follow.follower_id, fact.follow.followed_id)
    actions.fill_from(tx, fact.follow)


def clear_home(tx: Tx, fact: AccountUnfollowed) -> None:
    actions.clear_author(tx, fact.follower_id, fact.followed_id)


def part_homes(tx: Tx, fact: AccountBlocked) -> None:
    actions.clear_everything_of(tx, fact.account_id, fact.target_id)
    actions.clear_everything_of(tx, fact.target_id, fact.account_id)
