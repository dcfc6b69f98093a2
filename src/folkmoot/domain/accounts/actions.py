"""Writes to accounts."""

from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts import queries
from folkmoot.domain.accounts.events import AccountCreated, AccountDeleted
from folkmoot.domain.accounts.model import (
    Account,
    AccountId,
    UsernameTaken,
    check_username,
)
from folkmoot.domain.accounts.tables import account_terms, accounts
from folkmoot.kit.db import Moment, Tx, command, insert_all, param, within
from folkmoot.kit.ids import new_id
from folkmoot.kit.text.terms import list_terms

_INSERT = insert_all(accounts)
_SHOW = command(
    sa.update(accounts).where(accounts.c.id == param("account_id")).values(pending=sa.false())
)
_INSERT_TERM = insert_all(account_terms, or_ignore=True)
_FORGET_TERMS = command(
    sa.delete(account_terms).where(account_terms.c.account_id == param("account_id"))
)
_TOUCH_MOVED = command(
    sa.update(accounts)
    .where(accounts.c.moved_to_id == param("account_id"))
    .values(rev=accounts.c.rev + sa.literal_column("1"))
)
_COUNT_POST = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        posts_count=accounts.c.posts_count + param("by", sa.Integer()),
        last_post_at=sa.func.coalesce(param("at", Moment), accounts.c.last_post_at),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_COUNT_FOLLOWERS = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        followers_count=accounts.c.followers_count + param("by", sa.Integer()),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_UNCOUNT_FOLLOWERS = command(
    sa.update(accounts)
    .where(within(accounts.c.id, "ids"))
    .values(
        followers_count=accounts.c.followers_count - sa.literal_column("1"),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_UNCOUNT_FOLLOWING = command(
    sa.update(accounts)
    .where(within(accounts.c.id, "ids"))
    .values(
        following_count=accounts.c.following_count - sa.literal_column("1"),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)
_REMOVE = command(sa.delete(accounts).where(accounts.c.id == param("account_id")))
_COUNT_FOLLOWING = command(
    sa.update(accounts)
    .where(accounts.c.id == param("account_id"))
    .values(
        following_count=accounts.c.following_count + param("by", sa.Integer()),
        rev=accounts.c.rev + sa.literal_column("1"),
    )
)


def create_account(
    tx: Tx,
    username: str,
    *,
    base_url: str,
    display_name: str = "",
    bot: bool = False,
    pending: bool = False,
) -> Account:
    """A new local account; UsernameInvalid or UsernameTaken when the name will not do.

    Nobody sees a pending one until `show_account`.
    """
    check_username(username)
    if queries.find_account_by_name(tx, username):
        raise UsernameTaken(field="username")
    account_id = AccountId(new_id())
    account = Account(
        id=account_id,
        username=username,
        username_key=username.lower(),
        domain="",
        display_name=display_name,
        note="",
        note_html="",
        fields="[]",
        avatar="",
        avatar_static="",
        avatar_description="",
        header="",
        header_static="",
        header_description="",
        bot=bot,
        group=False,
        locked=False,
        discoverable=False,
        indexable=False,
        hide_collections=False,
        memorial=False,
        show_media=True,
        show_media_replies=True,
        show_featured=True,
        attribution_domains="[]",
        aliases="[]",
        url=f"{base_url}/@{username}",
        uri=f"{base_url}/users/{username}",
        created_at=tx.now,
        rev=1,
        posts_count=0,
        followers_count=0,
        following_count=0,
        last_post_at=None,
        limited_at=None,
        suspended_at=None,
        moved_to_id=None,
        pending=pending,
    )
    tx.insert(_INSERT, account)
    _index_names(tx, account)
    tx.announce(AccountCreated(account_id))
    return account


def show_account(tx: Tx, account_id: AccountId) -> None:
    """Lets others see an account that was pending."""
    tx.run(_SHOW, account_id=account_id)


def _index_names(tx: Tx, account: Account) -> None:
    terms = {*list_terms(account.username), *list_terms(account.display_name)}
    tx.run(_FORGET_TERMS, account_id=account.id)
    tx.many(_INSERT_TERM, [{"term": term, "account_id": account.id} for term in sorted(terms)])


def save_profile(tx: Tx, account: Account, **changes: object) -> Account:
    """Writes changed columns of a profile and raises its revision; returns the new account."""
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(changes)}
    statement = command(
        sa.update(accounts)
        .where(accounts.c.id == param("account_id"))
        .values(**columns, rev=accounts.c.rev + sa.literal_column("1"))
    )
    tx.run(
        statement,
        account_id=account.id,
        **{f"new_{name}": value for name, value in changes.items()},
    )
    tx.run(_TOUCH_MOVED, account_id=account.id)  # they show the account they moved to
    changed = msgspec.structs.replace(account, **changes, rev=account.rev + 1)
    if "display_name" in changes:
        _index_names(tx, changed)
    return changed


def remove_account(tx: Tx, account_id: AccountId) -> None:
    """Removes an account for good: first each room forgets what it holds of it, then it goes."""
    tx.announce(AccountDeleted(account_id))
    tx.run(_FORGET_TERMS, account_id=account_id)
    tx.run(_REMOVE, account_id=account_id)


def count_post(tx: Tx, account_id: AccountId, *, by: int, at: int | None = None) -> None:
    """Counts a post in or out; `at` is when it appeared."""
    tx.run(_COUNT_POST, account_id=account_id, by=by, at=at)


def count_follow(tx: Tx, follower_id: AccountId, followed_id: AccountId, *, by: int) -> None:
    """Counts a follow in or out on both sides."""
    tx.run(_COUNT_FOLLOWING, account_id=follower_id, by=by)
    tx.run(_COUNT_FOLLOWERS, account_id=followed_id, by=by)


def uncount_follows(tx: Tx, *, followers: list[AccountId], followed: list[AccountId]) -> None:
    """Counts out the follows of an account that goes, at their other ends."""
    tx.run(_UNCOUNT_FOLLOWING, ids=followers)
    tx.run(_UNCOUNT_FOLLOWERS, ids=followed)
