"""Reads of users and of the links in letters."""

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import (
    DayCount,
    EmailInvalid,
    Held,
    LetterKind,
    Link,
    Member,
    Role,
    RoleChange,
    Seen,
    User,
    UserNotFound,
    parse_email,
)
from folkmoot.domain.auth.tables import HAS_ROLE, IS_PENDING, letter_links, role_changes, users
from folkmoot.kit.clock import DAY
from folkmoot.kit.db import Id, Moment, Page, Tx, paged, param, rows, values, within
from folkmoot.kit.ids import first_at

_BY_ID = rows(sa.select(users).where(users.c.account_id == param("account_id")), User)
_BY_IDS = rows(sa.select(users).where(within(users.c.account_id, "ids")), User)
_day: Any = sa.literal_column(str(DAY))
_joined = users.c.created_at
_DAYS = rows(
    sa.select(_joined - _joined % _day, sa.func.count())
    .where(
        _joined >= param("since", Moment),
        _joined < param("until", Moment),
        users.c.account_id >= param("first_id", Id),
    )
    .group_by(_joined - _joined % _day),
    DayCount,
)
_last = users.c.last_active_at
_LAST_SEEN = rows(
    sa.select(_joined - _joined % _day, _last - _last % _day, sa.func.count())
    .where(
        _joined >= param("since", Moment),
        _joined < param("until", Moment),
        users.c.account_id >= param("first_id", Id),
    )
    .group_by(_joined - _joined % _day, _last - _last % _day),
    Seen,
)
_BY_EMAIL = rows(sa.select(users).where(users.c.email_key == param("email_key")), User)
_BY_NAME = rows(
    sa.select(users)
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.username_key == param("username_key"), accounts.c.domain == param("domain")),
    User,
)
_ROLE_CHANGES = paged(sa.select(role_changes), role_changes.c.id, RoleChange)
_WITH_ROLE = rows(sa.select(users).where(HAS_ROLE), User)
_ROLES = rows(
    sa.select(users.c.account_id, users.c.role).where(
        within(users.c.account_id, "ids"),
        HAS_ROLE,
        users.c.second_factor_at.is_not(None),
        users.c.disabled_at.is_(None),
    ),
    Held,
)
_LINK = rows(
    sa.select(letter_links).where(
        letter_links.c.hash == param("hash"), letter_links.c.expires_at > param("now", Moment)
    ),
    Link,
)
_members = sa.select(
    users.c.account_id,
    accounts.c.username,
    users.c.email,
    users.c.role,
    users.c.created_at,
    users.c.confirmed_at,
    users.c.approved_at,
    users.c.disabled_at,
    users.c.second_factor_at,
    users.c.last_active_at,
    users.c.reason,
).select_from(users.join(accounts, accounts.c.id == users.c.account_id))
_MEMBERS = paged(_members, users.c.account_id, Member)
_PENDING = paged(_members.where(IS_PENDING), users.c.account_id, Member)
_AWAITING = paged(
    _members.where(IS_PENDING, users.c.confirmed_at.is_not(None), users.c.approved_at.is_(None)),
    users.c.account_id,
    Member,
)
_COUNT_AWAITING = values(
    sa.select(sa.func.count()).where(
        IS_PENDING, users.c.confirmed_at.is_not(None), users.c.approved_at.is_(None)
    ),
    int,
)
_COUNT = values(
    sa.select(sa.func.count()).where(
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        users.c.disabled_at.is_(None),
    ),
    int,
)
_AFTER = rows(
    sa.select(users)
    .where(
        users.c.account_id > param("after"),
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        users.c.disabled_at.is_(None),
    )
    .order_by(users.c.account_id)
    .limit(param("limit", sa.Integer())),
    User,
)
_ANY_MEMBER = values(
    sa.select(users.c.account_id)
    .where(users.c.role == sa.literal_column("'member'"))
    .limit(sa.literal_column("1")),
    AccountId,
)
_COUNT_ACTIVE = values(
    sa.select(sa.func.count()).where(users.c.last_active_at >= param("since", Moment)), int
)


_ABANDONED = values(
    sa.select(users.c.account_id)
    .where(
        IS_PENDING,
        users.c.confirmed_at.is_(None),
        users.c.created_at < param("before", Moment),
    )
    .limit(param("limit", sa.Integer())),
    AccountId,
)


def hash_key(key: str) -> str:
    """How the key in a letter's link is stored and looked up."""
    return hashlib.sha256(key.encode()).hexdigest()


_FILTERS_REV = values(
    sa.select(users.c.filters_rev).where(users.c.account_id == param("account_id")), int
)


