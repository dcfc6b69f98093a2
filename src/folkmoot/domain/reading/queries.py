"""Posts as one viewer meets them. Every page of posts passes here."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.boundaries.tables import blocks, hides
from folkmoot.domain.interactions.tables import bookmarks, favourites, thread_mutes
from folkmoot.domain.posts.model import PostId, QuoteState
from folkmoot.domain.posts.queries import visible_to
from folkmoot.domain.posts.tables import IS_BOOST, IS_QUOTE, posts
from folkmoot.domain.reading.model import Above, Aside, Below, Mark, Stamp, order_thread
from folkmoot.domain.relationships.queries import is_followed
from folkmoot.kit.db import Id, Page, Tx, paged_values, param, rows, within

_viewer = param("viewer_id", Id)
_one: Any = sa.literal_column("1")
_zero: Any = sa.literal_column("0", sa.Integer)
_own_boost = posts.alias("own_boost")
_own_boost_is = sa.text("own_boost.boost_of_id IS NOT NULL")


def _text(literal: str) -> sa.ColumnClause[str]:
    return sa.literal_column(f"'{literal}'", sa.Text)


def _has(table: sa.Table, column: sa.Column[int], post_column: sa.Column[int]) -> sa.Label[bool]:
    return sa.exists(
        sa.select(_one).where(table.c.account_id == _viewer, column == post_column)
    ).label(table.name)


_COLUMNS = (
    posts.c.id,
    posts.c.rev,
    posts.c.author_id,
    accounts.c.rev,
    posts.c.boost_of_id,
    posts.c.quote_of_id,
    posts.c.quote_state,
    posts.c.quote_policy,
    posts.c.poll_id,
    posts.c.visibility,
    posts.c.replies_count,
    posts.c.boosts_count,
    posts.c.favourites_count,
    posts.c.quotes_count,
)
_FROM = posts.join(accounts, accounts.c.id == posts.c.author_id)
_READABLE = (within(posts.c.id, "ids"), accounts.c.suspended_at.is_(None))
_may_quote = sa.case(
    (posts.c.visibility >= sa.literal_column("3"), sa.false()),
    (posts.c.author_id == _viewer, sa.true()),
    (posts.c.quote_policy == _text("public"), sa.true()),
    (posts.c.quote_policy == _text("followers"), is_followed(posts.c.author_id)),
    else_=sa.false(),
)
_for_member = sa.select(
    *_COLUMNS,
    sa.and_(posts.c.pinned_at.is_not(None), posts.c.author_id == _viewer),
    _has(favourites, favourites.c.post_id, posts.c.id),
    sa.exists(
        sa.select(_one).where(
            _own_boost.c.boost_of_id == posts.c.id,
            _own_boost.c.author_id == _viewer,
            _own_boost_is,
        )
    ),
    _has(bookmarks, bookmarks.c.post_id, posts.c.id),
    _has(thread_mutes, thread_mutes.c.thread_id, posts.c.thread_id),
    _may_quote,
).select_from(_FROM)
_STAMPS = rows(_for_member.where(*_READABLE, visible_to()), Stamp)
_STAMPS_IN_SPITE = rows(_for_member.where(*_READABLE, visible_to(blocks=False)), Stamp)

# A visitor has no flags and no relations: what is listed is what there is to see.
_VISITOR_STAMPS = rows(
    sa.select(*_COLUMNS, *(sa.false() for _ in range(6)))
    .select_from(_FROM)
    .where(*_READABLE, posts.c.visibility <= _one),
    Stamp,
)


def list_stamps(tx: Tx, viewer_id: int, ids: Iterable[int]) -> dict[PostId, Stamp]:
    """Those of the posts that the viewer (0: a visitor) may read, each stamped.

    What boosts boost and accepted quotes quote is stamped too, so that a page is complete in one
    call.
    """
    found: dict[PostId, Stamp] = {}
    wanted = list(dict.fromkeys(ids))
    for _ in range(3):  # the page, what it boosts, what those quote
        if not wanted:
            break
        fresh = _list(tx, viewer_id, wanted)
        for stamp in fresh:
            found[stamp.id] = stamp
        inner = (i for stamp in fresh for i in _inner_ids(stamp) if i not in found)
        wanted = list(dict.fromkeys(inner))
    return found


_REPORTED = rows(
    sa.select(*_COLUMNS, *(sa.false() for _ in range(6)))
    .select_from(_FROM)
    .where(within(posts.c.id, "ids")),
    Stamp,
)


def list_reported_stamps(tx: Tx, ids: list[int]) -> dict[PostId, Stamp]:
    """Posts that a report names, whoever may see them, for who judges it; what they quote as far
    as everybody may read it. Whoever calls records the look (I4).
    """
    found = {stamp.id: stamp for stamp in tx.all(_REPORTED, ids=ids)} if ids else {}
    inner = [i for stamp in found.values() for i in _inner_ids(stamp) if i not in found]
    return found | list_stamps(tx, 0, inner)


def _inner_ids(stamp: Stamp) -> Iterable[PostId]:
    if stamp.boost_of_id is not None:
        yield stamp.boost_of_id
    if stamp.quote_of_id is not None and stamp.quote_state == QuoteState.ACCEPTED:
        yield stamp.quote_of_id


def _list(tx: Tx, viewer_id: int, ids: list[int]) -> list[Stamp]:
    if viewer_id == 0:
        return tx.all(_VISITOR_STAMPS, ids=ids)
    return tx.all(_STAMPS, ids=ids, viewer_id=viewer_id)


_ASIDE = rows(
    sa.select(
        posts.c.id,
        sa.exists(
            sa.select(_one).where(
                blocks.c.account_id == _viewer, blocks.c.target_id == posts.c.author_id
            )
        ),
        sa.exists(
            sa.select(_one).where(
                blocks.c.account_id == posts.c.author_id, blocks.c.target_id == _viewer
            )
        ),
    )
    .join(hides, sa.and_(hides.c.viewer_id == _viewer, hides.c.author_id == posts.c.author_id))
    .where(within(posts.c.id, "ids"), hides.c.until > param("now")),
    Aside,
)


def list_aside(tx: Tx, viewer_id: int, ids: list[PostId]) -> dict[PostId, Aside]:
    """Those of the posts whose authors are hidden from the viewer, by whosever wish."""
    if not ids or not viewer_id:
        return {}
    return {a.post_id: a for a in tx.all(_ASIDE, ids=ids, viewer_id=viewer_id, now=tx.now)}


def list_stamps_in_spite(tx: Tx, viewer_id: int, ids: list[PostId]) -> dict[PostId, Stamp]:
    """Posts of authors whom the viewer blocks, to be shown only when asked for."""
    if not ids:
        return {}
    return {s.id: s for s in tx.all(_STAMPS_IN_SPITE, ids=ids, viewer_id=viewer_id)}


_QUOTES = paged_values(
    sa.select(posts.c.id).where(
        posts.c.quote_of_id == param("post_id"),
        IS_QUOTE,
        posts.c.quote_state == _text("accepted"),
        visible_to(),
        ~is_hidden(posts.c.author_id),
    ),
    posts.c.id,
    PostId,
)


def list_quotes(tx: Tx, post_id: PostId, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of the posts that quote a post, as far as the viewer may read them."""
    return tx.page(_QUOTES, page, post_id=post_id, viewer_id=viewer_id, now=tx.now)


