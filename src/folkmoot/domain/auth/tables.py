"""users: the private half of a local account."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

users = table(
    "users",
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("approved_at", Moment),
    sa.Column("disabled_at", Moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("default_visibility", sa.SmallInteger, nullable=False),
    sa.Column("default_sensitive", sa.Boolean, nullable=False),
    sa.Column("default_language", sa.Text, nullable=False),
    sa.Column("default_quote_policy", sa.Text, nullable=False),
    sa.Column("expand_media", sa.Text, nullable=False),
    sa.Column("expand_spoilers", sa.Boolean, nullable=False),
    sa.Column("last_active_at", Moment),
)
