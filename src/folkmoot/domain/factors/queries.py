"""Reads of second factors."""

import msgspec
import sqlalchemy as sa

from folkmoot.domain.accounts.model import AccountId
from folkmoot.domain.factors.model import Factors, Passkey
from folkmoot.domain.factors.tables import passkeys, recovery_codes, totp_secrets
from folkmoot.kit.db import Tx, param, rows, values


class TotpSecret(msgspec.Struct):
    """A row of totp_secrets."""

    account_id: AccountId
    sealed: str
    created_at: int
    confirmed_at: int | None
    last_step: int


_TOTP = rows(
    sa.select(totp_secrets).where(totp_secrets.c.account_id == param("account_id")), TotpSecret
)
_PASSKEYS = rows(
    sa.select(passkeys)
    .where(passkeys.c.account_id == param("account_id"))
    .order_by(passkeys.c.id.desc()),
    Passkey,
)
_BY_CREDENTIAL = rows(
    sa.select(passkeys).where(passkeys.c.credential_id == param("credential_id")), Passkey
)
_RECOVERY_LEFT = values(
    sa.select(sa.func.count()).where(recovery_codes.c.account_id == param("account_id")), int
)


def find_totp(tx: Tx, account_id: AccountId) -> TotpSecret | None:
    """An authenticator app's secret, confirmed or only begun."""
    return tx.first(_TOTP, account_id=account_id)


def find_passkey(tx: Tx, credential_id: str) -> Passkey | None:
    """The passkey of a credential."""
    return tx.first(_BY_CREDENTIAL, credential_id=credential_id)


def list_passkeys(tx: Tx, account_id: AccountId) -> list[Passkey]:
    """A member's passkeys, the newest first."""
    return tx.all(_PASSKEYS, account_id=account_id)


def get_factors(tx: Tx, account_id: AccountId) -> Factors:
    """What a member has enrolled."""
    totp = find_totp(tx, account_id)
    return Factors(
        totp=totp is not None and totp.confirmed_at is not None,
        passkeys=list_passkeys(tx, account_id),
        recovery_left=tx.one(_RECOVERY_LEFT, account_id=account_id),
    )
