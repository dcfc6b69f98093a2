"""polls and votes."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

# `options` and `tallies` are JSON lists of one length: a poll is read whole, and counted under
# a lock on its row.
polls = table(
    "polls",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("post_id", Id, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("tallies", sa.Text, nullable=False),
    sa.Column("voters_count", sa.Integer, nullable=False),
    sa.Column("multiple", sa.Boolean, nullable=False),
    sa.Column("hide_totals", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Index("polls_post", "post_id"),
)

# One row for each voter; `choices` is a JSON list of positions in the order they were chosen.
poll_votes = table(
    "poll_votes",
    sa.Column("poll_id", Id, primary_key=True),
    sa.Column("account_id", Id, primary_key=True),
    sa.Column("choices", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("poll_votes_account", "account_id"),
)
