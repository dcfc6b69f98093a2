"""sessions, sign_ins."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# The cookie's value is kept as its SHA-256. `admitted_at` is empty between the two steps of a
# sign-in: such a session opens nothing but the second step.
sessions = table(
    "sessions",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("user_agent", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("admitted_at", Moment),
    sa.Column("last_used_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("sessions_account", "account_id"),
    sa.Index("sessions_expiry", "expires_at"),
)

sign_ins = table(
    "sign_ins",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("user_agent", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("sign_ins_account", "account_id", "id"),
    sa.Index("sign_ins_time", "created_at"),
)
