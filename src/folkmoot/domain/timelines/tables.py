"""markers: how far somebody has read."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

markers = table(
    "markers",
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("timeline", sa.Text, primary_key=True),  # home, notifications
    sa.Column("last_read_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)
