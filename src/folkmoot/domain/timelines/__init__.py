"""Where posts are read: pages of feeds, of public posts, of tags and of profiles; how far somebody
has read.
"""
