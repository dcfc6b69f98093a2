"""Reads of applications and tokens."""

import hashlib

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import (
    AccountDisabled,
    AccountNotApproved,
    AccountNotConfirmed,
    Role,
)
from folkmoot.domain.auth.tables import users
from folkmoot.domain.oauth.model import Bearer
from folkmoot.domain.oauth.tables import tokens
from folkmoot.kit.db import Tx, param, rows


class _Row(msgspec.Struct):
    token_id: int
    app_id: int
    account_id: AccountId | None
    scopes: str
    role: str | None
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    suspended_at: int | None


_BEARER = rows(
    sa.select(
        tokens.c.id,
        tokens.c.app_id,
        tokens.c.account_id,
        tokens.c.scopes,
        users.c.role,
        users.c.confirmed_at,
        users.c.approved_at,
        users.c.disabled_at,
        accounts.c.suspended_at,
    )
    .select_from(
        tokens.outerjoin(users, users.c.account_id == tokens.c.account_id).outerjoin(
            accounts, accounts.c.id == tokens.c.account_id
        )
    )
    .where(tokens.c.hash == param("hash")),
    _Row,
)


def hash_token(token: str) -> str:
    """How a token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_bearer(tx: Tx, token_hash: str) -> Bearer | None:
    """Who a token speaks for, or None when it is unknown or revoked.

    A member whose e-mail is unconfirmed, who waits for approval or is disabled is refused by an
    AccountNotConfirmed, AccountNotApproved or AccountDisabled.
    """
    row = tx.first(_BEARER, hash=token_hash)
    if row is None:
        return None
    scopes = _scopes(row.scopes)
    if row.account_id is None:
        return Bearer(row.token_id, row.app_id, scopes, AccountId(0))
    if row.disabled_at is not None or row.suspended_at is not None:
        raise AccountDisabled
    if row.confirmed_at is None:
        raise AccountNotConfirmed
    if row.approved_at is None:
        raise AccountNotApproved
    return Bearer(row.token_id, row.app_id, scopes, row.account_id, Role(row.role or "member"))


_seen: dict[str, frozenset[str]] = {}


def _scopes(text: str) -> frozenset[str]:
    """The set behind a scope string; there are few different ones, so they are kept."""
    found = _seen.get(text)
    if found is None:
        if len(_seen) > 1_000:
            _seen.clear()
        found = _seen[text] = frozenset(text.split())
    return found
