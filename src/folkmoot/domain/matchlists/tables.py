"""match_lists, their entries, what is allowed in spite of them, and each change of them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

match_lists = table(
    "match_lists",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

match_entries = table(
    "match_entries",
    sa.Column("list_id", Id, primary_key=True),
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("change_id", Id, nullable=False),
    sa.Index("match_entries_entry", "entry"),
)

match_allowed = table(
    "match_allowed",
    sa.Column("list_id", Id, primary_key=True),
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("change_id", Id, nullable=False),
)

match_changes = table(
    "match_changes",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("list_id", Id, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("removed", sa.Integer, nullable=False),
    sa.Column("by_id", Id),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("undone_at", Moment),
    sa.Index("match_changes_list", "list_id", "id"),
    sa.Index("match_changes_by", "by_id"),
)

# What an import added and took away, so that it can be undone and looked through.
match_differences = table(
    "match_differences",
    sa.Column("change_id", Id, primary_key=True),
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("added", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("before_id", Id, nullable=False),
)
