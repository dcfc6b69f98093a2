"""Writes of applications and tokens."""

import secrets

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.oauth.queries import hash_token
from folkmoot.domain.oauth.tables import tokens
from folkmoot.kit.db import Tx, insert_all
from folkmoot.kit.ids import new_id

_INSERT_TOKEN = insert_all(tokens)


def issue_token(
    tx: Tx, app_id: int, *, account_id: AccountId | None, scopes: str, token: str | None = None
) -> str:
    """A new bearer token for an application, for a member or for itself; shown only once."""
    made = token or secrets.token_urlsafe(32)
    tx.run(
        _INSERT_TOKEN,
        id=new_id(),
        hash=hash_token(made),
        app_id=app_id,
        account_id=account_id,
        scopes=scopes,
        created_at=tx.now,
        last_used_at=None,
    )
    return made
