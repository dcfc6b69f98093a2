"""Writes of interactions. Each may be repeated: the second time changes nothing."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.interactions.events import PostFavourited, PostUnfavourited
from folkmoot.domain.interactions.tables import bookmarks, favourites
from folkmoot.domain.posts.actions import count_favourite
from folkmoot.domain.posts.model import Post
from folkmoot.domain.posts.queries import get_original
from folkmoot.kit.db import Tx, command, insert_all, param
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


def favourite_post(tx: Tx, account_id: AccountId, post_id: int) -> Post:
    """Marks a post as a favourite; returns the post."""
    post = get_original(tx, post_id, viewer_id=account_id)
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
