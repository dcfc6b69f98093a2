"""feed_entries: the posts of each home and list feed."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

# `feed_id` is an account's id for its home, a list's id for a list. `origin_id` is what a boost
# boosts, else the post itself. No index by author: it would double what a post costs its followers,
# and a feed is short enough to be gone through when somebody is unfollowed.
feed_entries = table(
    "feed_entries",
    sa.Column("feed_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("origin_id", Id, nullable=False),
    sa.Column("origin_author_id", Id, nullable=False),
    sa.Index("feed_entries_post", "post_id"),
)
