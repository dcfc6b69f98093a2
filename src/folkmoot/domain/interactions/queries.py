"""Reads of interactions."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.interactions.tables import bookmarks, favourites
from folkmoot.domain.polls.model import Poll, PollNotFound
from folkmoot.domain.polls.queries import get_poll
from folkmoot.domain.posts.model import PostId, PostNotFound
from folkmoot.domain.posts.queries import get_visible_post
from folkmoot.kit.db import Page, Tx, paged, param


class Mark(msgspec.Struct):
    """A favourite or bookmark of one's own: its id to page by, and the post."""

    id: int
    post_id: PostId


class Liker(msgspec.Struct):
    """Who marked a post as a favourite: the mark's id to page by, and the account."""

    id: int
    account_id: AccountId


_FAVOURITES = paged(
    sa.select(favourites.c.id, favourites.c.post_id).where(
        favourites.c.account_id == param("account_id")
    ),
    favourites.c.id,
    Mark,
)
_BOOKMARKS = paged(
    sa.select(bookmarks.c.id, bookmarks.c.post_id).where(
        bookmarks.c.account_id == param("account_id")
    ),
    bookmarks.c.id,
    Mark,
)
_LIKERS = paged(
    sa.select(favourites.c.id, favourites.c.account_id)
    .join(accounts, accounts.c.id == favourites.c.account_id)
    .where(
        favourites.c.post_id == param("post_id"),
        ~is_hidden(favourites.c.account_id),
        accounts.c.suspended_at.is_(None),
    ),
    favourites.c.id,
    Liker,
)


def list_favourites(tx: Tx, account_id: AccountId, page: Page) -> list[Mark]:
    """A page of one's favourites, the last marked first."""
    return tx.page(_FAVOURITES, page, account_id=account_id)


def list_bookmarks(tx: Tx, account_id: AccountId, page: Page) -> list[Mark]:
    """A page of one's bookmarks, the last marked first."""
    return tx.page(_BOOKMARKS, page, account_id=account_id)


def list_likers(tx: Tx, post_id: PostId, page: Page, *, viewer_id: int) -> list[Liker]:
    """A page of who marked a post as a favourite, without whom the viewer has hidden."""
    return tx.page(_LIKERS, page, post_id=post_id, viewer_id=viewer_id, now=tx.now)


def get_visible_poll(tx: Tx, poll_id: int, *, viewer_id: int) -> Poll:
    """The poll of an id if the viewer may read its post; PollNotFound otherwise."""
    poll = get_poll(tx, poll_id)
    try:
        get_visible_post(tx, poll.post_id, viewer_id=viewer_id)
    except PostNotFound as error:
        raise PollNotFound from error
    return poll
