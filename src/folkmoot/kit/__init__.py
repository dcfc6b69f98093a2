"""The toolbox: what would make sense in a program about tomatoes.

Knows nothing of posts or people.
"""
