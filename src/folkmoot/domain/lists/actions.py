"""Writes of lists."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.lists import queries
from folkmoot.domain.lists.events import ListDeleted, ListMembersChanged, ListPolicyChanged
from folkmoot.domain.lists.model import (
    AlreadyListed,
    MemberList,
    NotFollowedForList,
    TooManyLists,
    check_policy,
    check_title,
)
from folkmoot.domain.lists.tables import list_members, lists
from folkmoot.domain.relationships.actions import keep_from_home
from folkmoot.domain.relationships.queries import list_followed_among
from folkmoot.kit.db import Tx, command, insert_all, param, within
from folkmoot.kit.ids import new_id

_INSERT = insert_all(lists)
_INSERT_MEMBER = insert_all(list_members, or_ignore=True)
_CHANGE = command(
    sa.update(lists)
    .where(lists.c.id == param("list_id"))
    .values(
        title=param("title"), replies_policy=param("replies_policy"), exclusive=param("exclusive")
    )
)
_DELETE = command(sa.delete(lists).where(lists.c.id == param("list_id")))
_DELETE_MEMBERS = command(
    sa.delete(list_members).where(
        list_members.c.list_id == param("list_id"), within(list_members.c.account_id, "ids")
    )
)
_EMPTY = command(sa.delete(list_members).where(list_members.c.list_id == param("list_id")))
_FORGET_MEMBER = command(
    sa.delete(list_members).where(list_members.c.account_id == param("account_id"))
)


def create_list(
    tx: Tx,
    owner_id: AccountId,
    *,
    title: str,
    replies_policy: str = "list",
    exclusive: bool = False,
) -> MemberList:
    """A new, empty list; ListInvalid or TooManyLists when it cannot be."""
    made = MemberList(
        id=new_id(),
        account_id=owner_id,
        title=check_title(title),
        replies_policy=check_policy(replies_policy),
        exclusive=exclusive,
        created_at=tx.now,
    )
    limit = tx.settings.limits.lists
    if queries.count_lists(tx, owner_id) >= limit:
        raise TooManyLists(limit=limit)
    tx.insert(_INSERT, made)
    return made


def change_list(
    tx: Tx,
    found: MemberList,
    *,
    title: str | None = None,
    replies_policy: str | None = None,
    exclusive: bool | None = None,
) -> MemberList:
    """Changes what is given of a list."""
    changed = msgspec.structs.replace(
        found,
        title=found.title if title is None else check_title(title),
        replies_policy=(
            found.replies_policy if replies_policy is None else check_policy(replies_policy)
        ),
        exclusive=found.exclusive if exclusive is None else exclusive,
    )
    tx.run(
        _CHANGE,
        list_id=found.id,
        title=changed.title,
        replies_policy=changed.replies_policy,
        exclusive=changed.exclusive,
    )
    if changed.exclusive != found.exclusive:
        _settle_home(tx, found.account_id, queries.list_member_ids(tx, found.id))
    if changed.replies_policy != found.replies_policy:
        tx.announce(ListPolicyChanged(changed))
    return changed


def delete_list(tx: Tx, found: MemberList) -> None:
    """Deletes a list."""
    members = queries.list_member_ids(tx, found.id)
    tx.run(_EMPTY, list_id=found.id)
    tx.run(_DELETE, list_id=found.id)
    if found.exclusive:
        _settle_home(tx, found.account_id, members)
    tx.announce(ListDeleted(found))


def add_members(tx: Tx, found: MemberList, ids: list[AccountId]) -> None:
    """Puts accounts on a list. NotFollowedForList unless the owner follows each of them or is
    it; AlreadyListed when one is on the list.
    """
    wanted = list(dict.fromkeys(ids))
    followed = {*list_followed_among(tx, found.account_id, wanted), found.account_id}
    if not followed.issuperset(wanted):
        raise NotFollowedForList
    if not set(queries.list_member_ids(tx, found.id)).isdisjoint(wanted):
        raise AlreadyListed
    tx.many(
        _INSERT_MEMBER,
        [
            {"list_id": found.id, "account_id": i, "id": new_id(), "owner_id": found.account_id}
            for i in wanted
        ],
    )
    if found.exclusive:
        _settle_home(tx, found.account_id, wanted)
    tx.announce(ListMembersChanged(found, added=tuple(wanted)))


def remove_members(tx: Tx, found: MemberList, ids: list[AccountId]) -> None:
    """Takes accounts off a list; those who are not on it do not matter."""
    wanted = list(dict.fromkeys(ids))
    if tx.run(_DELETE_MEMBERS, list_id=found.id, ids=wanted):
        if found.exclusive:
            _settle_home(tx, found.account_id, wanted)
        tx.announce(ListMembersChanged(found, removed=tuple(wanted)))


def forget_account(tx: Tx, account_id: AccountId) -> None:
    """Forgets the lists of an account that goes, and takes it off those of others."""
    for found in queries.list_lists(tx, account_id):
        delete_list(tx, found)
    tx.run(_FORGET_MEMBER, account_id=account_id)


def _settle_home(tx: Tx, owner_id: AccountId, ids: list[AccountId]) -> None:
    """Keeps from home the posts of those who are on an exclusive list, and of nobody else."""
    kept = set(queries.list_exclusive_ids(tx, owner_id, ids))
    keep_from_home(tx, owner_id, [i for i in ids if i in kept], kept=True)
    keep_from_home(tx, owner_id, [i for i in ids if i not in kept], kept=False)
