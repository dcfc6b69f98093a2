"""lists, and who is on them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

lists = table(
    "lists",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("replies_policy", sa.Text, nullable=False),  # followed, list, none
    sa.Column("exclusive", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("lists_account", "account_id", "id"),
)

# `owner_id` is the list's account, so that one look-up tells on which of somebody's lists an
# account is.
list_members = table(
    "list_members",
    sa.Column("list_id", Id, primary_key=True),
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("id", Id, nullable=False),
    sa.Column("owner_id", Id, nullable=False),
    sa.Index("list_members_list", "list_id", "id"),
    sa.Index("list_members_account", "account_id", "id"),
    sa.Index("list_members_owner", "owner_id", "account_id"),
)
