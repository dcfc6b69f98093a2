"""Reads of applications, consent and tokens."""

import hashlib
import hmac

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import (
    AccountDisabled,
    AccountNotApproved,
    AccountNotConfirmed,
    AccountSuspended,
    Role,
    role_in_effect,
)
from folkmoot.domain.auth.tables import users
from folkmoot.domain.oauth.model import (
    AppId,
    Application,
    AppNotFound,
    Bearer,
    ClientInvalid,
    covered,
)
from folkmoot.domain.oauth.tables import applications, tokens
from folkmoot.kit.db import Tx, param, rows, values, within


class _Row(msgspec.Struct):
    token_id: int
    app_id: int
    account_id: AccountId | None
    scopes: str
    role: str | None
    second_factor_at: int | None
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    suspended_at: int | None


class Authorisation(msgspec.Struct, frozen=True):
    """An application that a member let in: since when, when it last came, and what it may do."""

    app_id: AppId
    name: str
    website: str
    granted_at: int
    last_used_at: int | None
    scopes: str


_BEARER = rows(
    sa.select(
        tokens.c.id,
        tokens.c.app_id,
        tokens.c.account_id,
        tokens.c.scopes,
        users.c.role,
        users.c.second_factor_at,
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
_APP_BY_ID = rows(sa.select(applications).where(applications.c.id == param("id")), Application)
_APP_BY_CLIENT_ID = rows(
    sa.select(applications).where(applications.c.client_id == param("client_id")), Application
)
_AUTHORISATIONS = rows(
    sa.select(
        applications.c.id,
        applications.c.name,
        applications.c.website,
        tokens.c.created_at,
        tokens.c.last_used_at,
        tokens.c.scopes,
    )
    .select_from(tokens.join(applications, applications.c.id == tokens.c.app_id))
    .where(tokens.c.account_id == param("account_id"))
    .order_by(tokens.c.id.desc()),
    Authorisation,
)
_SCOPES = values(
    sa.select(tokens.c.scopes).where(
        tokens.c.account_id == param("account_id"), tokens.c.app_id == param("app_id")
    ),
    str,
)


def hash_token(token: str) -> str:
    """How a token, code or client secret is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_bearer(tx: Tx, token_hash: str, *, pending: bool = False) -> Bearer | None:
    """Who a token speaks for, or None when it is unknown or revoked.

    A member whose e-mail is unconfirmed, who waits for approval, is disabled or suspended is
    refused by an AccountNotConfirmed, AccountNotApproved, AccountDisabled or AccountSuspended; with
    `pending` the first two pass.
    """
    row = tx.first(_BEARER, hash=token_hash)
    if row is None:
        return None
    scopes = _scopes(row.scopes)
    if row.account_id is None:
        return Bearer(row.token_id, row.app_id, scopes, AccountId(0))
    if row.disabled_at is not None:
        raise AccountDisabled
    if row.suspended_at is not None:
        raise AccountSuspended(url=f"{tx.settings.server.base_url}/auth/sign-in")
    if row.confirmed_at is None and not pending:
        raise AccountNotConfirmed
    if row.approved_at is None and not pending:
        raise AccountNotApproved
    role = Role(row.role or "member")
    if role is not Role.MEMBER:
        role = role_in_effect(role, row.second_factor_at)
    return Bearer(row.token_id, row.app_id, scopes, row.account_id, role)


_seen: dict[str, frozenset[str]] = {}


def _scopes(text: str) -> frozenset[str]:
    """The set behind a scope string; there are few different ones, so they are kept."""
    found = _seen.get(text)
    if found is None:
        if len(_seen) > 1_000:
            _seen.clear()
        found = _seen[text] = covered(text)
    return found


def get_app(tx: Tx, app_id: int) -> Application:
    """The application of an id; AppNotFound when there is none."""
    found = tx.first(_APP_BY_ID, id=app_id)
    if found is None:
        raise AppNotFound
    return found


def find_app(tx: Tx, client_id: str) -> Application | None:
    """The application that registered under a client id."""
    return tx.first(_APP_BY_CLIENT_ID, client_id=client_id)


def authenticate_app(tx: Tx, client_id: str, client_secret: str) -> Application:
    """The application that knows its secret; ClientInvalid otherwise (RFC 6749, 2.3)."""
    found = find_app(tx, client_id)
    if found is None or not hmac.compare_digest(
        found.client_secret_hash, hash_token(client_secret)
    ):
        raise ClientInvalid
    return found


def has_consented(tx: Tx, account_id: AccountId, app_id: AppId, scopes: list[str]) -> bool:
    """Whether one living token of the application already has all these scopes of the member."""
    wanted = frozenset(scopes)
    held = tx.all(_SCOPES, account_id=account_id, app_id=app_id)
    return any(wanted <= frozenset(text.split()) for text in held)


def list_authorisations(tx: Tx, account_id: AccountId) -> list[Authorisation]:
    """The applications a member let in, the newest first, each once with all its tokens' scopes."""
    merged: dict[AppId, Authorisation] = {}
    for one in tx.all(_AUTHORISATIONS, account_id=account_id):
        known = merged.get(one.app_id)
        merged[one.app_id] = one if known is None else _merge(known, one)
    return list(merged.values())


def _merge(newer: Authorisation, older: Authorisation) -> Authorisation:
    used = [at for at in (newer.last_used_at, older.last_used_at) if at is not None]
    return msgspec.structs.replace(
        newer,
        granted_at=min(newer.granted_at, older.granted_at),
        last_used_at=max(used, default=None),
        scopes=" ".join(dict.fromkeys((newer.scopes + " " + older.scopes).split())),
    )


class ApplicationName(msgspec.Struct):
    """What an application calls itself."""

    id: AppId
    name: str
    website: str


_NAMES = rows(
    sa.select(applications.c.id, applications.c.name, applications.c.website).where(
        within(applications.c.id, "ids")
    ),
    ApplicationName,
)


def list_application_names(tx: Tx, ids: list[int]) -> dict[int, ApplicationName]:
    """The names of those of the applications that still exist."""
    return {app.id: app for app in tx.all(_NAMES, ids=ids)} if ids else {}
