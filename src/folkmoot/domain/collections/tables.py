"""collections and the accounts in them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

collections = table(
    "collections",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("tag_id", Id),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("discoverable", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index("collections_account", "account_id", "id"),
)

collection_items = table(
    "collection_items",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("collection_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("collection_id", "account_id", name="collection_items_once"),
    sa.Index("collection_items_account", "account_id", "collection_id"),
)
