"""Reads of posts, and the one place that decides who may see a post."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import list_accounts_by_name
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.tables import users
from folkmoot.domain.boundaries.queries import is_blocked, is_hidden
from folkmoot.domain.posts.model import (
    Mentioned,
    Post,
    PostId,
    PostNotFound,
    Preferences,
    QuotePolicy,
    Visibility,
)
from folkmoot.domain.posts.tables import IS_ANSWER, IS_PINNED, mentions, posts
from folkmoot.domain.relationships.queries import is_followed
from folkmoot.kit.db import Id, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.text import ParsedText


def visible_to(post: Any = posts, *, blocks: bool = True) -> Any:
    """SQL: whether parameter `viewer_id` (0 for a visitor) may read a post (I4).

    Public and unlisted posts: everyone but those in a block, either way, with the author.
    Followers-only: the author's followers. Those and direct ones: also whom they mention.
    Withheld ones: their authors alone.
    Without `blocks`, for who blocks the author and wants to look all the same.
    """
    mentioned = sa.and_(
        post.c.visibility <= sa.literal_column("3"),
        sa.exists(
            sa.select(sa.literal_column("1")).where(
                mentions.c.post_id == post.c.id, mentions.c.account_id == param("viewer_id", Id)
            )
        ),
    )
    listed = post.c.visibility <= sa.literal_column("1")
    followers = sa.and_(post.c.visibility == sa.literal_column("2"), is_followed(post.c.author_id))
    readable = sa.or_(listed, followers, mentioned)
    if blocks:
        readable = sa.and_(readable, ~is_blocked(post.c.author_id))
    return sa.or_(post.c.author_id == param("viewer_id", Id), readable)


_BY_ID = rows(sa.select(posts).where(posts.c.id == param("id")), Post)
_BY_IDS = rows(sa.select(posts).where(within(posts.c.id, "ids")), Post)
_VISIBLE = rows(
    sa.select(posts)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(posts.c.id == param("id"), visible_to(), accounts.c.suspended_at.is_(None)),
    Post,
)
_OWN = rows(
    sa.select(posts)
    .where(posts.c.id == param("id"), posts.c.author_id == param("author_id"))
    .with_for_update(),
    Post,
)
_MENTIONED_IDS = values(
    sa.select(mentions.c.account_id).where(mentions.c.post_id == param("post_id")), int
)
_BOOST_BY = rows(
    sa.select(posts).where(
        posts.c.boost_of_id == param("post_id"), posts.c.author_id == param("author_id")
    ),
    Post,
)


def find_post(tx: Tx, post_id: int) -> Post | None:
    """The post of an id, whoever may see it."""
    return tx.first(_BY_ID, id=post_id)


def get_post(tx: Tx, post_id: int) -> Post:
    """The post of an id, whoever may see it; PostNotFound when there is none."""
    found = find_post(tx, post_id)
    if found is None:
        raise PostNotFound
    return found


def get_visible_post(tx: Tx, post_id: int, *, viewer_id: int) -> Post:
    """The post of an id if the viewer (0: a visitor) may read it; PostNotFound otherwise.

    Of a boost, the boosted post's visibility counts as well.
    """
    found = tx.first(_VISIBLE, id=post_id, viewer_id=viewer_id)
    if found is None:
        raise PostNotFound
    if found.boost_of_id is not None:
        get_visible_post(tx, found.boost_of_id, viewer_id=viewer_id)
    return found


def get_own_post(tx: Tx, post_id: int, *, author_id: int) -> Post:
    """An author's own post or boost, to be changed; PostNotFound for any other."""
    found = tx.first(_OWN, id=post_id, author_id=author_id)
    if found is None:
        raise PostNotFound
    return found


def get_original(tx: Tx, post_id: int, *, viewer_id: int) -> Post:
    """What `post_id` means to someone acting on it: the post itself, or what it boosts."""
    found = get_visible_post(tx, post_id, viewer_id=viewer_id)
    return found if found.boost_of_id is None else get_post(tx, found.boost_of_id)


