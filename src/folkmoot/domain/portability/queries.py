"""Reads of exports and what goes into them."""

from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.tables import blocks, domain_blocks, mutes
from folkmoot.domain.interactions.tables import bookmarks, favourites
from folkmoot.domain.lists.tables import list_members
from folkmoot.domain.media.model import Attachment
from folkmoot.domain.media.queries import list_attachments
from folkmoot.domain.media.tables import attachments
from folkmoot.domain.polls.queries import list_polls
from folkmoot.domain.portability.model import (
    Export,
    ExportNotFound,
    Kind,
    Line,
    Packed,
    Part,
)
from folkmoot.domain.portability.tables import (
    export_parts,
    exports,
)
from folkmoot.domain.posts.model import Post, PostId
from folkmoot.domain.posts.queries import list_posts
from folkmoot.domain.posts.tables import IS_PINNED, posts
from folkmoot.domain.relationships.tables import follows
from folkmoot.kit.db import Id, Moment, Query, Tx, param, rows, values, within

_BY_ID = rows(sa.select(exports).where(exports.c.id == param("id")), Export)
_OF_ACCOUNT = rows(
    sa.select(exports)
    .where(exports.c.account_id == param("account_id"))
    .order_by(exports.c.id.desc())
    .limit(sa.literal_column("10")),
    Export,
)
_PARTS = rows(
    sa.select(export_parts)
    .where(export_parts.c.export_id == param("export_id"))
    .order_by(export_parts.c.position),
    Part,
)
_COUNT_PARTS = values(
    sa.select(sa.func.count()).where(export_parts.c.export_id == param("export_id")), int
)
_EXPIRED = rows(
    sa.select(exports)
    .where(exports.c.expires_at <= param("now", Moment))
    .order_by(exports.c.expires_at)
    .limit(sa.literal_column("20")),
    Export,
)
_KNOWN_KEYS = values(sa.select(export_parts.c.key).where(within(export_parts.c.key, "keys")), str)


def find_export(tx: Tx, export_id: int) -> Export | None:
    """An export, whosever it is."""
    return tx.first(_BY_ID, id=export_id)


def get_own_export(tx: Tx, account_id: int, export_id: int) -> Export:
    """One's own export; ExportNotFound for any other."""
    found = find_export(tx, export_id)
    if found is None or found.account_id != account_id:
        raise ExportNotFound
    return found


def list_exports(tx: Tx, account_id: int) -> list[Export]:
    """The latest exports of an account, the newest first."""
    return tx.all(_OF_ACCOUNT, account_id=account_id)


def list_parts(tx: Tx, export_id: int) -> list[Part]:
    """The parts of an archive, in order."""
    return tx.all(_PARTS, export_id=export_id)


def count_parts(tx: Tx, export_id: int) -> int:
    """How many parts of an archive are packed."""
    return tx.one(_COUNT_PARTS, export_id=export_id)


def list_expired(tx: Tx) -> list[Export]:
    """Archives that were kept long enough."""
    return tx.all(_EXPIRED, now=tx.now)


def list_known_keys(tx: Tx, keys: list[str]) -> set[str]:
    """Those of the keys that archives need."""
    return set(tx.all(_KNOWN_KEYS, keys=keys))


_limit = param("limit", sa.Integer())
_of = param("of_id", Id)
# Who is on the way out is seen by nobody, and in no list.
_seen = accounts.c.pending == sa.false()


def _people(table: sa.Table, whose: str, who: str, *more: Any) -> Any:
    return (
        sa.select(table.c.id, accounts.c.id, accounts.c.username, accounts.c.domain, *more)
        .select_from(table.join(accounts, accounts.c.id == table.c[who]))
        .where(table.c[whose] == _of, table.c.id > param("after_id", Id), _seen)
        .order_by(table.c.id)
        .limit(_limit)
    )


def _uris(table: sa.Table) -> Any:
    return (
        sa.select(table.c.id, posts.c.id, posts.c.uri)
        .select_from(
            table.join(posts, posts.c.id == table.c.post_id).join(
                accounts, accounts.c.id == posts.c.author_id
            )
        )
        .where(table.c.account_id == _of, table.c.id > param("after_id", Id), _seen)
        .order_by(table.c.id)
        .limit(_limit)
    )


def _lines(element: Any, *names: str) -> Query[Line]:
    flags = {"show_boosts", "notify", "hide_notifications"}

    def make(row: Any) -> Line:
        cells: dict[str, Any] = {
            n: bool(v) if n in flags else v for n, v in zip(names, row, strict=True)
        }
        return Line(**cells)

    return Query(element, make)


