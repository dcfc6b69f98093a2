"""Which posts hold which words, and who finds them. Derived: it can be built anew from the posts.

One finds one's own posts, those one has marked, boosted or been mentioned in, and the public
posts of people who allow it.
"""
