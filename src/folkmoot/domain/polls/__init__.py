"""Polls and their votes. A poll hangs on a post, which is all it knows of it: an id.

Who may see the post may vote; that is decided above, in interactions.
"""
