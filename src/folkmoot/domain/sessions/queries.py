"""Reads of sessions and sign-ins."""

import hashlib

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.model import Role, role_in_effect
from folkmoot.domain.auth.queries import find_user_by_login
from folkmoot.domain.auth.tables import users
from folkmoot.domain.sessions.model import (
    FRESH_FOR,
    GUARD_TRIES,
    GUARD_WINDOW,
    Login,
    Session,
    SessionId,
    SignIn,
    SignInStale,
    Step,
    TooManySignIns,
    Viewer,
)
from folkmoot.domain.sessions.tables import sessions, sign_ins
from folkmoot.kit.db import Moment, Page, Tx, paged, param, rows, values


class _Row(msgspec.Struct):
    session_id: SessionId
    account_id: AccountId
    role: str
    second_factor_at: int | None


_SIGNED_IN = (
    sa.select(sessions.c.id, sessions.c.account_id, users.c.role, users.c.second_factor_at)
    .select_from(
        sessions.join(users, users.c.account_id == sessions.c.account_id).join(
            accounts, accounts.c.id == sessions.c.account_id
        )
    )
    .where(
        sessions.c.hash == param("hash"),
        sessions.c.expires_at > param("now", Moment),
        sessions.c.admitted_at.is_not(None),
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        users.c.disabled_at.is_(None),
    )
)
_VIEWER = rows(_SIGNED_IN.where(accounts.c.suspended_at.is_(None)), _Row)
_SUSPENDED = rows(_SIGNED_IN.where(accounts.c.suspended_at.is_not(None)), _Row)
_STEP = rows(
    sa.select(sessions.c.id, sessions.c.account_id, sessions.c.tries).where(
        sessions.c.hash == param("hash"),
        sessions.c.expires_at > param("now", Moment),
        sessions.c.admitted_at.is_(None),
    ),
    Step,
)
_FRESH = values(
    sa.select(sessions.c.id).where(
        sessions.c.id == param("session_id"), sessions.c.admitted_at > param("since", Moment)
    ),
    int,
)
_SESSIONS = rows(
    sa.select(
        sessions.c.id,
        sessions.c.address,
        sessions.c.user_agent,
        sessions.c.method,
        sessions.c.created_at,
        sessions.c.last_used_at,
        sessions.c.expires_at,
    )
    .where(
        sessions.c.account_id == param("account_id"),
        sessions.c.expires_at > param("now", Moment),
        sessions.c.admitted_at.is_not(None),
    )
    .order_by(sessions.c.last_used_at.desc()),
    Session,
)
_SIGN_INS = paged(
    sa.select(sign_ins).where(sign_ins.c.account_id == param("account_id")), sign_ins.c.id, SignIn
)
_FAILURES = values(
    sa.select(sa.func.count()).where(
        sign_ins.c.account_id == param("account_id"),
        sign_ins.c.created_at > param("since", Moment),
        sign_ins.c.succeeded == sa.false(),
    ),
    int,
)
_KNOWN = values(
    sa.select(sign_ins.c.id)
    .where(
        sign_ins.c.account_id == param("account_id"),
        sign_ins.c.address == param("address"),
        sign_ins.c.succeeded == sa.true(),
    )
    .limit(sa.literal_column("1")),
    int,
)
_ANY = values(
    sa.select(sign_ins.c.id)
    .where(sign_ins.c.account_id == param("account_id"), sign_ins.c.succeeded == sa.true())
    .limit(sa.literal_column("1")),
    int,
)


def hash_session(token: str) -> str:
    """How a session's cookie is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_login(tx: Tx, login: str, address: str) -> Login:
    """Whom somebody means who signs in by an e-mail address or user name.

    TooManySignIns when the account was tried too often since its password was set. An address
    from which it was signed in to before is let through, so that nobody can lock a member out.
    """
    user = find_user_by_login(tx, login)
    if user is not None:
        since = max(tx.now - GUARD_WINDOW, user.password_set_at)
        failed = tx.one(_FAILURES, account_id=user.account_id, since=since)
        if failed >= GUARD_TRIES and not is_known_address(tx, user.account_id, address):
            raise TooManySignIns
    return Login(user)


def is_known_address(tx: Tx, account_id: AccountId, address: str) -> bool:
    """Whether a member signed in from an address before, as far as the record goes back."""
    return tx.first(_KNOWN, account_id=account_id, address=address) is not None


def has_signed_in(tx: Tx, account_id: AccountId) -> bool:
    """Whether the record holds any sign-in of a member."""
    return tx.first(_ANY, account_id=account_id) is not None


def find_viewer(tx: Tx, token: str) -> Viewer | None:
    """Who looks, by a session's cookie; None when it is not, or no longer, signed in."""
    row = tx.first(_VIEWER, hash=hash_session(token), now=tx.now)
    if row is None:
        return None
    role = Role(row.role)
    effective = role_in_effect(role, row.second_factor_at)
    return Viewer(row.session_id, row.account_id, effective, effective is not role)


def find_suspended(tx: Tx, token: str) -> Viewer | None:
    """Who has signed in, by a session's cookie, to an account that is suspended or hidden. Whatever
    role they held is without effect.
    """
    row = tx.first(_SUSPENDED, hash=hash_session(token), now=tx.now)
    if row is None:
        return None
    return Viewer(row.session_id, row.account_id, Role.MEMBER, factor_missing=False)


def find_step(tx: Tx, token: str) -> Step | None:
    """The sign-in that waits for its second step."""
    return tx.first(_STEP, hash=hash_session(token), now=tx.now)


def is_fresh(tx: Tx, session_id: int) -> bool:
    """Whether a session's member signed in so lately that they need not show who they are."""
    since = tx.now - FRESH_FOR
    return tx.first(_FRESH, session_id=session_id, since=since) is not None


def check_fresh(tx: Tx, session_id: int) -> None:
    """SignInStale unless the session is fresh: a browser left open opens no other doors."""
    if not is_fresh(tx, session_id):
        raise SignInStale


def list_sessions(tx: Tx, account_id: AccountId) -> list[Session]:
    """The browsers in which a member is signed in, the one used last first."""
    return tx.all(_SESSIONS, account_id=account_id, now=tx.now)


def list_sign_ins(tx: Tx, account_id: AccountId, page: Page) -> list[SignIn]:
    """The record of sign-ins and failed tries, newest first."""
    return tx.page(_SIGN_INS, page, account_id=account_id)
