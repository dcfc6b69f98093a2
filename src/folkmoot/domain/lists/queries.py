"""Reads of lists."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.boundaries.model import Row
from folkmoot.domain.lists.model import ListNotFound, MemberList
from folkmoot.domain.lists.tables import list_members, lists
from folkmoot.kit.db import Id, Page, Tx, paged, param, rows, values, within

_OWNED = rows(
    sa.select(lists).where(lists.c.id == param("id"), lists.c.account_id == param("account_id")),
    MemberList,
)
_BY_ID = rows(sa.select(lists).where(lists.c.id == param("id")), MemberList)
_ALL = rows(
    sa.select(lists).where(lists.c.account_id == param("account_id")).order_by(lists.c.id),
    MemberList,
)
_COUNT = values(
    sa.select(sa.func.count()).where(lists.c.account_id == param("account_id", Id)), int
)
_WITH_MEMBER = rows(
    sa.select(lists)
    .select_from(list_members.join(lists, lists.c.id == list_members.c.list_id))
    .where(
        list_members.c.owner_id == param("owner_id", Id),
        list_members.c.account_id == param("member_id", Id),
    )
    .order_by(lists.c.id),
    MemberList,
)
_MEMBERS = paged(
    sa.select(list_members.c.id, list_members.c.account_id).where(
        list_members.c.list_id == param("list_id", Id),
        sa.exists(
            sa.select(sa.literal_column("1")).where(
                accounts.c.id == list_members.c.account_id, accounts.c.suspended_at.is_(None)
            )
        ),
    ),
    list_members.c.id,
    Row,
)
_MEMBER_IDS = values(
    sa.select(list_members.c.account_id).where(list_members.c.list_id == param("list_id")),
    AccountId,
)
_IN_EXCLUSIVE = values(
    sa.select(list_members.c.account_id)
    .select_from(list_members.join(lists, lists.c.id == list_members.c.list_id))
    .where(
        list_members.c.owner_id == param("owner_id", Id),
        within(list_members.c.account_id, "ids"),
        lists.c.exclusive == sa.true(),
    ),
    AccountId,
)


def get_list(tx: Tx, list_id: int, *, owner_id: int) -> MemberList:
    """A list of its owner's; ListNotFound for everyone else."""
    found = tx.first(_OWNED, id=list_id, account_id=owner_id)
    if found is None:
        raise ListNotFound
    return found


def find_list(tx: Tx, list_id: int) -> MemberList | None:
    """A list, whoever owns it."""
    return tx.first(_BY_ID, id=list_id)


def list_lists(tx: Tx, owner_id: int) -> list[MemberList]:
    """All lists of an account, oldest first."""
    return tx.all(_ALL, account_id=owner_id)


def count_lists(tx: Tx, owner_id: int) -> int:
    """How many lists an account has."""
    return tx.one(_COUNT, account_id=owner_id)


def list_lists_with(tx: Tx, owner_id: int, member_id: int) -> list[MemberList]:
    """The lists of an account on which another is."""
    return tx.all(_WITH_MEMBER, owner_id=owner_id, member_id=member_id)


def list_members_of(tx: Tx, list_id: int, page: Page) -> list[Row]:
    """Who is on a list, newest first."""
    return tx.page(_MEMBERS, page, list_id=list_id)


def list_member_ids(tx: Tx, list_id: int) -> list[AccountId]:
    """Everyone on a list."""
    return tx.all(_MEMBER_IDS, list_id=list_id)


def list_exclusive_ids(tx: Tx, owner_id: int, ids: list[AccountId]) -> list[AccountId]:
    """Those of the accounts that are on an exclusive list of the owner's."""
    return tx.all(_IN_EXCLUSIVE, owner_id=owner_id, ids=ids)
