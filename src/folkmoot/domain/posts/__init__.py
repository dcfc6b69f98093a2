"""Posts, boosts, quotes and edits; mentions; who may see a post (`visible_to`, the one place).

Every change raises the post's `rev`, which is how built presentations know they are stale.
"""
