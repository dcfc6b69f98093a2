"""prints of posts."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, table

# What a post says without its links, mentions, numbers and signs, as a number, for a day.
prints = table(
    "prints",
    sa.Column("post_id", Id, primary_key=True, autoincrement=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("print", sa.BigInteger, nullable=False),
    sa.Index("prints_print", "print", "post_id"),
    sa.Index("prints_author", "author_id"),
)
