"""The user behind an account: address, password, role and preferences, the letters about them.

How one signs up, in, and by which second factor are the rooms above: registration, sessions,
factors.
"""
