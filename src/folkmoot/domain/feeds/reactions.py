"""What feeds do when posts, follows, tags and lists come and go."""

from folkmoot.domain.accounts.events import AccountDeleted
from folkmoot.domain.accounts.model import Account
from folkmoot.domain.boundaries.events import AccountBlocked
from folkmoot.domain.feeds import actions, queries
from folkmoot.domain.feeds.jobs import enqueue_rebuild, enqueue_rest, mark_fresh
from folkmoot.domain.feeds.model import Source, describe_loss, entry_of
from folkmoot.domain.lists.events import ListDeleted, ListMembersChanged, ListPolicyChanged
from folkmoot.domain.posts.events import (
    PostBoosted,
    PostDeleted,
    PostEdited,
    PostPublished,
    PostRestrained,
    PostTouched,
)
from folkmoot.domain.posts.model import Post, Visibility
from folkmoot.domain.relationships.events import (
    AccountFollowed,
    AccountUnfollowed,
    FollowChanged,
    HomeChanged,
)
from folkmoot.domain.tags.events import TagFollowed, TagUnfollowed
from folkmoot.kit.db import Tx

_AT_ONCE = 20
"""So many new members' posts come into a list at once; for more, a job makes the feed anew."""


def place_post(tx: Tx, fact: PostPublished) -> None:
    if fact.post.visibility == Visibility.DIRECT:
        mark_fresh(tx, entry_of(fact.post))
        actions.place_direct(tx, fact.post, fact.mentioned_ids)
    else:
        _place(tx, fact.post, None, fact.author)
    tx.signal("post", fact.post.id)


def tell_edited(tx: Tx, fact: PostEdited | PostTouched) -> None:
    tx.signal("post.edited", fact.post.id)


def tell_restrained(tx: Tx, fact: PostRestrained) -> None:
    """To those who may no longer read it, a withheld post looks deleted; feeds keep its place."""
    if fact.post.visibility == Visibility.WITHHELD:
        feeds = queries.list_feeds_of(tx, fact.post.id)
        tx.signal("post.deleted", fact.post.id, describe_loss(fact.before.visibility, feeds))
    else:
        tx.signal("post.edited", fact.post.id)


def place_boost(tx: Tx, fact: PostBoosted) -> None:
    _place(tx, fact.boost, fact.original, fact.booster)
    tx.signal("post", fact.boost.id)


def _place(tx: Tx, post: Post, original: Post | None, author: Account) -> None:
    """The author's home and the first batch of each source now, the rest by jobs."""
    entry = entry_of(post, original)
    mark_fresh(tx, entry)
    actions.place_in(tx, author.id, entry)
    few = author.followers_count < actions.BATCH
    for source in actions.list_sources(post, original):
        rest = actions.place_batch(
            tx, source, post, original, after_id=0, few=few and source is not Source.TAGS
        )
        if rest is not None:
            enqueue_rest(tx, post.id, source, rest)


def forget_post(tx: Tx, fact: PostDeleted) -> None:
    feeds = actions.forget_post(tx, fact.post.id)
    tx.signal("post.deleted", fact.post.id, describe_loss(fact.post.visibility, feeds))


def fill_home(tx: Tx, fact: AccountFollowed) -> None:
    actions.fill_home(tx, fact.follow)


def refill_home(tx: Tx, fact: FollowChanged) -> None:
    actions.clear_author(tx, fact.follow.follower_id, fact.follow.followed_id)
    if fact.follow.in_home:
        actions.fill_home(tx, fact.follow)


def settle_home(tx: Tx, fact: HomeChanged) -> None:
    if fact.follow.in_home:
        actions.fill_home(tx, fact.follow)
    else:
        actions.clear_author(tx, fact.follow.follower_id, fact.follow.followed_id)


def clear_home(tx: Tx, fact: AccountUnfollowed) -> None:
    actions.clear_author(tx, fact.follower_id, fact.followed_id)


def part_homes(tx: Tx, fact: AccountBlocked) -> None:
    actions.clear_everything_of(tx, fact.account_id, fact.target_id)
    actions.clear_everything_of(tx, fact.target_id, fact.account_id)


def fill_tag(tx: Tx, fact: TagFollowed) -> None:
    actions.fill_tag(tx, fact.account_id, fact.tag_id)


def clear_tag(tx: Tx, fact: TagUnfollowed) -> None:
    actions.clear_tag(tx, fact.account_id, fact.tag_id)


def change_list(tx: Tx, fact: ListMembersChanged) -> None:
    for account_id in fact.removed:
        actions.clear_author(tx, fact.list.id, account_id)
    if len(fact.added) > _AT_ONCE:
        enqueue_rebuild(tx, fact.list.id)
    else:
        for account_id in fact.added:
            actions.fill_list(tx, fact.list, account_id)


def rebuild_list(tx: Tx, fact: ListPolicyChanged) -> None:
    enqueue_rebuild(tx, fact.list.id)


def forget_list(tx: Tx, fact: ListDeleted) -> None:
    actions.clear_feed(tx, fact.list.id)


def forget_account(tx: Tx, fact: AccountDeleted) -> None:
    actions.forget_account(tx, fact.account_id)
