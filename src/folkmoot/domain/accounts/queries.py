"""Reads of accounts."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import Account, AccountId, AccountNotFound
from folkmoot.domain.accounts.tables import accounts
from folkmoot.kit.db import Tx, param, rows, within

_BY_ID = rows(sa.select(accounts).where(accounts.c.id == param("id")), Account)
_BY_IDS = rows(sa.select(accounts).where(within(accounts.c.id, "ids")), Account)
_BY_NAME = rows(
    sa.select(accounts).where(
        accounts.c.username_key == param("username_key"), accounts.c.domain == param("domain")
    ),
    Account,
)
_BY_NAMES = rows(
    sa.select(accounts).where(
        within(accounts.c.username_key, "username_keys"), accounts.c.domain == param("domain")
    ),
    Account,
)


def get_account(tx: Tx, account_id: int) -> Account:
    """The account of an id; AccountNotFound when there is none."""
    found = tx.first(_BY_ID, id=account_id)
    if found is None:
        raise AccountNotFound
    return found


def find_account_by_name(tx: Tx, username: str, domain: str = "") -> Account | None:
    """The account of a name, in any letter case; local unless a domain is given."""
    return tx.first(_BY_NAME, username_key=username.lower(), domain=domain.lower())


def list_accounts(tx: Tx, ids: list[AccountId]) -> dict[AccountId, Account]:
    """The accounts that exist among these ids."""
    return {a.id: a for a in tx.all(_BY_IDS, ids=ids)} if ids else {}


def list_accounts_by_name(tx: Tx, usernames: list[str], domain: str = "") -> list[Account]:
    """The accounts of one domain that bear one of these names."""
    if not usernames:
        return []
    keys = sorted({name.lower() for name in usernames})
    return tx.all(_BY_NAMES, username_keys=keys, domain=domain)
