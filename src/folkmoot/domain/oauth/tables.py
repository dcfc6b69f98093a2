"""applications, codes, tokens."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

applications = table(
    "applications",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("client_id", sa.Text, nullable=False, unique=True),
    sa.Column("client_secret_hash", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("website", sa.Text, nullable=False),
    sa.Column("redirect_uris", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

# A code stays until it expires, so that a second use is known for one (RFC 6749, 4.1.2).
codes = table(
    "oauth_codes",
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("app_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("redirect_uri", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("challenge", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("token_id", Id),
    sa.Index("oauth_codes_account", "account_id"),
    sa.Index("oauth_codes_expiry", "expires_at"),
)

# A token is kept as its SHA-256, so that a copy of the database opens no account.
tokens = table(
    "tokens",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("app_id", Id, nullable=False),
    sa.Column("account_id", Id),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
    sa.Index("tokens_account", "account_id"),
    sa.Index("tokens_app", "app_id"),
)
