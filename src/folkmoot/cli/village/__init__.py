"""The demo village: a dozen people, what they say to each other, and how it gets into a database.

The same people stand in the tests.
"""
