"""Writes of the index."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import list_accounts
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.cards.queries import list_cards
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.polls.model import decode_options
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.posts.tables import IS_ORIGINAL, posts
from folkmoot.domain.search.model import OPEN, Indexed, to_entry
from folkmoot.domain.search.tables import Entry, Matches, post_index
from folkmoot.kit.db import Id, Tx, command, param, rows, values


class AuthorChose(msgspec.Struct):
    """A job: an author chose whether others may find their public posts."""

    account_id: AccountId


_PUT = command(sa.insert(post_index).values({"rowid": param("rowid", Id), "terms": Entry()}))
_DROP = command(sa.delete(post_index).where(post_index.c.rowid == param("rowid")))
_CLEAR = command(sa.delete(post_index))
_AFTER = rows(
    sa.select(posts)
    .where(posts.c.id > param("after", Id), IS_ORIGINAL)
    .order_by(posts.c.id)
    .limit(param("limit", sa.Integer())),
    Post,
)
_PUBLIC_AFTER = rows(
    sa.select(posts)
    .where(
        posts.c.author_id == param("author_id"),
        posts.c.id > param("after", Id),
        IS_ORIGINAL,
        posts.c.visibility == sa.literal_column("0"),
    )
    .order_by(posts.c.id)
    .limit(param("limit", sa.Integer())),
    Post,
)
_NEWEST_PUBLIC = values(
    sa.select(posts.c.id)
    .where(
        posts.c.author_id == param("author_id"),
        IS_ORIGINAL,
        posts.c.visibility == sa.literal_column("0"),
    )
    .order_by(posts.c.id.desc())
    .limit(sa.literal_column("1")),
    PostId,
)
_IS_OPEN = values(
    sa.select(post_index.c.rowid).where(Matches(), post_index.c.rowid == param("rowid", Id)),
    PostId,
)
_INDEXABLE = values(
    sa.select(accounts.c.indexable).where(accounts.c.id == param("account_id")), bool
)


def index_post(tx: Tx, post: Post, *, is_open: bool) -> None:
    """Puts a new post into the index."""
    _put(tx, [post], {post.author_id: is_open})


def reindex_post(tx: Tx, post: Post, *, is_open: bool) -> None:
    """Puts a changed post into the index."""
    tx.run(_DROP, rowid=post.id)
    _put(tx, [post], {post.author_id: is_open})


def forget_post(tx: Tx, post_id: PostId) -> None:
    """Takes a post out of the index."""
    tx.run(_DROP, rowid=post_id)


def clear_index(tx: Tx) -> None:
    """Empties the index, to be filled anew."""
    tx.run(_CLEAR)


def index_after(tx: Tx, after: PostId, *, limit: int) -> PostId | None:
    """Puts the next posts after an id into the index; returns the last, None at the end."""
    found = tx.all(_AFTER, after=after, limit=limit)
    _reput(tx, found)
    return found[-1].id if found else None


def reindex_author(tx: Tx, author_id: AccountId, after: PostId, *, limit: int) -> PostId | None:
    """Puts the next public posts of an author into the index again, after they chose whether
    others may find them; returns the last, None at the end.
    """
    found = tx.all(_PUBLIC_AFTER, author_id=author_id, after=after, limit=limit)
    _reput(tx, found)
    return found[-1].id if found else None


def is_out_of_step(tx: Tx, author_id: AccountId) -> bool:
    """Whether the index says otherwise than an author about others finding their posts."""
    newest = tx.first(_NEWEST_PUBLIC, author_id=author_id)
    if newest is None:
        return False
    mark = f'"{OPEN}"' if tx.dialect == "sqlite" else f"'{OPEN}'"
    is_open = tx.first(_IS_OPEN, rowid=newest, match=mark) is not None
    return is_open != tx.first(_INDEXABLE, account_id=author_id)


def _reput(tx: Tx, found: list[Post]) -> None:
    authors = list_accounts(tx, [post.author_id for post in found])
    tx.many(_DROP, [{"rowid": post.id} for post in found])
    _put(tx, found, {author.id: author.indexable for author in authors.values()})


def _put(tx: Tx, found: list[Post], is_open: dict[AccountId, bool]) -> None:
    media = list_attachments(tx, [post.id for post in found if post.media_count])
    poll_ids = [post.poll_id for post in found if post.poll_id is not None]
    polls = list_polls(tx, poll_ids) if poll_ids else {}
    options = {poll.post_id: decode_options(poll) for poll in polls.values()}
    cards = list_cards(tx, [post.card_id for post in found if post.card_id is not None])
    embedding = {card.id for card in cards.values() if card.kind != "link"}
    entries = []
    for post in found:
        described = [attachment.description for attachment in media.get(post.id, [])]
        indexed = Indexed(
            post=post,
            texts=(post.spoiler_text, post.text, *described, *options.get(post.id, [])),
            is_open=is_open.get(post.author_id, False),
            has_link="https://" in post.text or "http://" in post.text,
            has_embed=post.card_id in embedding,
        )
        entries.append({"rowid": post.id, "entry": to_entry(indexed, tx.dialect)})
    tx.many(_PUT, entries)
