"""invitations."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

invitations = table(
    "invitations",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("max_uses", sa.Integer, nullable=False),
    sa.Column("uses", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("invitations_account", "account_id", "id"),
)
