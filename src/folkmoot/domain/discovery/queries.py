"""Reads of the directory, of suggestions, of trends, and of how much the place is used."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.queries import list_accounts_by_name
from folkmoot.domain.accounts.tables import IS_DISCOVERABLE, accounts
from folkmoot.domain.auth.tables import users
from folkmoot.domain.boundaries.queries import is_hidden
from folkmoot.domain.cards.model import card_key
from folkmoot.domain.cards.queries import find_card_by_key
from folkmoot.domain.cards.tables import card_links, cards
from folkmoot.domain.discovery.model import (
    MIN_PEOPLE,
    POST_WINDOW,
    WINDOW_DAYS,
    DayUse,
    Kind,
    LinkNotTrending,
    PostUse,
    Source,
    Suggestion,
    Trend,
    Usage,
    is_web_address,
)
from folkmoot.domain.discovery.tables import trend_allowances, trends, unwanted_suggestions
from folkmoot.domain.instance.model import UsageWeek
from folkmoot.domain.posts.model import PostId
from folkmoot.domain.posts.tables import IS_PUBLIC_PAGE, posts
from folkmoot.domain.relationships.tables import follow_requests, follows
from folkmoot.domain.tags.tables import tag_days
from folkmoot.kit import clock, ids
from folkmoot.kit.db import Id, Moment, Page, Query, Tx, paged_values, param, rows, values, within

_one: Any = sa.literal_column("1")
_viewer = param("viewer_id", Id)
_limit, _offset = param("limit", sa.Integer()), param("offset", sa.Integer())

_ORDERS = {"active": accounts.c.last_post_at, "new": accounts.c.id}


def _directory(order: str, *, local: bool) -> Query[AccountId]:
    column = _ORDERS[order]
    shown = sa.select(accounts.c.id).where(IS_DISCOVERABLE, ~is_hidden(accounts.c.id))
    if local:
        shown = shown.where(accounts.c.domain == sa.literal_column("''", sa.Text))
    if order == "active":
        # Who never posted is not active; and the index need not be asked for empty values.
        shown = shown.where(column.is_not(None))
    return values(shown.order_by(column.desc()).limit(_limit).offset(_offset), AccountId)


_DIRECTORY = {
    (order, local): _directory(order, local=local) for order in _ORDERS for local in (False, True)
}


def list_directory(
    tx: Tx, *, order: str, local: bool, viewer_id: int, limit: int, offset: int = 0
) -> list[AccountId]:
    """Those who agreed to be shown: `active` by their last post, `new` by their sign-up."""
    return tx.all(
        _DIRECTORY[order, local], viewer_id=viewer_id, now=tx.now, limit=limit, offset=offset
    )


def _pair(table: sa.Table, mine: str, theirs: str, account_id: Any) -> Any:
    return sa.exists(sa.select(_one).where(table.c[mine] == _viewer, table.c[theirs] == account_id))


def _may_be_suggested(account_id: Any) -> Any:
    """Neither oneself, nor followed, asked, hidden or unwanted."""
    return sa.and_(
        account_id != _viewer,
        ~_pair(follows, "follower_id", "followed_id", account_id),
        ~_pair(follow_requests, "follower_id", "followed_id", account_id),
        ~_pair(unwanted_suggestions, "account_id", "target_id", account_id),
        ~is_hidden(account_id),
    )


# Whom those follow that one began to follow last; more would cost more and say little more.
_RECENTLY_FOLLOWED = 50
_latest = (
    sa.select(follows.c.followed_id)
    .where(follows.c.follower_id == _viewer)
    .order_by(follows.c.id.desc())
    .limit(sa.literal_column(str(_RECENTLY_FOLLOWED)))
    .subquery("latest")
)
_theirs = follows.alias("theirs")
# Asked of each, not joined: for a join SQLite would read all accounts for a Bloom filter.
_is_discoverable = sa.exists(
    sa.select(_one).where(accounts.c.id == _theirs.c.followed_id, IS_DISCOVERABLE)
)
_FRIENDS = values(
    sa.select(_theirs.c.followed_id)
    .select_from(_latest.join(_theirs, _theirs.c.follower_id == _latest.c.followed_id))
    .where(_is_discoverable, _may_be_suggested(_theirs.c.followed_id))
    .group_by(_theirs.c.followed_id)
    .order_by(sa.func.count().desc(), _theirs.c.followed_id.desc())
    .limit(_limit),
    AccountId,
)
_FOLLOWED = values(
    sa.select(accounts.c.id)
    .where(IS_DISCOVERABLE, _may_be_suggested(accounts.c.id))
    .order_by(accounts.c.followers_count.desc())
    .limit(_limit),
    AccountId,
)
_ALLOWED_TEAM = values(
    sa.select(accounts.c.id).where(
        within(accounts.c.id, "ids"),
        accounts.c.suspended_at.is_(None),
        _may_be_suggested(accounts.c.id),
    ),
    AccountId,
)


def list_suggestions(tx: Tx, viewer_id: int, *, limit: int) -> list[Suggestion]:
    """Accounts a member may want to follow: those the team names, those whom people they follow
    follow, those whom most follow here.
    """
    asked = {"viewer_id": viewer_id, "now": tx.now}
    sources = (
        (Source.TEAM, _list_team(tx, asked)),
        (Source.FRIENDS, tx.all(_FRIENDS, limit=limit, **asked)),
        (Source.FOLLOWED, tx.all(_FOLLOWED, limit=limit, **asked)),
    )
    found: dict[AccountId, Suggestion] = {}
    for source, account_ids in sources:
        for account_id in account_ids:
            found.setdefault(account_id, Suggestion(account_id, [])).sources.append(source)
    return list(found.values())[:limit]


def _list_team(tx: Tx, asked: dict[str, int]) -> list[AccountId]:
    """The accounts in the setting that may be suggested, in its order."""
    names = [name.lower() for name in tx.settings.discovery.suggested]
    named = {account.username_key: account.id for account in list_accounts_by_name(tx, names)}
    wanted = [named[name] for name in names if name in named]
    allowed = set(tx.all(_ALLOWED_TEAM, ids=wanted, **asked)) if wanted else set()
    return [account_id for account_id in wanted if account_id in allowed]


_allowed = sa.exists(
    sa.select(_one).where(
        trend_allowances.c.kind == trends.c.kind,
        trend_allowances.c.subject_id == trends.c.subject_id,
    )
)
_trending = (
    sa.select(trends)
    .where(trends.c.kind == param("kind"), ~is_hidden(trends.c.author_id))
    .order_by(trends.c.rank)
    .limit(_limit)
    .offset(_offset)
)
_TRENDS = {False: rows(_trending, Trend), True: rows(_trending.where(_allowed), Trend)}


def list_trends(
    tx: Tx, kind: Kind, *, viewer_id: int, limit: int, offset: int = 0, waiting: bool = False
) -> list[Trend]:
    """What trends, best first; where trends are reviewed only what was let through, or, with
    `waiting`, also what was not.
    """
    settings = tx.settings.discovery
    if not settings.trends:
        return []
    return tx.all(
        _TRENDS[settings.trends_review and not waiting],
        kind=kind,
        viewer_id=viewer_id,
        now=tx.now,
        limit=limit,
        offset=offset,
    )


_IS_TRENDING = values(
    sa.select(trends.c.rank).where(
        trends.c.kind == param("kind"), trends.c.subject_id == param("subject_id", Id)
    ),
    int,
)
_LINKING = paged_values(
    sa.select(card_links.c.post_id)
    .select_from(
        card_links.join(posts, posts.c.id == card_links.c.post_id).join(
            accounts, accounts.c.id == posts.c.author_id
        )
    )
    .where(
        card_links.c.card_id == param("card_id", Id),
        posts.c.visibility == sa.literal_column("0"),
        IS_DISCOVERABLE,
        ~is_hidden(card_links.c.author_id),
    ),
    card_links.c.post_id,
    PostId,
)


def list_posts_of_link(tx: Tx, url: str, page: Page, *, viewer_id: int) -> list[PostId]:
    """A page of the public posts with a link that trends, of authors who agreed to be shown;
    LinkNotTrending for any other link.
    """
    card = find_card_by_key(tx, card_key(url)) if is_web_address(url) else None
    if card is None or tx.first(_IS_TRENDING, kind=Kind.LINK, subject_id=card.id) is None:
        raise LinkNotTrending
    return tx.page(_LINKING, page, card_id=card.id, viewer_id=viewer_id, now=tx.now)


_WAITING = rows(sa.select(trends).where(~_allowed).order_by(trends.c.kind, trends.c.rank), Trend)


_ALLOWED_AMONG = values(
    sa.select(trend_allowances.c.subject_id).where(
        trend_allowances.c.kind == param("kind"), within(trend_allowances.c.subject_id, "ids")
    ),
    int,
)


def list_allowed(tx: Tx, kind: Kind, ids: list[int]) -> set[int]:
    """What of these was let through to the trends."""
    return set(tx.all(_ALLOWED_AMONG, kind=kind, ids=ids)) if ids else set()


def is_trending(tx: Tx, kind: Kind, subject_id: int) -> bool:
    """Whether something trends, or would if it were let through."""
    return tx.first(_IS_TRENDING, kind=kind, subject_id=subject_id) is not None


def list_waiting_trends(tx: Tx) -> list[Trend]:
    """What would trend and was not let through."""
    return tx.all(_WAITING)


_since_day = param("since", Moment)
_ready = sa.literal_column("'ready'", sa.Text)
_TAG_USE = rows(
    sa.select(tag_days.c.tag_id, tag_days.c.day, tag_days.c.uses, tag_days.c.accounts).where(
        tag_days.c.day >= _since_day, tag_days.c.accounts > sa.literal_column("0")
    ),
    DayUse,
)
_day = posts.c.created_at - posts.c.created_at % sa.literal_column(str(clock.DAY))
_link_use = (
    sa.select(
        card_links.c.card_id,
        _day,
        sa.func.count(),
        sa.func.count(posts.c.author_id.distinct()),
    )
    .select_from(
        posts.join(card_links, card_links.c.post_id == posts.c.id).join(
            cards, cards.c.id == card_links.c.card_id
        )
    )
    .where(IS_PUBLIC_PAGE, posts.c.id >= param("first_id", Id), cards.c.state == _ready)
    .group_by(card_links.c.card_id, _day)
)
_LINK_USE = rows(_link_use, DayUse)
_USE_OF_LINKS = rows(_link_use.where(within(card_links.c.card_id, "card_ids")), DayUse)
_POST_USE = rows(
    sa.select(
        posts.c.id,
        posts.c.author_id,
        posts.c.created_at,
        posts.c.boosts_count,
        posts.c.favourites_count,
    )
    .select_from(posts.join(accounts, accounts.c.id == posts.c.author_id))
    .where(
        IS_PUBLIC_PAGE,
        IS_DISCOVERABLE,
        posts.c.id >= param("first_id", Id),
        posts.c.in_reply_to_id.is_(None),
        posts.c.sensitive == sa.false(),
        posts.c.screened == sa.false(),
        sa.or_(
            posts.c.boosts_count >= sa.literal_column(str(MIN_PEOPLE)),
            posts.c.favourites_count >= sa.literal_column(str(MIN_PEOPLE)),
        ),
    ),
    PostUse,
)


def _first_day(tx: Tx) -> int:
    return clock.day_start(tx.now) - (WINDOW_DAYS - 1) * clock.DAY


def list_tag_use(tx: Tx) -> list[DayUse]:
    """The use of every tag on each of the last days."""
    return tx.all(_TAG_USE, since=_first_day(tx))


def list_link_use(tx: Tx, card_ids: list[int] | None = None) -> list[DayUse]:
    """The use of every link that has a card, or of some, on each of the last days."""
    first_id = ids.first_at(_first_day(tx))
    if card_ids is None:
        return tx.all(_LINK_USE, first_id=first_id)
    return tx.all(_USE_OF_LINKS, first_id=first_id, card_ids=card_ids) if card_ids else []


def list_post_use(tx: Tx) -> list[PostUse]:
    """Recent public posts, neither answers nor under a warning, of authors who agreed to be
    shown, that several people boosted or marked.
    """
    return tx.all(_POST_USE, first_id=ids.first_at(tx.now - POST_WINDOW))


_zero = sa.literal_column("0", sa.Integer)


def _active_since(name: str) -> sa.ColumnElement[int]:
    is_active = users.c.last_active_at >= param(name, Moment)
    counted = sa.case((is_active, sa.literal_column("1", sa.Integer)), else_=_zero)
    return sa.func.coalesce(sa.func.sum(counted), _zero)


_USAGE = rows(
    sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(accounts.c.posts_count), _zero),
        _active_since("month"),
        _active_since("half_year"),
    )
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        accounts.c.suspended_at.is_(None),
    ),
    Usage,
)


def count_usage(tx: Tx) -> Usage:
    """Counts members and their posts: reads one row for each member, so keep what it returns."""
    return tx.one(_USAGE, month=tx.now - 28 * clock.DAY, half_year=tx.now - 180 * clock.DAY)


class _Week(msgspec.Struct):
    posts: int
    posting: int
    active: int
    sign_ups: int


def _count_users(moment: Any) -> Any:
    during = sa.and_(moment >= param("starts_at", Moment), moment < param("ends_at", Moment))
    return sa.select(sa.func.count()).select_from(users).where(during).scalar_subquery()


_WEEK = rows(
    sa.select(
        sa.func.count(),
        sa.func.count(posts.c.author_id.distinct()),
        _count_users(users.c.last_active_at),
        _count_users(users.c.created_at),
    )
    .select_from(posts.join(users, users.c.account_id == posts.c.author_id))
    .where(
        posts.c.id >= param("first_id", Id),
        posts.c.id < param("end_id", Id),
        posts.c.boost_of_id.is_(None),
    ),
    _Week,
)


def count_week(tx: Tx, starts_at: int) -> UsageWeek:
    """Counts the use in the week that begins at a moment. Of a week that is over, only those who
    posted or were not seen since are known to have been active.
    """
    ends_at = starts_at + 7 * clock.DAY
    found = tx.one(
        _WEEK,
        starts_at=starts_at,
        ends_at=ends_at,
        first_id=ids.first_at(starts_at),
        end_id=ids.first_at(ends_at),
    )
    return UsageWeek(starts_at, found.posts, max(found.active, found.posting), found.sign_ups)