def list_roles(tx: Tx, ids: Sequence[AccountId]) -> dict[AccountId, Role]:
    """The roles above member that are in effect, of those accounts that have one."""
    return {row.account_id: Role(row.role) for row in tx.all(_ROLES, ids=list(ids))}


def get_user(tx: Tx, account_id: int) -> User:
    """The user of a local account; UserNotFound for others."""
    found = tx.first(_BY_ID, account_id=account_id)
    if found is None:
        raise UserNotFound
    return found


def find_user(tx: Tx, account_id: int) -> User | None:
    """The private half of an account, where it has one: those of other servers do not."""
    return tx.first(_BY_ID, account_id=account_id)


def find_user_by_email(tx: Tx, email_key: str) -> User | None:
    """The user of an address, given as its key."""
    return tx.first(_BY_EMAIL, email_key=email_key)


def find_user_by_login(tx: Tx, login: str) -> User | None:
    """The user whom somebody means who types an e-mail address or a user name."""
    login = login.strip().removeprefix("@")
    try:
        found = tx.first(_BY_EMAIL, email_key=parse_email(login).key)
    except EmailInvalid:
        found = None
    if found is not None:
        return found
    # Some type the address under which others follow them.
    name = login.removesuffix(f"@{tx.settings.domain}")
    return tx.first(_BY_NAME, username_key=name.lower(), domain="")


def find_link(tx: Tx, key: str, *kinds: LetterKind) -> Link | None:
    """The link of a key from a letter, while it works, if it is for one of these ends."""
    found = tx.first(_LINK, hash=hash_key(key), now=tx.now)
    return found if found is not None and found.kind in kinds else None


def list_users(tx: Tx, ids: list[AccountId]) -> dict[AccountId, User]:
    """The users of those of the accounts that are local."""
    return {user.account_id: user for user in tx.all(_BY_IDS, ids=ids)} if ids else {}


def count_days(tx: Tx, *, since: int, until: int) -> dict[int, int]:
    """How many signed up on each day (its midnight) of a span."""
    found = tx.all(_DAYS, since=since, until=until, first_id=first_at(since))
    return {each.day: each.count for each in found}


def list_last_seen(tx: Tx, *, since: int, until: int) -> list[Seen]:
    """When those who signed up in a span were seen last."""
    return tx.all(_LAST_SEEN, since=since, until=until, first_id=first_at(since))


def list_team(tx: Tx) -> list[User]:
    """Everybody with a role above member, whether it is in effect or not."""
    return tx.all(_WITH_ROLE)


def list_role_changes(tx: Tx, page: Page) -> list[RoleChange]:
    """A page of who got which role, by whom and why, the latest first."""
    return tx.page(_ROLE_CHANGES, page)


def list_members(tx: Tx, page: Page) -> list[Member]:
    """All users, newest first."""
    return tx.page(_MEMBERS, page)


def list_pending(tx: Tx, page: Page) -> list[Member]:
    """Those who wait: for their own confirmation or for the team's approval, newest first."""
    return tx.page(_PENDING, page)


def list_awaiting(tx: Tx, page: Page) -> list[Member]:
    """Those who have confirmed their address and wait for the team's approval, newest first."""
    return tx.page(_AWAITING, page)


def count_awaiting(tx: Tx) -> int:
    """How many wait for the team's approval."""
    return tx.one(_COUNT_AWAITING)


def list_abandoned(tx: Tx, *, before: int, limit: int) -> list[AccountId]:
    """Sign-ups from before a moment whose address was never confirmed."""
    return tx.all(_ABANDONED, before=before, limit=limit)


def count_members(tx: Tx) -> int:
    """How many members there are, without those who wait or are disabled."""
    return tx.one(_COUNT)


def list_users_after(tx: Tx, account_id: int, *, limit: int) -> list[User]:
    """The next members by account, without those who wait or are disabled."""
    return tx.all(_AFTER, after=account_id, limit=limit)


def has_members(tx: Tx) -> bool:
    """Whether anybody is here besides the team."""
    return tx.first(_ANY_MEMBER) is not None


def count_active(tx: Tx, since: int) -> int:
    """How many members were seen since a moment."""
    return tx.one(_COUNT_ACTIVE, since=since)


def find_filters_rev(tx: Tx, account_id: int) -> int:
    """The revision of a member's filters; 0 for who has none."""
    return tx.first(_FILTERS_REV, account_id=account_id) or 0


_WITH_FILTERS = values(
    sa.select(users.c.account_id).where(
        within(users.c.account_id, "ids"), users.c.filters_rev > sa.literal_column("0")
    ),
    AccountId,
)


def list_with_filters(tx: Tx, ids: list[int]) -> set[AccountId]:
    """Those of the members who have, or had, filters."""
    return set(tx.all(_WITH_FILTERS, ids=ids))
