"""totp_secrets, recovery_codes, passkeys, passkey_users, challenges."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# The secret is sealed (kit/crypto): a copy of the database alone makes no codes. `last_step` is
# the newest time step whose code was used, since a code works once (RFC 6238, 5.2).
totp_secrets = table(
    "totp_secrets",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = table(
    "recovery_codes",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("hash", sa.Text, primary_key=True),
)

passkeys = table(
    "passkeys",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("credential_id", sa.Text, nullable=False, unique=True),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
    sa.Index("passkeys_account", "account_id"),
)

# Under which random name authenticators know a member (WebAuthn, 14.6.1: no personal data).
passkey_users = table(
    "passkey_users",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("handle", sa.Text, nullable=False),
)

challenges = table(
    "challenges",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("challenge", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("challenges_account", "account_id"),
    sa.Index("challenges_expiry", "expires_at"),
)
