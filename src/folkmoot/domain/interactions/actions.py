"""Writes of interactions. All but a vote may be repeated: the second time changes nothing."""

from collections.abc import Sequence

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import get_account
from folkmoot.domain.interactions.events import PostFavourited, PostUnfavourited
from folkmoot.domain.interactions.model import (
    BoostNotPinned,
    DirectNotPinned,
    OthersNotPinned,
    TooManyPinned,
)
from folkmoot.domain.interactions.queries import get_visible_poll
from folkmoot.domain.interactions.tables import bookmarks, favourites, thread_mutes
from folkmoot.domain.polls import actions as polls_actions
from folkmoot.domain.polls.model import Poll
from folkmoot.domain.polls.queries import get_poll
from folkmoot.domain.posts.actions import count_favourite, set_pinned, touch_post
from folkmoot.domain.posts.events import PostTouched
from folkmoot.domain.posts.model import Post, PostId, Visibility
from folkmoot.domain.posts.queries import (
    count_pinned,
    get_original,
    get_own_post,
    get_post,
    get_visible_post,
)
from folkmoot.domain.relationships.queries import check_contact
from folkmoot.kit.db import Tx, command, delete_some, insert_all, param, values, within
from folkmoot.kit.ids import new_id

_FAVOURITE = insert_all(favourites, or_ignore=True)
_UNFAVOURITE = command(
    sa.delete(favourites).where(
        favourites.c.account_id == param("account_id"), favourites.c.post_id == param("post_id")
    )
)
_BOOKMARK = insert_all(bookmarks, or_ignore=True)
_UNBOOKMARK = command(
    sa.delete(bookmarks).where(
        bookmarks.c.account_id == param("account_id"), bookmarks.c.post_id == param("post_id")
    )
)
_MUTE_THREAD = insert_all(thread_mutes, or_ignore=True)
_UNMUTE_THREAD = command(
    sa.delete(thread_mutes).where(
        thread_mutes.c.account_id == param("account_id"),
        thread_mutes.c.thread_id == param("thread_id"),
    )
)


def favourite_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Marks a post as a favourite; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    check_contact(tx, get_account(tx, account_id), [post.author_id])
    row = {"account_id": account_id, "post_id": post.id, "id": new_id(), "created_at": tx.now}
    if tx.run(_FAVOURITE, **row):
        count_favourite(tx, post.id, by=1)
        tx.announce(PostFavourited(account_id, post))
    return post


def unfavourite_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Takes a favourite back; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    if tx.run(_UNFAVOURITE, account_id=account_id, post_id=post.id):
        count_favourite(tx, post.id, by=-1)
        tx.announce(PostUnfavourited(account_id, post))
    return post


def bookmark_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Keeps a post for oneself; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    row = {"account_id": account_id, "post_id": post.id, "id": new_id(), "created_at": tx.now}
    tx.run(_BOOKMARK, **row)
    return post


def unbookmark_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Keeps a post no longer; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    tx.run(_UNBOOKMARK, account_id=account_id, post_id=post.id)
    return post


def mute_thread(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """No notifications from a post's thread any more; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    tx.run(_MUTE_THREAD, account_id=account_id, thread_id=post.thread_id, created_at=tx.now)
    return post


def unmute_thread(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Notifications from a post's thread again; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
    tx.run(_UNMUTE_THREAD, account_id=account_id, thread_id=post.thread_id)
    return post


def pin_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Puts one's own post on top of one's profile; returns the post. OthersNotPinned,
    BoostNotPinned, DirectNotPinned or TooManyPinned say why not.
    """
    post = get_visible_post(tx, post_id, viewer_id=account_id)
    if post.author_id != account_id:
        raise OthersNotPinned
    if post.boost_of_id is not None:
        raise BoostNotPinned
    if post.visibility == Visibility.DIRECT:
        raise DirectNotPinned
    if post.pinned_at is None:
        if count_pinned(tx, account_id) >= tx.settings.limits.pinned_posts:
            raise TooManyPinned(most=tx.settings.limits.pinned_posts)
        set_pinned(tx, post.id, tx.now)
    return post


def unpin_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Takes one's own post off the top of one's profile; returns the post."""
    post = get_own_post(tx, post_id, author_id=account_id)
    set_pinned(tx, post.id, None)
    return post


def vote(tx: Tx, account_id: AccountId, poll_id: int, choices: Sequence[int]) -> Poll:
    """Votes in the poll of a post that one can read; returns the poll as it stands then."""
    poll = get_visible_poll(tx, poll_id, viewer_id=account_id)
    polls_actions.cast_vote(tx, account_id, poll_id=poll.id, choices=choices)
    touch_post(tx, PostId(poll.post_id))
    tx.announce(PostTouched(get_post(tx, poll.post_id)))
    return get_poll(tx, poll.id)


_SOME_LIKED = values(
    sa.select(favourites.c.post_id)
    .where(favourites.c.account_id == param("account_id"))
    .limit(param("limit", sa.Integer())),
    PostId,
)
_UNLIKE = command(
    sa.delete(favourites).where(
        favourites.c.account_id == param("account_id"), within(favourites.c.post_id, "ids")
    )
)
_FORGET_SOME = [
    delete_some(kept, kept.c.account_id == param("account_id"))
    for kept in (bookmarks, thread_mutes)
]


def forget_some(tx: Tx, account_id: AccountId, *, limit: int = 200) -> bool:
    """Forgets some of what an account that goes has marked or muted; whether any may be left."""
    liked = tx.all(_SOME_LIKED, account_id=account_id, limit=limit)
    for post_id in liked:
        count_favourite(tx, post_id, by=-1)
    if liked:
        tx.run(_UNLIKE, account_id=account_id, ids=liked)
        return True
    return any(tx.run(some, account_id=account_id, limit=limit) for some in _FORGET_SOME)
