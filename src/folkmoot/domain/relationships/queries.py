"""Reads of relationships, and the conditions that other rooms' queries join in."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId, ContactLimited
from folkmoot.domain.accounts.queries import MAX_TERMS, has_term, is_named, parse_name
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.model import Row
from folkmoot.domain.boundaries.queries import is_blocked, is_there, listed
from folkmoot.domain.boundaries.tables import blocks, domain_blocks, mutes
from folkmoot.domain.relationships.model import Follow, Tie
from folkmoot.domain.relationships.tables import (
    account_notes,
    endorsements,
    follow_requests,
    follows,
)
from folkmoot.kit.db import (
    Id,
    Moment,
    Page,
    Paged,
    Query,
    Tx,
    paged,
    param,
    rows,
    values,
    within,
)

_one: Any = sa.literal_column("1")
_viewer = param("viewer_id", Id)


def is_followed(author_id: Any) -> Any:
    """SQL: whether parameter `viewer_id` follows the author in a column."""
    return sa.exists(
        sa.select(_one).where(follows.c.follower_id == _viewer, follows.c.followed_id == author_id)
    )


def _between(table: sa.Table, left: str, right: str) -> Any:
    """SQL: whether a row leads from one of the two, the viewer and `accounts`, to the other."""
    ends = {"viewer": _viewer, "account": accounts.c.id}
    inner = table.alias()  # the outer query may have the table itself
    first, second = (inner.c[column.name] for column in table.primary_key.columns)
    return sa.exists(sa.select(_one).where(first == ends[left], second == ends[right]))


def _towards(table: sa.Table) -> Any:
    """SQL: the condition that a row leads from the viewer to `accounts`."""
    first, second = table.primary_key.columns
    return sa.and_(first == _viewer, second == accounts.c.id)


def _flag(column: Any) -> Any:
    return sa.func.coalesce(column, sa.false())


def _text(column: Any) -> Any:
    return sa.func.coalesce(column, sa.literal_column("''"))


_TIES = rows(
    sa.select(
        accounts.c.id,
        follows.c.id,
        _flag(follows.c.show_boosts),
        _flag(follows.c.notify),
        _text(follows.c.languages),
        follow_requests.c.id,
        _flag(follow_requests.c.show_boosts),
        _flag(follow_requests.c.notify),
        _text(follow_requests.c.languages),
        mutes.c.id,
        _flag(mutes.c.hide_notifications),
        mutes.c.expires_at,
        _text(account_notes.c.comment),
        _between(follows, "account", "viewer"),
        _between(follow_requests, "account", "viewer"),
        _between(blocks, "viewer", "account"),
        _between(blocks, "account", "viewer"),
        sa.exists(
            sa.select(_one).where(
                domain_blocks.c.account_id == _viewer, domain_blocks.c.domain == accounts.c.domain
            )
        ),
        _between(endorsements, "viewer", "account"),
    )
    .select_from(
        accounts.outerjoin(follows, _towards(follows))
        .outerjoin(follow_requests, _towards(follow_requests))
        .outerjoin(
            mutes,
            sa.and_(
                _towards(mutes),
                sa.or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > param("now", Moment)),
            ),
        )
        .outerjoin(account_notes, _towards(account_notes))
    )
    .where(
        within(accounts.c.id, "ids"),
        sa.or_(param("with_suspended", sa.Boolean) == sa.true(), accounts.c.suspended_at.is_(None)),
    ),
    Tie,
)


def list_ties(tx: Tx, viewer_id: int, ids: list[int], *, with_suspended: bool = True) -> list[Tie]:
    """How the viewer stands to each of these accounts, in the order of the ids."""
    if not ids:
        return []
    found = tx.all(_TIES, viewer_id=viewer_id, ids=ids, now=tx.now, with_suspended=with_suspended)
    ties: dict[int, Tie] = {tie.target_id: tie for tie in found}
    return [ties[i] for i in dict.fromkeys(ids) if i in ties]


def get_tie(tx: Tx, viewer_id: int, target_id: int) -> Tie:
    """How the viewer stands to an account that exists."""
    return list_ties(tx, viewer_id, [target_id])[0]


def follow_columns(table: sa.Table) -> Any:
    """The columns of a Follow."""
    names = ("id", "follower_id", "followed_id", "show_boosts", "notify", "languages")
    in_home = [table.c.in_home] if "in_home" in table.c else [sa.true()]
    return [*(table.c[name] for name in names), *in_home]


def _pair(table: sa.Table) -> Any:
    c = table.c
    return sa.and_(
        c.follower_id == param("follower_id", Id), c.followed_id == param("followed_id", Id)
    )


_FOLLOW = rows(sa.select(*follow_columns(follows)).where(_pair(follows)), Follow)
_REQUEST = rows(sa.select(*follow_columns(follow_requests)).where(_pair(follow_requests)), Follow)


def find_follow(tx: Tx, follower_id: int, followed_id: int) -> Follow | None:
    """The follow between two accounts."""
    return tx.first(_FOLLOW, follower_id=follower_id, followed_id=followed_id)


def find_request(tx: Tx, follower_id: int, followed_id: int) -> Follow | None:
    """The request to follow that waits between two accounts."""
    return tx.first(_REQUEST, follower_id=follower_id, followed_id=followed_id)


_FOLLOWED_AMONG = values(
    sa.select(follows.c.followed_id).where(
        follows.c.follower_id == _viewer, within(follows.c.followed_id, "ids")
    ),
    AccountId,
)


def list_followed_among(tx: Tx, follower_id: int, ids: list[AccountId]) -> list[AccountId]:
    """Those of the accounts that somebody follows."""
    return tx.all(_FOLLOWED_AMONG, viewer_id=follower_id, ids=ids)


_FOLLOWERS_AMONG = values(
    sa.select(follows.c.follower_id).where(
        follows.c.followed_id == param("account_id", Id), within(follows.c.follower_id, "ids")
    ),
    int,
)


def check_contact(tx: Tx, account: Account, others: Iterable[int | None]) -> None:
    """ContactLimited when a decision lets the account address followers alone and one of the
    others, itself aside, does not follow it. No query for any other account.
    """
    if account.contact_limited_at is None:
        return
    ids = {other for other in others if other is not None} - {account.id}
    if ids and len(tx.all(_FOLLOWERS_AMONG, account_id=account.id, ids=sorted(ids))) < len(ids):
        raise ContactLimited


_LOCAL_FOLLOWS = rows(
    sa.select(*follow_columns(follows))
    .select_from(follows.join(accounts, accounts.c.id == follows.c.follower_id))
    .where(
        follows.c.followed_id == param("followed_id", Id),
        accounts.c.domain == sa.literal_column("''"),
    )
    .order_by(follows.c.id)
    .limit(param("limit", sa.Integer())),
    Follow,
)


def list_local_follows(tx: Tx, followed_id: int, *, limit: int) -> list[Follow]:
    """The first follows of an account by members of this server."""
    return tx.all(_LOCAL_FOLLOWS, followed_id=followed_id, limit=limit)


def _unhidden(table: sa.Table, whose: str, who: str) -> Paged[Row]:
    """The same, without those that `viewer_id` has hidden or whom a block parts from them."""
    column = table.c[who]
    shown = is_there(column)
    return paged(
        sa.select(table.c.id, column).where(
            table.c[whose] == param("of_id", Id), shown, ~is_blocked(column)
        ),
        table.c.id,
        Row,
    )


_FOLLOWERS = _unhidden(follows, "followed_id", "follower_id")
_FOLLOWING = _unhidden(follows, "follower_id", "followed_id")
_REQUESTS = listed(follow_requests, "followed_id", "follower_id")
_ENDORSED = _unhidden(endorsements, "account_id", "target_id")


def list_followers(tx: Tx, account_id: int, page: Page, *, viewer_id: int) -> list[Row]:
    """Who follows an account, newest first."""
    return tx.page(_FOLLOWERS, page, of_id=account_id, viewer_id=viewer_id)


def list_following(tx: Tx, account_id: int, page: Page, *, viewer_id: int) -> list[Row]:
    """Whom an account follows, newest first."""
    return tx.page(_FOLLOWING, page, of_id=account_id, viewer_id=viewer_id)


def list_requests(tx: Tx, account_id: int, page: Page) -> list[Row]:
    """Who waits to be let in by an account."""
    return tx.page(_REQUESTS, page, of_id=account_id)


def list_endorsements(tx: Tx, account_id: int, page: Page, *, viewer_id: int) -> list[Row]:
    """Whom an account features on its profile."""
    return tx.page(_ENDORSED, page, of_id=account_id, viewer_id=viewer_id)


_REQUEST_COUNT = values(
    sa.select(sa.func.count()).where(follow_requests.c.followed_id == param("of_id", Id)), int
)


def count_requests(tx: Tx, account_id: int) -> int:
    """How many wait to be let in by an account."""
    return tx.one(_REQUEST_COUNT, of_id=account_id)


_theirs = follows.alias("theirs")


class _Familiar(Row):
    """Of a row, `id` is the account asked about, `account_id` who follows it."""


_FAMILIAR = rows(
    sa.select(_theirs.c.followed_id, _theirs.c.follower_id)
    .select_from(
        follows.join(
            _theirs,
            sa.and_(
                _theirs.c.follower_id == follows.c.followed_id,
                within(_theirs.c.followed_id, "ids"),
            ),
        ).join(accounts, accounts.c.id == _theirs.c.follower_id)
    )
    .where(
        follows.c.follower_id == _viewer,
        accounts.c.hide_collections == sa.false(),
        accounts.c.suspended_at.is_(None),
    )
    .order_by(_theirs.c.id.desc()),
    _Familiar,
)


def list_familiar(tx: Tx, viewer_id: int, ids: list[int]) -> dict[int, list[AccountId]]:
    """For each of the accounts, who of those that the viewer follows follows it."""
    found: dict[int, list[AccountId]] = {i: [] for i in ids}
    for row in tx.all(_FAMILIAR, viewer_id=viewer_id, ids=ids):
        found[row.id].append(row.account_id)
    return found


def _search(count: int, following: bool) -> Query[Account]:
    """Accounts whose names have `count` terms: the exact name first, then whom the viewer
    follows, then by followers. Those who block the viewer, and whom they block, stay away."""
    source: Any
    if following:
        source = follows.join(accounts, accounts.c.id == follows.c.followed_id)
        terms = [has_term(at, accounts.c.id) for at in range(count)]
        terms.append(follows.c.follower_id == _viewer)
    else:
        source = accounts
        terms = [is_named(accounts.c.id), *(has_term(at, accounts.c.id) for at in range(1, count))]
    theirs = follows.alias("theirs")
    is_theirs = sa.exists(
        sa.select(_one).where(
            theirs.c.follower_id == _viewer, theirs.c.followed_id == accounts.c.id
        )
    )
    return rows(
        sa.select(accounts)
        .select_from(source)
        .where(
            *terms,
            sa.or_(
                param("any_domain", sa.Boolean) == sa.true(),
                accounts.c.domain == param("domain", sa.Text),
            ),
            accounts.c.suspended_at.is_(None),
            accounts.c.moved_to_id.is_(None),
            accounts.c.pending == sa.false(),
            # Whom one has blocked oneself is found, or nobody could be unblocked by name.
            ~_between(blocks, "account", "viewer"),
        )
        .order_by(
            (accounts.c.username_key == param("exact", sa.Text)).desc(),
            is_theirs.desc(),
            accounts.c.followers_count.desc(),
            accounts.c.id.desc(),
        )
        .limit(param("limit", sa.Integer()))
        .offset(param("offset", sa.Integer())),
        Account,
    )


_SEARCH = {
    (count, following): _search(count, following)
    for count in range(1, MAX_TERMS + 1)
    for following in (False, True)
}


def search_accounts(
    tx: Tx, text: str, *, viewer_id: int, limit: int, offset: int = 0, following: bool = False
) -> list[Account]:
    """Accounts whose name or display name has the words of a text, or words that begin with them.

    `user@domain` finds that address; with `following` only those that the viewer follows.
    """
    query = parse_name(text, own_domain=tx.settings.domain)
    if not query.ranges:
        return []
    return tx.all(
        _SEARCH[len(query.ranges), following],
        viewer_id=viewer_id,
        limit=limit,
        offset=offset,
        **query.params,
    )