# Threads. The walks touch nothing but posts; whom the viewer does not want to see is told with
# each step, and left out only when the thread is put in order, so that answers to them stay. The
# walk down is not joined with anything: that lets SQLite stop it at the limit.
_is_reply = sa.text("posts.in_reply_to_id IS NOT NULL")


def _is_shown(author_id: Any) -> Any:
    """SQL: not hidden, and, if limited by the team, followed by the viewer."""
    known = sa.or_(
        accounts.c.limited_at.is_(None), accounts.c.id == _viewer, is_followed(accounts.c.id)
    )
    seen = sa.exists(sa.select(_one).where(accounts.c.id == author_id, known))
    return sa.and_(seen, ~is_hidden(author_id))


def _walk_up() -> Any:
    columns = (posts.c.id, posts.c.in_reply_to_id, posts.c.author_id)
    start = sa.select(*columns, sa.literal_column("0", sa.Integer).label("step"))
    up = start.where(posts.c.id == param("post_id")).cte("up", recursive=True)
    parents = sa.select(*columns, up.c.step + _one).where(
        posts.c.id == up.c.in_reply_to_id, up.c.step < param("most", sa.Integer())
    )
    walk = up.union_all(parents)
    return (
        sa.select(walk.c.id, _is_shown(walk.c.author_id))
        .where(walk.c.step > sa.literal_column("0"))
        .order_by(walk.c.step.desc())
    )


