"""Polls of posts and the votes in them."""
