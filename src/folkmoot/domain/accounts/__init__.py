"""Who exists: accounts and their public profiles, local and remote. Knows no password and no post.

Every change raises the account's `rev`, which is how built presentations know they are stale.
"""