_person = ("id", "of_id", "username", "domain")
_LISTED = _lines(_people(list_members, "list_id", "account_id"), *_person)
_LINES: dict[Kind, Query[Line]] = {
    Kind.FOLLOWING: _lines(
        _people(
            *(follows, "follower_id", "followed_id"),
            *(follows.c.show_boosts, follows.c.notify, follows.c.languages),
        ),
        *(*_person, "show_boosts", "notify", "languages"),
    ),
    Kind.FOLLOWERS: _lines(_people(follows, "followed_id", "follower_id"), *_person),
    Kind.BLOCKS: _lines(_people(blocks, "account_id", "target_id"), *_person),
    Kind.MUTES: _lines(
        _people(mutes, "account_id", "target_id", mutes.c.hide_notifications),
        *(*_person, "hide_notifications"),
    ),
    Kind.DOMAIN_BLOCKS: _lines(
        sa.select(domain_blocks.c.id, domain_blocks.c.domain)
        .where(domain_blocks.c.account_id == _of, domain_blocks.c.id > param("after_id", Id))
        .order_by(domain_blocks.c.id)
        .limit(_limit),
        *("id", "domain"),
    ),
    Kind.BOOKMARKS: _lines(_uris(bookmarks), "id", "of_id", "uri"),
}
_LIKES = _lines(_uris(favourites), "id", "of_id", "uri")
_PINS = _lines(
    sa.select(posts.c.id, posts.c.id.label("of_id"), posts.c.uri)
    .where(posts.c.author_id == _of, posts.c.id > param("after_id", Id), IS_PINNED)
    .order_by(posts.c.id)
    .limit(_limit),
    *("id", "of_id", "uri"),
)


def list_lines(tx: Tx, kind: Kind, of_id: int, *, after_id: int, limit: int) -> list[Line]:
    """The next lines of one of an account's lists, by id; not of those that hold people."""
    return tx.all(_LINES[kind], of_id=of_id, after_id=after_id, limit=limit)


def list_listed(tx: Tx, list_id: int, *, after_id: int, limit: int) -> list[Line]:
    """The next people on a list."""
    return tx.all(_LISTED, of_id=list_id, after_id=after_id, limit=limit)


def list_likes(tx: Tx, of_id: int, *, after_id: int, limit: int) -> list[Line]:
    """The next of the posts that an account has marked as favourites."""
    return tx.all(_LIKES, of_id=of_id, after_id=after_id, limit=limit)


def list_pins(tx: Tx, of_id: int, *, after_id: int, limit: int) -> list[Line]:
    """The next of the posts on top of an account's profile."""
    return tx.all(_PINS, of_id=of_id, after_id=after_id, limit=limit)


def _count(table: sa.Table, column: str) -> Query[int]:
    return values(sa.select(sa.func.count()).where(table.c[column] == _of), int)


_COUNTS: dict[Kind, Query[int]] = {
    Kind.FOLLOWING: _count(follows, "follower_id"),
    Kind.FOLLOWERS: _count(follows, "followed_id"),
    Kind.LISTS: _count(list_members, "owner_id"),
    Kind.BLOCKS: _count(blocks, "account_id"),
    Kind.MUTES: _count(mutes, "account_id"),
    Kind.DOMAIN_BLOCKS: _count(domain_blocks, "account_id"),
    Kind.BOOKMARKS: _count(bookmarks, "account_id"),
}


def count_lines(tx: Tx, account_id: int) -> dict[Kind, int]:
    """How long each list of an account is."""
    return {kind: tx.one(query, of_id=account_id) for kind, query in _COUNTS.items()}


_POSTS = rows(
    sa.select(posts)
    .where(posts.c.author_id == _of, posts.c.id > param("after_id", Id))
    .order_by(posts.c.id)
    .limit(_limit),
    Post,
)
_ATTACHED = rows(
    sa.select(attachments)
    .where(
        attachments.c.account_id == _of,
        attachments.c.id > param("after_id", Id),
        attachments.c.post_id.is_not(None),
        attachments.c.position >= sa.literal_column("0"),
        attachments.c.original != sa.literal_column("''"),
    )
    .order_by(attachments.c.id)
    .limit(_limit),
    Attachment,
)
_TOTAL = values(
    sa.select(
        sa.select(sa.func.count())
        .select_from(posts)
        .where(posts.c.author_id == _of)
        .scalar_subquery()
        + sa.select(sa.func.count())
        .select_from(attachments)
        .where(attachments.c.account_id == _of)
        .scalar_subquery()
    ),
    int,
)


def count_whole(tx: Tx, account_id: int) -> int:
    """How many posts, boosts and attachments an account has."""
    return tx.one(_TOTAL, of_id=account_id)


def list_packed(tx: Tx, account_id: int, *, after_id: int, limit: int) -> list[Packed]:
    """The next posts and boosts of an account, the oldest first, with all that goes with them.

    One's own direct posts are among them; others' posts are named by their URIs, not copied.
    """
    found = tx.all(_POSTS, of_id=account_id, after_id=after_id, limit=limit)
    media = list_attachments(tx, [post.id for post in found if post.media_count])
    poll_ids = [post.poll_id for post in found if post.poll_id is not None]
    polls = list_polls(tx, poll_ids) if poll_ids else {}
    by_post = {poll.post_id: poll for poll in polls.values()}
    wanted = {i for p in found for i in (p.in_reply_to_id, p.boost_of_id, p.quote_of_id) if i}
    others = list_posts(tx, sorted(wanted))

    def uri(post_id: PostId | None) -> str:
        other = others.get(post_id) if post_id else None
        return other.uri if other else ""

    return [
        Packed(
            post=post,
            attachments=media.get(post.id, ()),
            poll=by_post.get(post.id),
            parent_uri=uri(post.in_reply_to_id),
            original_uri=uri(post.boost_of_id),
            quoted_uri=uri(post.quote_of_id),
        )
        for post in found
    ]


def list_attached(tx: Tx, account_id: int, *, after_id: int, limit: int) -> list[Attachment]:
    """The next of the media that an account's posts show."""
    return tx.all(_ATTACHED, of_id=account_id, after_id=after_id, limit=limit)
