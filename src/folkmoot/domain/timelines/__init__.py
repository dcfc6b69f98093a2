"""Where posts gather: home and list feeds filled as posts appear, public, tag and account pages.

Feeds are derived: they can be rebuilt from posts and follows.
"""
