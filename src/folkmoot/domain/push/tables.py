"""push_subscriptions, and the key the server signs with where the settings give none."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# A token has one subscription. `access_token` is sealed: clients want it in each message, and a
# copy of the database must open no account.
push_subscriptions = table(
    "push_subscriptions",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("token_id", Id, nullable=False, unique=True),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("p256dh", sa.Text, nullable=False),
    sa.Column("auth", sa.Text, nullable=False),
    sa.Column("standard", sa.Boolean, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("alerts", sa.Text, nullable=False),  # kinds of notifications, as " mention poll "
    sa.Column("access_token", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("push_subscriptions_account", "account_id"),
)

push_keys = table(
    "push_keys",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("private_key", sa.Text, nullable=False),
)