def _walk_down() -> Any:
    columns = (
        posts.c.id,
        posts.c.in_reply_to_id,
        posts.c.author_id,
        posts.c.in_reply_to_account_id,
    )
    most = param("most", sa.Integer())
    first = (
        sa.select(*columns, sa.literal_column("1", sa.Integer).label("step"))
        .where(posts.c.in_reply_to_id == param("post_id"), _is_reply)
        .order_by(posts.c.id)
        .limit(most)
        .subquery("first")
    )
    down = sa.select(first).cte("down", recursive=True)
    # An outer join in name only: of an inner one SQLite thinks, once it has statistics, that a
    # Bloom filter of all posts is worth building for each step.
    replies = (
        sa.select(*columns, down.c.step + _one)
        .select_from(down.outerjoin(posts, sa.and_(posts.c.in_reply_to_id == down.c.id, _is_reply)))
        .where(
            sa.func.coalesce(posts.c.id, _zero) > _zero, down.c.step < param("depth", sa.Integer())
        )
    )
    walk = down.union_all(replies)
    return sa.select(
        walk.c.id,
        walk.c.in_reply_to_id,
        walk.c.in_reply_to_account_id == walk.c.author_id,
        _is_shown(walk.c.author_id),
    ).limit(most)


_UP = rows(_walk_up(), Above)
_DOWN = rows(_walk_down(), Below)


def list_above(tx: Tx, post_id: PostId, *, viewer_id: int, most: int) -> list[PostId]:
    """What a post answers, what that answers and so on, from the top down."""
    found = tx.all(_UP, post_id=post_id, viewer_id=viewer_id, now=tx.now, most=most)
    return [step.id for step in found if step.shown]


def list_below(tx: Tx, post_id: PostId, *, viewer_id: int, most: int, depth: int) -> list[PostId]:
    """What answers a post, each answer followed by its own, oldest first; answers of authors to
    themselves come before all others."""
    found = tx.all(_DOWN, post_id=post_id, viewer_id=viewer_id, now=tx.now, most=most, depth=depth)
    ordered = order_thread(found, post_id)
    own = [step.id for step in ordered if step.to_self and step.shown]
    return own + [step.id for step in ordered if not step.to_self and step.shown]


def _marks(table: sa.Table) -> Any:
    return sa.select(table.c.account_id, table.c.post_id).where(
        within(table.c.account_id, "viewer_ids"), within(table.c.post_id, "ids")
    )


_MARKED = rows(
    sa.union_all(
        _marks(favourites),
        _marks(bookmarks),
        sa.select(posts.c.author_id, posts.c.boost_of_id).where(
            within(posts.c.boost_of_id, "ids"), within(posts.c.author_id, "viewer_ids"), IS_BOOST
        ),
        sa.select(thread_mutes.c.account_id, posts.c.id)
        .select_from(posts.join(thread_mutes, thread_mutes.c.thread_id == posts.c.thread_id))
        .where(within(posts.c.id, "ids"), within(thread_mutes.c.account_id, "viewer_ids")),
    ),
    Mark,
)


def list_marked(tx: Tx, viewer_ids: list[int], ids: list[int]) -> set[tuple[int, int]]:
    """Which of the viewers have flags of their own on which of the posts."""
    if not viewer_ids or not ids:
        return set()
    found = tx.all(_MARKED, viewer_ids=viewer_ids, ids=ids)
    return {(mark.viewer_id, mark.post_id) for mark in found}
