"""The log's entries, the tree over them and its signed states; what opens commitments; the keys;
and what this server knows of its witnesses and of the logs it is a witness of.
"""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

log_entries = table(
    "log_entries",
    sa.Column("position", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("leaf", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("log_entries_kind", "kind", "position"),
    sa.Index("log_entries_time", "recorded_at", "position"),
)

# By which codes an entry is found.
log_terms = table(
    "log_terms",
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("position", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Index("log_terms_kind", "term", "kind", "position"),
)

log_counts = table(
    "log_counts",
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("entries", Id, nullable=False),
)

# What entries say, counted by month: decisions by step, rule, detector and time taken, what of them
# was undone, how appeals were answered.
log_figures = table(
    "log_figures",
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("entries", Id, nullable=False),
)

# How many entries are recorded. Whoever records waits here for
# whoever records at the same time: positions have no gaps.
log_state = table(
    "log_state",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entries", Id, nullable=False),
)

# Nodes above the leaves: at level 1 the roots of full tiles of leaves, and so on.
log_nodes = table(
    "log_nodes",
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", Id, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
)

log_checkpoints = table(
    "log_checkpoints",
    sa.Column("size", Id, primary_key=True, autoincrement=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signed_at", Moment, nullable=False),
)

log_openings = table(
    "log_openings",
    sa.Column("position", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", Id),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("private", sa.Text, nullable=False),
    sa.Index("log_openings_account", "account_id"),
)

# Private keys, sealed; `name` is the name they sign under.
log_keys = table(
    "log_keys",
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
)

# The newest cosignature of each of our witnesses.
log_cosignatures = table(
    "log_cosignatures",
    sa.Column("witness", sa.Text, primary_key=True),
    sa.Column("size", Id, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("cosigned_at", Moment, nullable=False),
)

# The newest checkpoint of each log that we are a witness of, with our cosignature.
witnessed_logs = table(
    "witnessed_logs",
    sa.Column("origin_hash", sa.Text, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("size", Id, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("cosigned_at", Moment, nullable=False),
)
