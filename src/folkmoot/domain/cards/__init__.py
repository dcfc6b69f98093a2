"""Preview cards: what a linked page says of itself, fetched once for all posts that link to it.

A card lives while a post links to it.
"""
