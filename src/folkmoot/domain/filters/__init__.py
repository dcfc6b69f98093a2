"""Filters: words and posts that a member would rather not meet, where, and what to do then."""
