"""invitations; sign_up_blocks: from what nobody signs up, and what was blocked once."""

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

sign_up_blocks = table(
    "sign_up_blocks",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", Id),
    sa.Column("expires_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", Id),
    sa.CheckConstraint("kind <> 'network' OR expires_at > created_at", name="network_end"),
    sa.Index("sign_up_blocks_kind", "kind", "id"),
    sa.Index("sign_up_blocks_created_by", "created_by"),
    sa.Index("sign_up_blocks_ended_by", "ended_by"),
)
STANDS = sa.text("sign_up_blocks.ended_at IS NULL")
_bare = sa.text("ended_at IS NULL")
sa.Index(
    "sign_up_blocks_what",
    sign_up_blocks.c.kind,
    sign_up_blocks.c.what,
    sqlite_where=_bare,
    postgresql_where=_bare,
    unique=True,
)
