"""Writes of users."""

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import User
from folkmoot.domain.auth.tables import users
from folkmoot.kit.db import Tx, insert_all

_INSERT = insert_all(users)


def create_user(
    tx: Tx,
    account_id: AccountId,
    *,
    email: str,
    password: str,
    role: str = "member",
    locale: str = "en",
) -> User:
    """The private half of a new local account, confirmed and approved."""
    user = User(
        account_id=account_id,
        email=email,
        email_key=email.lower(),
        password_hash="",
        role=role,
        locale=locale,
        created_at=tx.now,
        confirmed_at=tx.now,
        approved_at=tx.now,
        disabled_at=None,
        reason="",
        default_visibility=0,
        default_sensitive=False,
        default_language="",
        default_quote_policy="public",
        expand_media="default",
        expand_spoilers=False,
        last_active_at=None,
    )
    tx.insert(_INSERT, user)
    return user