def list_posts(tx: Tx, ids: list[PostId]) -> dict[PostId, Post]:
    """The posts that exist among these ids, whoever may see them."""
    return {p.id: p for p in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_mentioned(tx: Tx, parsed: ParsedText) -> list[Mentioned]:
    """The accounts that a text mentions, in the order of the text."""
    names = [m.username for m in parsed.mentions if m.domain in (None, tx.settings.domain)]
    found = {a.username_key: a for a in list_accounts_by_name(tx, names)}
    ordered = dict.fromkeys(name.lower() for name in names)
    return [
        Mentioned(a.id, a.username, a.acct, a.url)
        for name in ordered
        if (a := found.get(name)) is not None and a.suspended_at is None
    ]


def list_mentioned_ids(tx: Tx, post_id: PostId) -> list[int]:
    """Whom a post mentions."""
    return tx.all(_MENTIONED_IDS, post_id=post_id)


def find_boost(tx: Tx, author_id: int, post_id: int) -> Post | None:
    """An account's boost of a post."""
    return tx.first(_BOOST_BY, author_id=author_id, post_id=post_id)


_boosts = sa.select(posts).where(posts.c.boost_of_id == param("post_id"))
_BOOSTS = rows(_boosts, Post)
_SOME_BOOSTS = rows(_boosts.limit(param("limit", sa.Integer())), Post)
_ANSWER_IDS = values(
    sa.select(posts.c.id)
    .where(posts.c.in_reply_to_account_id == param("account_id"), IS_ANSWER)
    .limit(param("limit", sa.Integer())),
    PostId,
)


def list_boosts(tx: Tx, post_id: PostId) -> list[Post]:
    """Every boost of a post."""
    return tx.all(_BOOSTS, post_id=post_id)


def list_some_boosts(tx: Tx, post_id: PostId, *, limit: int) -> list[Post]:
    """Some boosts of a post."""
    return tx.all(_SOME_BOOSTS, post_id=post_id, limit=limit)


def list_answer_ids(tx: Tx, account_id: int, *, limit: int) -> list[PostId]:
    """Some posts that answer an account, or answered it before what they answered went."""
    return tx.all(_ANSWER_IDS, account_id=account_id, limit=limit)


_SOME_OF = rows(
    sa.select(posts)
    .where(posts.c.author_id == param("author_id"))
    .order_by(posts.c.id.desc())
    .limit(param("limit", sa.Integer())),
    Post,
)
_MENTIONING_IDS = values(
    sa.select(mentions.c.post_id)
    .where(mentions.c.account_id == param("account_id"))
    .limit(param("limit", sa.Integer())),
    PostId,
)
_PREFERENCES = rows(
    sa.select(
        users.c.default_visibility,
        users.c.default_sensitive,
        users.c.default_language,
        users.c.default_quote_policy,
        users.c.locale,
    ).where(users.c.account_id == param("account_id")),
    Preferences,
)
_FOLLOWS = values(sa.select(is_followed(param("author_id", Id))), bool)
_PINNED_COUNT = values(
    sa.select(sa.func.count()).where(posts.c.author_id == param("author_id"), IS_PINNED), int
)


class Booster(msgspec.Struct):
    """Who boosted a post, with the boost's id to page by."""

    boost_id: PostId
    account_id: AccountId


_BOOSTERS = paged(
    sa.select(posts.c.id, posts.c.author_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        posts.c.boost_of_id == param("post_id"),
        posts.c.visibility <= sa.literal_column("1"),
        ~is_hidden(posts.c.author_id),
        accounts.c.suspended_at.is_(None),
    ),
    posts.c.id,
    Booster,
)


def list_some_of(tx: Tx, author_id: int, *, limit: int) -> list[Post]:
    """The newest posts and boosts of an account, whoever may see them."""
    return tx.all(_SOME_OF, author_id=author_id, limit=limit)


def list_mentioning_ids(tx: Tx, account_id: int, *, limit: int) -> list[PostId]:
    """Some posts that mention an account."""
    return tx.all(_MENTIONING_IDS, account_id=account_id, limit=limit)


def list_boosters(tx: Tx, post_id: PostId, page: Page, *, viewer_id: int) -> list[Booster]:
    """A page of who boosted a post openly."""
    return tx.page(_BOOSTERS, page, post_id=post_id, viewer_id=viewer_id, now=tx.now)


def get_preferences(tx: Tx, account_id: int) -> Preferences:
    """What an author prefers; of those without a user, what most do."""
    return tx.first(_PREFERENCES, account_id=account_id) or Preferences()


def may_quote(tx: Tx, post: Post, account_id: int) -> bool:
    """Whether someone who can read a post may quote it: its author may, but for direct ones."""
    if post.visibility == Visibility.DIRECT:
        return False
    if post.author_id == account_id or post.quote_policy == QuotePolicy.PUBLIC:
        return True
    if post.quote_policy == QuotePolicy.FOLLOWERS:
        return tx.one(_FOLLOWS, viewer_id=account_id, author_id=post.author_id)
    return False


def count_pinned(tx: Tx, author_id: int) -> int:
    """How many posts stand on top of a profile."""
    return tx.one(_PINNED_COUNT, author_id=author_id)
