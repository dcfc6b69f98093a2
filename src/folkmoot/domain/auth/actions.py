"""Writes of users."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.auth.model import User
from folkmoot.domain.auth.tables import users
from folkmoot.kit.db import Moment, Tx, command, insert_all, param

_INSERT = insert_all(users)
_ACTIVE = command(
    sa.update(users)
    .where(users.c.account_id == param("id"))
    .values(last_active_at=param("at", Moment))
)


def create_user(
    tx: Tx,
    account_id: AccountId,
    *,
    email: str,
    password_hash: str = "",
    role: str = "member",
    locale: str = "en",
) -> User:
    """The private half of a new local account, confirmed and approved.

    Without a password nobody signs in until one is set.
    """
    user = User(
        account_id=account_id,
        email=email,
        email_key=email.casefold(),
        password_hash=password_hash,
        role=role,
        locale=locale,
        created_at=tx.now,
        confirmed_at=tx.now,
        approved_at=tx.now,
        disabled_at=None,
        second_factor_at=None,
        agreed_at=None,
        app_id=None,
        invitation_id=None,
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


def save_user(tx: Tx, user: User, **changes: object) -> User:
    """Writes changed columns of a user, preferences among them; returns the new user."""
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in sorted(changes)}
    statement = command(
        sa.update(users).where(users.c.account_id == param("account_id")).values(**columns)
    )
    tx.run(
        statement,
        account_id=user.account_id,
        **{f"new_{name}": value for name, value in changes.items()},
    )
    return msgspec.structs.replace(user, **changes)


def note_activity(tx: Tx, seen: Mapping[AccountId, int]) -> None:
    """Writes down when members were last active."""
    tx.many(_ACTIVE, [{"id": account_id, "at": at} for account_id, at in seen.items()])
