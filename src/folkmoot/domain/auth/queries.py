"""Reads of users."""

import sqlalchemy as sa

from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import User, UserNotFound
from folkmoot.domain.auth.tables import users
from folkmoot.kit.db import Tx, param, rows

_BY_ID = rows(sa.select(users).where(users.c.account_id == param("account_id")), User)
_BY_EMAIL = rows(sa.select(users).where(users.c.email_key == param("email_key")), User)
_BY_NAME = rows(
    sa.select(users)
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.username_key == param("username_key"), accounts.c.domain == param("domain")),
    User,
)


def get_user(tx: Tx, account_id: int) -> User:
    """The user of a local account; UserNotFound for others."""
    found = tx.first(_BY_ID, account_id=account_id)
    if found is None:
        raise UserNotFound
    return found


def find_user_by_email(tx: Tx, email_key: str) -> User | None:
    """The user of an address, given as its key."""
    return tx.first(_BY_EMAIL, email_key=email_key)


def find_user_by_login(tx: Tx, login: str) -> User | None:
    """The user whom somebody means who types an e-mail address or a user name."""
    login = login.strip().removeprefix("@")
    if "@" in login:
        return tx.first(_BY_EMAIL, email_key=login.casefold())
    return tx.first(_BY_NAME, username_key=login.lower(), domain="")
