"""cards and the posts that link to them."""

import sqlalchemy as sa

from folkmoot.kit.db import Id, Moment, table

cards = table(
    "cards",
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # the link, normalised
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # pending, ready, none
    sa.Column("kind", sa.Text, nullable=False),  # link, photo, video
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("author_url", sa.Text, nullable=False),
    sa.Column("author_account_id", Id),
    sa.Column("provider_name", sa.Text, nullable=False),
    sa.Column("provider_url", sa.Text, nullable=False),
    sa.Column("embed_url", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("image", sa.Text, nullable=False),  # storage key
    sa.Column("image_description", sa.Text, nullable=False),
    sa.Column("blurhash", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("published_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("fetched_at", Moment),
    sa.Column("target", sa.Text, nullable=False),  # where it led to another domain; else empty
    sa.Index("cards_author", "author_account_id"),
)

card_links = table(
    "card_links",
    sa.Column("post_id", Id, primary_key=True, autoincrement=False),
    sa.Column("card_id", Id, nullable=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Index("card_links_card", "card_id", "post_id"),
)
