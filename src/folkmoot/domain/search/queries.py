"""Finding posts. Each query reads little more than it returns, however many posts there are."""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import find_account_by_address
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.interactions.tables import bookmarks, favourites
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.tables import IS_BOOST, IS_ORIGINAL, mentions, posts
from folkmoot.domain.search.model import (
    OPEN,
    Ask,
    by_author,
    in_language,
    of_kind,
    to_match,
    to_needles,
)
from folkmoot.domain.search.tables import Holds, Matches, post_index
from folkmoot.kit import ids
from folkmoot.kit.clock import from_iso
from folkmoot.kit.db import Id, Page, Tx, paged_values, param, rows, values, within
from folkmoot.kit.text import SearchQuery

_viewer = param("viewer_id", Id)
_one: Any = sa.literal_column("1")
_rowid = post_index.c.rowid

# What one wrote and marked is looked through whole up to here; beyond, the newest matches come
# first.
_SMALL_LIBRARY = 300
_NEWEST_MATCHES = 500
_LOOKED_AT = 60


def _post_is(*conditions: Any) -> Any:
    return sa.exists(
        sa.select(_one)
        .select_from(posts.join(accounts, accounts.c.id == posts.c.author_id))
        .where(posts.c.id == _rowid, accounts.c.suspended_at.is_(None), *conditions)
    )


_own = posts.c.author_id == _viewer
_allowed = sa.and_(accounts.c.indexable == sa.true(), accounts.c.limited_at.is_(None))
_may_find = _post_is(sa.or_(_own, _allowed), ~is_hidden(posts.c.author_id))
_not_hidden = _post_is(~is_hidden(posts.c.author_id))

_FOUND = paged_values(sa.select(_rowid).where(Matches(), _may_find), _rowid, PostId)

# What one has marked, been mentioned in or boosted.
_marked = (
    sa.select(favourites.c.post_id).where(favourites.c.account_id == _viewer),
    sa.select(bookmarks.c.post_id).where(bookmarks.c.account_id == _viewer),
    sa.select(mentions.c.post_id).where(mentions.c.account_id == _viewer),
    sa.select(posts.c.boost_of_id).where(posts.c.author_id == _viewer, IS_BOOST),
)
_library = sa.union(*_marked).subquery("library")
_written = sa.select(posts.c.id).where(posts.c.author_id == _viewer, IS_ORIGINAL)
_whole = sa.union(*_marked, _written).subquery("whole")
_WHOLE = values(sa.select(_whole.c.post_id).limit(param("limit", sa.Integer())), PostId)
_HELD = paged_values(
    sa.select(_rowid).where(within(_rowid, "ids"), Holds(), _not_hidden), _rowid, PostId
)
_HELD_IN_LIBRARY = paged_values(
    sa.select(_rowid)
    .select_from(_library.join(post_index, _rowid == _library.c.post_id))
    .where(Holds(), _not_hidden),
    _rowid,
    PostId,
)


class _Candidate(msgspec.Struct):
    id: PostId
    mine: bool


def _among(table: sa.Table, candidate: Any) -> Any:
    return sa.exists(
        sa.select(_one).where(table.c.account_id == _viewer, table.c.post_id == candidate)
    )


_newest = (
    sa.select(_rowid.label("id"))
    .where(Matches(), _rowid < param("max_id", Id), _rowid > param("since_id", Id))
    .order_by(_rowid.desc())
    .limit(param("limit", sa.Integer()))
    .subquery("newest")
)
_boost = posts.alias("boost")
_boosted = sa.exists(
    sa.select(_one).where(
        _boost.c.boost_of_id == _newest.c.id,
        _boost.c.author_id == _viewer,
        sa.text("boost.boost_of_id IS NOT NULL"),
    )
)
_CANDIDATES = rows(
    sa.select(
        _newest.c.id,
        sa.or_(
            *(_among(table, _newest.c.id) for table in (favourites, bookmarks, mentions)),
            _boosted,
        ),
    ).order_by(_newest.c.id.desc()),
    _Candidate,
)
_UNHIDDEN = values(
    sa.select(_rowid).where(within(_rowid, "ids"), _not_hidden).order_by(_rowid.desc()), PostId
)


