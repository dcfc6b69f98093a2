"""feed_places, feed_entries, fresh_posts: which posts are in which home and list feeds."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

# `feed_id` is an account's id for its home, a list's id for a list.

# Every place, by post: what a post gets when it is published lies side by side, so that a hundred
# feeds cost a page or two of the journal.
feed_places = table(
    "feed_places",
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("feed_id", Id, primary_key=True),
)

# The same by feed, which is how they are read; the places of many posts are put in together, a
# moment after. `origin_id` is what a boost boosts, else the post itself. No index by author: it
# would double what a post costs its followers, and a feed is short enough to be gone through when
# somebody is unfollowed.
feed_entries = table(
    "feed_entries",
    sa.Column("feed_id", Id, primary_key=True),
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("origin_id", Id, nullable=False),
    sa.Column("origin_author_id", Id, nullable=False),
)

# Posts that have places which are not among the entries yet; one with very many gets them in
# batches, and is marked for each.
fresh_posts = table(
    "fresh_posts",
    sa.Column("post_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("origin_id", Id, nullable=False),
    sa.Column("origin_author_id", Id, nullable=False),
    sa.Index("fresh_posts_origin", "origin_id"),
)
