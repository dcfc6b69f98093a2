"""exports, and the parts of archives."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# An archive is packed in stages; `after_id` is how far the stage has come.
exports = table(
    "exports",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # waiting, running, done, failed, gone
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("after_id", Id, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("bytes", Id, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("expires_at", Moment),
    sa.Index("exports_account", "account_id", "id"),
    sa.Index("exports_expiry", "expires_at"),
)

export_parts = table(
    "export_parts",
    sa.Column("export_id", Id, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("size", Id, nullable=False),
    sa.Column("entries", sa.Text, nullable=False),
    sa.Index("export_parts_key", "key"),
)