def search_posts(
    tx: Tx,
    query: SearchQuery,
    page: Page,
    *,
    viewer_id: int,
    author_id: int | None = None,
    offset: int = 0,
) -> list[PostId]:
    """The posts that a viewer (0: a visitor) may find, newest first; `author_id` narrows to one
    author. Visibility is enforced where they are presented.
    """
    ask = _understand(tx, query, viewer_id, author_id)
    if ask is None:
        return []
    wanted = Page(
        limit=page.limit + offset,
        max_id=min(page.max_id, _day_id(query.until, ids.MAX_ID)),
        since_id=max(page.since_id, page.min_id or 0, _day_id(query.since, 1) - 1),
    )
    with_own = viewer_id != 0 and query.scope != "public"
    library = _list_small_library(tx, viewer_id) if with_own else []
    marks = () if query.scope == "library" else (OPEN,)
    if with_own and library is None:
        marks = (*marks, by_author(viewer_id))
    found = _find_marked(tx, ask, marks, wanted, viewer_id)
    if with_own:
        floor = found[-1] if len(found) == wanted.limit else wanted.since_id
        above = msgspec.structs.replace(wanted, since_id=floor)
        found = sorted({*found, *_find_held(tx, ask, library, above, viewer_id)}, reverse=True)
    return found[offset : wanted.limit]


def _find_marked(
    tx: Tx, ask: Ask, marks: tuple[str, ...], page: Page, viewer_id: int
) -> list[PostId]:
    """Matches that bear one of the marks."""
    if not marks:
        return []
    match = to_match(ask.narrowed(*marks), tx.dialect)
    return tx.page(_FOUND, page, match=match, viewer_id=viewer_id, now=tx.now)


def _list_small_library(tx: Tx, viewer_id: int) -> list[PostId] | None:
    """Everything one wrote, marked, boosted or is mentioned in; None when it is a lot."""
    found = tx.all(_WHOLE, viewer_id=viewer_id, limit=_SMALL_LIBRARY + 1)
    return found if len(found) <= _SMALL_LIBRARY else None


def _find_held(
    tx: Tx, ask: Ask, library: list[PostId] | None, page: Page, viewer_id: int
) -> list[PostId]:
    """Matches within a small library; of a large one, what others wrote."""
    if library == []:
        return []
    wanted, unwanted = to_needles(ask)
    held = {
        "match": to_match(ask, tx.dialect),
        "wanted": wanted,
        "unwanted": unwanted,
        "viewer_id": viewer_id,
        "now": tx.now,
    }
    if library is not None:
        return _find_in_small_library(tx, library, page, held)
    if ask.is_positive:
        candidates = tx.all(
            _CANDIDATES,
            match=held["match"],
            viewer_id=viewer_id,
            max_id=page.max_id,
            since_id=page.since_id,
            limit=_NEWEST_MATCHES,
        )
        mine = [candidate.id for candidate in candidates if candidate.mine]
        if len(candidates) < _NEWEST_MATCHES or len(mine) >= page.limit:
            return tx.all(_UNHIDDEN, ids=mine, viewer_id=viewer_id, now=tx.now)[: page.limit]
    return tx.page(_HELD_IN_LIBRARY, page, **held)


def _find_in_small_library(
    tx: Tx, library: list[PostId], page: Page, held: dict[str, Any]
) -> list[PostId]:
    """Looks at the newest first, so many at a time: of common words, they fill the page."""
    asked = sorted((i for i in library if page.since_id < i < page.max_id), reverse=True)
    found: list[PostId] = []
    for start in range(0, len(asked), _LOOKED_AT):
        found += tx.page(_HELD, page, ids=asked[start : start + _LOOKED_AT], **held)
        if len(found) >= page.limit:
            break
    return found[: page.limit]


def _understand(tx: Tx, query: SearchQuery, viewer_id: int, author_id: int | None) -> Ask | None:
    """The question to the index; None when nothing can answer it."""
    if query.is_empty:
        return None
    wanted: list[tuple[str, ...]] = []
    unwanted: list[str] = []
    if query.from_:
        wanted.append(tuple(map(by_author, _resolve(tx, query.from_, viewer_id))))
    if author_id is not None:
        wanted.append((by_author(author_id),))
    if query.languages:
        wanted.append(tuple(in_language(language)[0] for language in sorted(query.languages)))
    wanted += [(of_kind(kind),) for kind in sorted(query.has | query.is_)]
    unwanted += map(by_author, _resolve(tx, query.not_from, viewer_id))
    unwanted += [in_language(language)[0] for language in sorted(query.not_languages)]
    unwanted += [of_kind(kind) for kind in sorted(query.has_not | query.is_not)]
    return Ask(query, tuple(wanted), tuple(unwanted)) if all(wanted) else None


def _resolve(tx: Tx, addresses: frozenset[str], viewer_id: int) -> list[AccountId]:
    """The accounts behind `me`, `user` and `user@domain`; those unknown are left out."""
    found = []
    for address in sorted(addresses):
        if address == "me":
            found += [AccountId(viewer_id)] if viewer_id else []
        elif (account := find_account_by_address(tx, address)) is not None:
            found.append(account.id)
    return found


def _day_id(day: dt.date | None, otherwise: int) -> int:
    """The smallest id of a day (UTC)."""
    if day is None:
        return otherwise
    return min(ids.MAX_ID, max(1, ids.first_at(max(0, from_iso(day.isoformat())))))
