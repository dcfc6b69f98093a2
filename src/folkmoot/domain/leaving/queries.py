"""Reads of deletions."""

import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.accounts.tables import accounts
from folkmoot.domain.auth.tables import users
from folkmoot.domain.leaving.model import Deletion, Leaver
from folkmoot.domain.leaving.tables import deletions
from folkmoot.domain.sessions.queries import hash_session
from folkmoot.domain.sessions.tables import sessions
from folkmoot.kit.db import Moment, Tx, param, rows, values

_DELETION = rows(
    sa.select(deletions).where(deletions.c.account_id == param("account_id")), Deletion
)
_OVERDUE = values(
    sa.select(deletions.c.account_id)
    .where(deletions.c.due_at < param("before", Moment))
    .order_by(deletions.c.due_at)
    .limit(sa.literal_column("100")),
    AccountId,
)
_LEAVER = rows(
    sa.select(deletions.c.account_id, accounts.c.username, deletions.c.due_at)
    .select_from(
        sessions.join(deletions, deletions.c.account_id == sessions.c.account_id)
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .join(users, users.c.account_id == sessions.c.account_id)
    )
    .where(
        sessions.c.hash == param("hash"),
        sessions.c.expires_at > param("now", Moment),
        sessions.c.admitted_at.is_not(None),
        users.c.disabled_at.is_(None),
        deletions.c.begun_at.is_(None),
    ),
    Leaver,
)


def find_deletion(tx: Tx, account_id: int) -> Deletion | None:
    """The deletion of an account, if it was asked for."""
    return tx.first(_DELETION, account_id=account_id)


def find_leaver(tx: Tx, token: str) -> Leaver | None:
    """Who has signed in, by a session's cookie, to an account that can still be kept."""
    return tx.first(_LEAVER, hash=hash_session(token), now=tx.now)


def list_overdue(tx: Tx, *, before: int) -> list[AccountId]:
    """Accounts that should have been deleted since before a moment, the longest overdue first."""
    return tx.all(_OVERDUE, before=before)
